/** Reads the text of prompt arguments and template variables as what a schema wants. */

import { isObject, type JsonObject } from '@oarlock/protocol'

/** Turns a string into the wanted value; anything it cannot read stays as it is, for the validator to refuse. */
export type Coerce = (value: unknown) => unknown

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i

/** Readers by JSON type. A string wants no reader, and an object cannot be read from one. */
const READERS: ReadonlyMap<unknown, (text: string) => unknown> = new Map<unknown, (text: string) => unknown>([
  ['number', readNumber],
  ['integer', readNumber],
  ['boolean', text => (/^true$/i.test(text) ? true : /^false$/i.test(text) ? false : text)],
  ['null', text => (text === 'null' ? null : text)],
  // A list as RFC 6570 writes it, and as people type it.
  ['array', text => (text === '' ? [] : text.split(','))],
])

/**
 * The reader for a schema's own `type`, `const` and `enum`; undefined where a string is welcome or nothing is known. Where several types are
 * allowed and string is one of them, a string stays.
 */
export function coercion(schema: JsonObject): Coerce | undefined {
  const allowed = 'const' in schema ? [schema['const']] : schema['enum']
  if (Array.isArray(allowed)) return oneOf(allowed)
  const types: readonly unknown[] = Array.isArray(schema['type']) ? schema['type'] : [schema['type']]
  if (types.includes('string')) return undefined
  const readers = types.map(type => READERS.get(type)).filter(reader => reader !== undefined)
  return readers.length === 0
    ? undefined
    : ofString(text => readers.reduce<unknown>((done, read) => (done === text ? read(text) : done), text))
}

/** The value among `allowed` that the text spells. */
function oneOf(allowed: readonly unknown[]): Coerce | undefined {
  const spelled = new Map(allowed.filter(value => typeof value !== 'string' && !isObject(value)).map(value => [String(value), value]))
  if (spelled.size === 0) return undefined
  for (const value of allowed) if (typeof value === 'string') spelled.set(value, value)
  return ofString(text => (spelled.has(text) ? spelled.get(text) : text))
}

function ofString(read: (text: string) => unknown): Coerce {
  return value => (typeof value === 'string' ? read(value) : value)
}

function readNumber(text: string): unknown {
  const trimmed = text.trim()
  return trimmed.length <= 64 && NUMBER.test(trimmed) ? Number(trimmed) : text
}
