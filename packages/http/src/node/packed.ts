/**
 * Answers that are ready, in gzip for all who accept it (RFC 9110, section 8.4.1.3). A page is packed once, aside; what differs from answer to answer stands before it as it is,
 * and only the checksum is put together anew (docs/decisions/0025).
 */

import type { Ready, Spliced } from '@oarlock/protocol'
import { crcAfter, crcShift } from './crc.ts'

/** An answer in gzip, in the pieces it is sent in. */
export interface PackedAnswer {
  /** Bytes, as Latin-1 text: they can leave with the head. */
  readonly before: string
  readonly page: Uint8Array
  /** Bytes, as Latin-1 text. */
  readonly after: string
  /** Bytes altogether. */
  readonly length: number
}

type Zlib = typeof import('node:zlib')

/** Loaded when there is something to pack. */
let zlib: Zlib | undefined

/** A page, packed. */
interface PackedPage {
  readonly crc32: Zlib['crc32']
  /** The last block of a stream (RFC 1951). */
  readonly block: Uint8Array
  readonly crc: number
  readonly shift: number
  readonly length: number
}

/** No name, no time, no system (RFC 1952, section 2.3). */
const HEADER = '\x1f\x8b\b\0\0\0\0\0\0\xff'
/** The most that a block which is not packed can hold (RFC 1951, section 3.2.4). */
const MOST_STORED = 0xffff

/** Pages by what they hold; `asked` once they were asked for a first time. */
const pages = new WeakMap<Ready, PackedPage | 'asked' | 'begun'>()

/**
 * An answer in gzip, where its page is packed already. Whoever comes before that gets it as it is and waits for nobody. Packing begins when a page is asked for a second time: some are
 * made for one answer only.
 */
export function packed({ before, ready }: Spliced): PackedAnswer | undefined {
  const page = pages.get(ready)
  if (page === undefined) pages.set(ready, 'asked')
  else if (page === 'asked') pack(ready)
  else if (page !== 'begun' && before.length <= MOST_STORED && isAscii(before)) return joined(before, page)
  return undefined
}

function joined(before: string, page: PackedPage): PackedAnswer {
  const size = before.length
  const crc = crcAfter(page.crc32(before), page.shift, page.crc)
  const stored = `${HEADER}\0${word(size)}${word(~size)}${before}`
  const after = `${word(crc)}${word(crc >>> 16)}${word(size + page.length)}${word((size + page.length) >>> 16)}`
  return { before: stored, page: page.block, after, length: stored.length + page.block.length + after.length }
}

function pack(ready: Ready): void {
  pages.set(ready, 'begun')
  zlib ??= process.getBuiltinModule?.('node:zlib')
  // Not every runtime that has `node:http` has it.
  if (zlib?.crc32 === undefined) return
  const { deflateRaw, crc32, constants } = zlib
  const { ending } = ready
  deflateRaw(ending, { level: constants.Z_BEST_COMPRESSION }, (fault, block) => {
    // What cannot be packed is sent as it is.
    if (fault === null) pages.set(ready, { crc32, block, crc: crc32(ending), shift: crcShift(ending.length), length: ending.length })
  })
}

/** Sixteen bits, the lower ones first. */
function word(bits: number): string {
  return String.fromCharCode(bits & 0xff, (bits >>> 8) & 0xff)
}

function isAscii(text: string): boolean {
  return Buffer.byteLength(text) === text.length
}

/** The last header that was read, and what it said: most clients send the same. */
let heard: { readonly header: string; readonly takes: boolean } | undefined

/** Whether a client takes gzip as gladly as what is not packed (RFC 9110, section 12.5.3). */
export function takesGzip(header: string | undefined): boolean {
  if (header === undefined) return false
  if (heard?.header !== header) heard = { header, takes: prefersGzip(header) }
  return heard.takes
}

function prefersGzip(header: string): boolean {
  const weights = new Map<string, number>()
  for (const part of header.toLowerCase().split(',')) {
    const [, coding, q = '1'] = /^[ \t]*([^ \t;]+)[ \t]*(?:;[ \t]*q=([01](?:\.\d{0,3})?)[ \t]*)?$/.exec(part) ?? []
    if (coding !== undefined) weights.set(coding, Number(q))
  }
  const gzip = weights.get('gzip') ?? weights.get('x-gzip') ?? weights.get('*') ?? 0
  return gzip > 0 && gzip >= (weights.get('identity') ?? 0)
}
