/** How values travel in `Mcp-Name` and `Mcp-Param-*`: as they are, or as base64 of UTF-8 between two markers (DIGEST 3.7). */

import { fromBase64, toBase64 } from './bytes.ts'

const OPEN = '=?base64?'
const CLOSE = '?='

const SPACE = 0x20
const TILDE = 0x7e
const TAB = 0x09

const ENCODER = new TextEncoder()
const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** What a header can mirror. */
export type HeaderScalar = string | number | boolean

/**
 * The text of a header that carries `value`. Visible ASCII with inner spaces travels as it is; anything else, and text that already looks
 * like an encoded value, is wrapped.
 * @throws RangeError for a number that is not a safe integer, which the protocol does not let travel
 */
export function encodeHeaderValue(value: HeaderScalar): string {
  if (typeof value === 'string') return travelsPlain(value) ? value : OPEN + toBase64(ENCODER.encode(value)) + CLOSE
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  if (!Number.isSafeInteger(value)) throw new RangeError(`Only integers within ±(2^53−1) travel in a header, not ${value}`)
  return String(value)
}

/**
 * What a header carries, with surrounding spaces and tabs stripped. Undefined when the text is not a valid header value: control or
 * non-ASCII characters, or base64 that is not canonical, padded and UTF-8. Half a pair of markers is ordinary text.
 */
export function decodeHeaderValue(text: string): string | undefined {
  const value = stripBlanks(text)
  if (!isPrintable(value)) return undefined
  if (value.length < OPEN.length + CLOSE.length || !value.startsWith(OPEN) || !value.endsWith(CLOSE)) return value
  return textOf(fromBase64(value.slice(OPEN.length, -CLOSE.length)))
}

/** Whether a header says the same as a value of the body. Strings exactly, integers by number (`42.0` is 42), booleans as words. */
export function sameHeaderValue(header: string, value: HeaderScalar): boolean {
  const text = decodeHeaderValue(header)
  if (text === undefined) return false
  if (typeof value === 'string') return text === value
  if (typeof value === 'boolean') return text === (value ? 'true' : 'false')
  return Number.isSafeInteger(value) && integerOf(text) === value
}

// Plain digits and a zero fraction only: `4.2e1` or a fraction too small for a double would pass for a number they are not.
function integerOf(text: string): number | undefined {
  return /^-?\d+(?:\.0+)?$/.test(text) ? Number(text) : undefined
}

function travelsPlain(text: string): boolean {
  const last = text.length - 1
  if (last < 0) return true
  if (text.charCodeAt(0) === SPACE || text.charCodeAt(last) === SPACE) return false
  return isPrintable(text) && !(text.startsWith(OPEN) && text.endsWith(CLOSE))
}

function isPrintable(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code < SPACE || code > TILDE) return false
  }
  return true
}

/** A header's value without the spaces and tabs around it, which are no part of it (RFC 9110, section 5.5). Nothing else is white space there. */
export function stripBlanks(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isBlank(text.charCodeAt(start))) start++
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--
  return end - start === text.length ? text : text.slice(start, end)
}

const isBlank = (code: number): boolean => code === SPACE || code === TAB

function textOf(bytes: Uint8Array | undefined): string | undefined {
  try {
    return bytes === undefined ? undefined : DECODER.decode(bytes)
  } catch {
    return undefined
  }
}
