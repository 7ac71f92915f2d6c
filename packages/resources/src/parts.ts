/** Parts of documents that are too large for one answer: which one is asked for, how bytes and text are cut, and what is said of it. */

import { Fault } from '@oarlock/protocol'
import type { Range } from './provider/contract.ts'

/** `_meta` key of a content that is only a part of its document. */
export const PART_KEY = 'dev.oarlock/part'

/** What `_meta['dev.oarlock/part']` says. Offsets and sizes count bytes. A content without it is whole. */
export interface Part {
  readonly offset?: number
  readonly length?: number
  /** Of the whole document. */
  readonly size?: number
  /** URI of the next part; absent on the last one. */
  readonly next?: string
  /** The same for two parts exactly when they are of the same state of the document. Absent when the source cannot tell. */
  readonly version?: string
}

/** The range a reader asks for, at most `maxBytes` long. @throws Fault INVALID_PARAMS for what is no range */
export function checkedRange(asked: Partial<Range> | undefined, maxBytes: number): Range | undefined {
  if (asked === undefined) return undefined
  const { offset = 0, length = maxBytes } = asked
  if (!Number.isSafeInteger(offset) || offset < 0) throw new Fault('INVALID_PARAMS', 'offset must be a whole number of bytes, 0 or more')
  if (!Number.isSafeInteger(length) || length < 1) throw new Fault('INVALID_PARAMS', 'length must be a whole number of bytes, 1 or more')
  return { offset, length: Math.min(length, maxBytes) }
}

/** Refuses an offset behind the end. @throws Fault INVALID_PARAMS */
export function checkOffset(offset: number, size: number): void {
  if (offset > 0 && offset >= size) throw new Fault('INVALID_PARAMS', `offset ${offset} is behind the end: the document has ${size} bytes`)
}

/** The longest character of UTF-8, in bytes. A part of text must have room for it. */
export const LONGEST_CHARACTER = 4

/**
 * Where whole characters begin and end in a piece of UTF-8: without the rest of a character at its start, and without the beginning of one at its end.
 * @param first whether the text begins with this piece, and @param last whether it ends with it: there nothing is taken away
 */
export function wholeCharacters(bytes: Uint8Array, first: boolean, last: boolean): { readonly start: number; readonly end: number } {
  let start = 0
  if (!first) while (start < bytes.length && start < LONGEST_CHARACTER && isInside(bytes[start])) start++
  let end = bytes.length
  if (!last) {
    let lead = end - 1
    while (lead > start && end - lead < LONGEST_CHARACTER && isInside(bytes[lead])) lead--
    if (lead >= start && lead + lengthOf(bytes[lead]) > end) end = lead
  }
  return { start, end }
}

function isInside(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80
}

function lengthOf(lead: number | undefined): number {
  if (lead === undefined || lead < 0xc0) return 1
  return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
}

const STRICT = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Bytes as text, or undefined when they are none. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return STRICT.decode(bytes)
  } catch {
    return undefined
  }
}
