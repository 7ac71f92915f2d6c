/**
 * Answers that are ready, in gzip for all who accept it (RFC 9110, section 8.4.1.3). A page is packed once, aside; what differs from answer to answer stands before it as it is,
 * and only the checksum is put together anew (docs/decisions/0025).
 */

import type { Ready, Spliced } from '@oarlock/protocol'
import { crcAfter, crcShift } from './crc.ts'

/**
 * An answer in gzip, in the pieces it is sent in. They are bytes: whoever wraps a response may take text for UTF-8, whatever encoding is named with it.
 */
export interface PackedAnswer {
  readonly opening: Uint8Array
  readonly page: Uint8Array
  readonly closing: Uint8Array
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

/** A gzip stream without name, time and system (RFC 1952, section 2.3), and in it a block that is not packed and not the last (RFC 1951, section 3.2.4). */
const OPENING = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff, 0]
/** What comes behind it: the length of the block, and the same with all bits turned. */
const SIZES = 4

/** Pages by what they hold; `asked` once they were asked for a first time. */
const pages = new WeakMap<Ready, PackedPage | 'asked'>()
/** One at a time: whoever asks for many pages at once does not keep the processor from others. */
let packing = false

/**
 * An answer in gzip, where its page is packed already. Whoever comes before that gets it as it is and waits for nobody. Packing begins when a page is asked for a second time: some are
 * made for one answer only.
 */
export function packed({ before, ready }: Spliced): PackedAnswer | undefined {
  const page = pages.get(ready)
  if (page === undefined) pages.set(ready, 'asked')
  else if (page === 'asked') pack(ready)
  else return joined(before, page)
  return undefined
}

/** Ids are short (1,024 characters), and what stands before a page is not much longer: it fits into one block of 65,535 bytes. */
function joined(before: string, page: PackedPage): PackedAnswer {
  const start = OPENING.length + SIZES
  const size = Buffer.byteLength(before)
  const opening = Buffer.allocUnsafe(start + size)
  opening.set(OPENING)
  opening.writeUInt16LE(size, OPENING.length)
  opening.writeUInt16LE(~size & 0xffff, OPENING.length + 2)
  opening.write(before, start)
  const closing = Buffer.allocUnsafe(8)
  closing.writeUInt32LE(crcAfter(page.crc32(opening.subarray(start)), page.shift, page.crc))
  closing.writeUInt32LE((size + page.length) >>> 0, 4)
  return { opening, page: page.block, closing, length: opening.length + page.block.length + closing.length }
}

function pack(ready: Ready): void {
  if (packing) return
  zlib ??= process.getBuiltinModule?.('node:zlib')
  // Not every runtime that has `node:http` has it.
  if (zlib?.crc32 === undefined) return
  const { deflateRaw, crc32, constants } = zlib
  const { ending } = ready
  const { length } = ending
  packing = true
  try {
    deflateRaw(ending, { level: constants.Z_BEST_COMPRESSION }, (fault, view) => {
      packing = false
      // What could not be packed is sent as it is, and tried again. zlib gives a view of something larger.
      if (fault === null) pages.set(ready, { crc32, block: new Uint8Array(view), crc: crc32(ending), shift: crcShift(length), length })
    })
  } catch {
    // No memory for it now.
    packing = false
  }
}

/** The longest header that is looked at. Clients send some forty characters. */
const LONGEST = 256

/** Whether a client takes gzip as gladly as what is not packed (RFC 9110, section 12.5.3). */
export function takesGzip(header: string | undefined): boolean {
  if (header === undefined || header.length > LONGEST) return false
  const weights = new Map<string, number>()
  for (const part of header.toLowerCase().split(',')) {
    const [, coding, q = '1'] = /^[ \t]*([^ \t;]+)[ \t]*(?:;[ \t]*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)[ \t]*)?$/.exec(part) ?? []
    if (coding !== undefined) weights.set(coding, Number(q))
  }
  const other = weights.get('*') ?? 0
  const gzip = weights.get('gzip') ?? weights.get('x-gzip') ?? other
  return gzip > 0 && gzip >= (weights.get('identity') ?? other)
}
