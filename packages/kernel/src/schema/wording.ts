/** The words in which an argument error names what was expected and the kind of what was found. Values found are never repeated. */

import { excerpt, isObject, nearest, type JsonObject } from '@oarlock/protocol'

/** Values or names that are listed before the rest is only counted. */
const MOST_LISTED = 10

/** The JSON kind of a value. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (value === undefined) return 'nothing'
  return typeof value
}

/** Whether a value is of a type that JSON Schema names. An unknown type fits nothing. */
export function isOfType(type: unknown, value: unknown): boolean {
  if (type === 'integer') return Number.isInteger(value)
  if (type === 'number') return Number.isFinite(value)
  return type === kindOf(value)
}

/** `expected string or null, found number` */
export function wrongType(types: readonly string[], value: unknown): string {
  const found = typeof value === 'number' ? numberKind(value, types) : kindOf(value)
  return `expected ${[...new Set(types)].join(' or ')}, found ${found}`
}

/** `expected one of "red", "green", found another string` */
export function wrongValue(allowed: readonly unknown[], value: unknown): string {
  const kind = kindOf(value)
  const found = allowed.some(other => kindOf(other) === kind) ? `another ${kind}` : kind
  return `expected ${allowed.length === 1 ? '' : 'one of '}${listed(allowed.map(other => excerpt(JSON.stringify(other) ?? 'nothing', 40)))}, found ${found}`
}

/** `unknown property. Did you mean 'userName'?`, or what there is when nothing is near. A name already in use is not what was meant. */
export function unknownProperty(name: string, known: readonly string[], used: JsonObject): string {
  if (known.length === 0) return 'unknown property; none is allowed here'
  const near = nearest(
    name,
    known.filter(other => !Object.hasOwn(used, other)),
  )
  return near === '' ? `unknown property; known are ${listed(known.map(other => excerpt(other, 40)))}` : `unknown property.${near}`
}

/** Formats whose name alone does not show how to write one. */
const EXAMPLES: ReadonlyMap<unknown, string> = new Map([
  ['date', '2026-07-28'],
  ['time', '09:30:00Z'],
  ['date-time', '2026-07-28T09:30:00Z'],
  ['duration', 'PT1H30M'],
  ['email', 'ada@example.org'],
  ['uri', 'https://example.org/a'],
  ['uuid', '6f1c2b7e-0b6f-4c1b-9a39-2d5c1f1f2a90'],
])

/** `expected a string in date format, such as 2026-07-28, found another string` */
export function wrongFormat(format: string): string {
  const example = EXAMPLES.get(format)
  return `expected a string in ${excerpt(format, 40)} format${example === undefined ? '' : `, such as ${example}`}, found another string`
}

/** What each bound wants, by keyword. `holds` is asked for a value of the kind the keyword speaks about. */
export const BOUNDS: readonly {
  readonly keyword: string
  readonly holds: (value: never, limit: number) => boolean
  readonly of: string
  readonly text: (limit: number) => string
}[] = [
  bound<number>(
    'minimum',
    'number',
    (value, limit) => value >= limit,
    limit => `expected a number >= ${limit}, found a smaller one`,
  ),
  bound<number>(
    'exclusiveMinimum',
    'number',
    (value, limit) => value > limit,
    limit => `expected a number > ${limit}, found one that is not`,
  ),
  bound<number>(
    'maximum',
    'number',
    (value, limit) => value <= limit,
    limit => `expected a number <= ${limit}, found a larger one`,
  ),
  bound<number>(
    'exclusiveMaximum',
    'number',
    (value, limit) => value < limit,
    limit => `expected a number < ${limit}, found one that is not`,
  ),
  bound<number>('multipleOf', 'number', isMultiple, limit => `expected a multiple of ${limit}, found another number`),
  bound<string>(
    'minLength',
    'string',
    (value, limit) => characters(value) >= limit,
    limit => `expected at least ${count(limit, 'character')}, found fewer`,
  ),
  bound<string>(
    'maxLength',
    'string',
    (value, limit) => characters(value) <= limit,
    limit => `expected at most ${count(limit, 'character')}, found more`,
  ),
  bound<unknown[]>(
    'minItems',
    'array',
    (value, limit) => value.length >= limit,
    limit => `expected at least ${count(limit, 'item')}, found fewer`,
  ),
  bound<unknown[]>(
    'maxItems',
    'array',
    (value, limit) => value.length <= limit,
    limit => `expected at most ${count(limit, 'item')}, found more`,
  ),
  bound<object>(
    'minProperties',
    'object',
    (value, limit) => Object.keys(value).length >= limit,
    limit => `expected at least ${count(limit, 'property', 'properties')}, found fewer`,
  ),
  bound<object>(
    'maxProperties',
    'object',
    (value, limit) => Object.keys(value).length <= limit,
    limit => `expected at most ${count(limit, 'property', 'properties')}, found more`,
  ),
]

/** The literal values a schema allows, through nested unions; undefined when it allows anything but literals. */
export function literals(schema: unknown): readonly unknown[] | undefined {
  if (!isObject(schema)) return undefined
  if ('const' in schema) return [schema['const']]
  if (Array.isArray(schema['enum'])) return schema['enum']
  const branches: unknown = schema['anyOf'] ?? schema['oneOf']
  if (!Array.isArray(branches)) return undefined
  const inner = branches.map(literals)
  return inner.every(values => values !== undefined) ? inner.flat() : undefined
}

/** The types a schema names; undefined when it names none. */
export function typesOf(schema: JsonObject): readonly string[] | undefined {
  const type = schema['type']
  if (typeof type === 'string') return [type]
  return Array.isArray(type) ? type.filter(name => typeof name === 'string') : undefined
}

function numberKind(value: number, types: readonly string[]): string {
  if (!Number.isFinite(value)) return 'a number out of range'
  return types.includes('integer') ? 'a number with a fraction' : 'number'
}

function bound<T>(keyword: string, of: string, holds: (value: T, limit: number) => boolean, text: (limit: number) => string) {
  return { keyword, of, holds, text }
}

function isMultiple(value: number, step: number): boolean {
  const rest = Math.abs(value / step - Math.round(value / step))
  return rest * step < 1e-10
}

/** Code points, as JSON Schema counts length. */
function characters(text: string): number {
  let surrogates = 0
  for (let i = 0; i < text.length; i += 1) if ((text.charCodeAt(i) & 0xfc00) === 0xdc00) surrogates += 1
  return text.length - surrogates
}

function count(number: number, one: string, several = `${one}s`): string {
  return `${number} ${number === 1 ? one : several}`
}

function listed(texts: readonly string[]): string {
  const shown = texts.slice(0, MOST_LISTED).join(', ')
  return texts.length > MOST_LISTED ? `${shown} and ${texts.length - MOST_LISTED} more` : shown
}
