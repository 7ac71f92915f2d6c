/** What properties are tried on: text of every kind, JSON, and bytes in chunks. */
import * as fc from 'fast-check'

/** Text that means something to one of the formats, or to JavaScript. */
const TELLING = [
  '__proto__',
  'constructor',
  '',
  ' ',
  '\0',
  '\r\n',
  '=?base64?Zm9v?=',
  '=?base64?',
  '%2F',
  '%',
  '..',
  '\u2028',
  '\ufeff',
  '{{x}}',
]

/** Text that UTF-8 can hold: words, whole sentences of any script, control characters, and text that means something. */
export const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(...TELLING),
  fc.array(fc.constantFrom(...TELLING, 'a', '/', '&', '='), { maxLength: 4 }).map(parts => parts.join('')),
)

/** Any text that JavaScript can hold, halves of surrogate pairs included. */
export const wildText = fc.oneof(
  text,
  fc.array(fc.integer({ min: 0, max: 0xffff })).map(codes => String.fromCharCode(...codes)),
)

/** A value that survives JSON. */
export const json = fc.jsonValue({ maxDepth: 4, stringUnit: 'grapheme' }).map(value => JSON.parse(JSON.stringify(value)) as unknown)

/** An object of such values. */
export const jsonObject = fc
  .dictionary(text, json, { maxKeys: 5 })
  .map(value => JSON.parse(JSON.stringify(value)) as Record<string, unknown>)

/** An id as JSON-RPC allows it. */
export const id = fc.oneof(
  fc.maxSafeInteger().filter(value => !Object.is(value, -0)),
  fc.string({ unit: 'grapheme', maxLength: 64 }),
)

/** Bytes, cut at these places. */
export function chunksOf(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [...new Set(cuts.map(cut => cut % (bytes.length + 1)))].sort((a, b) => a - b)
  return [0, ...places].map((from, index) => bytes.slice(from, places[index] ?? bytes.length))
}

/** Places to cut at, as `chunksOf` takes them. */
export const cuts = fc.array(fc.nat(), { maxLength: 20 })
