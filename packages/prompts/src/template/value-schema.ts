/** Checks one value of a helper by a JSON Schema, as far as that can be done at once and at every use. */

import { isObject, type JsonObject } from '@oarlock/protocol'

/** What a value is, in the schema's words. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

/** What a value should have been; undefined when it is that. Looks at `type`, `enum`, `const`, `anyOf`, `oneOf`, bounds of numbers, and lengths. */
export function wanted(value: unknown, schema: JsonObject): string | undefined {
  const { enum: members } = schema
  const branches = schema['anyOf'] ?? schema['oneOf']
  if ('const' in schema) return value === schema['const'] ? undefined : JSON.stringify(schema['const'])
  if (Array.isArray(members))
    return members.includes(value) ? undefined : `one of ${members.map(member => JSON.stringify(member)).join(', ')}`
  if (Array.isArray(branches)) return anyOf(value, branches)
  return isOfType(value, schema['type']) ? bounds(value, schema) : typeText(schema['type'])
}

function anyOf(value: unknown, branches: readonly unknown[]): string | undefined {
  const wishes = branches.filter(isObject).map(branch => wanted(value, branch))
  return wishes.includes(undefined) ? undefined : wishes.join(' or ')
}

function isOfType(value: unknown, type: unknown): boolean {
  if (type === undefined) return true
  const allowed: readonly unknown[] = Array.isArray(type) ? (type as unknown[]) : [type]
  return allowed.includes(kindOf(value)) || (allowed.includes('integer') && Number.isInteger(value))
}

const typeText = (type: unknown): string => (Array.isArray(type) ? type.join(' or ') : String(type))

/** Keywords that bound something countable: what they bound, when they hold, and how that is said. */
const BOUNDS: readonly (readonly [
  keyword: string,
  of: (value: unknown) => number | undefined,
  holds: (size: number, bound: number) => boolean,
  say: string,
])[] = [
  ['minimum', asNumber, (size, bound) => size >= bound, 'N or more'],
  ['maximum', asNumber, (size, bound) => size <= bound, 'N or less'],
  ['exclusiveMinimum', asNumber, (size, bound) => size > bound, 'more than N'],
  ['exclusiveMaximum', asNumber, (size, bound) => size < bound, 'less than N'],
  ['minLength', characters, (size, bound) => size >= bound, 'a text of N characters or more'],
  ['maxLength', characters, (size, bound) => size <= bound, 'a text of N characters or less'],
  ['minItems', items, (size, bound) => size >= bound, 'a list of N or more'],
  ['maxItems', items, (size, bound) => size <= bound, 'a list of N or less'],
]

function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}

function characters(value: unknown): number | undefined {
  return typeof value === 'string' ? Array.from(value).length : undefined
}

function items(value: unknown): number | undefined {
  return Array.isArray(value) ? value.length : undefined
}

function bounds(value: unknown, schema: JsonObject): string | undefined {
  for (const [keyword, of, holds, say] of BOUNDS) {
    const bound = schema[keyword]
    if (typeof bound !== 'number') continue
    const size = of(value)
    if (size !== undefined && !holds(size, bound)) return say.replace('N', String(bound))
  }
  return undefined
}
