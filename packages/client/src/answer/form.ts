/** Forms of elicitation: whether a server's form is one, what fills its gaps, and whether an answer fits it (DIGEST 3.15). */

import { isObject, type JsonObject } from '@oarlock/protocol'

/** A field that was seen to be well formed enough to be checked against. */
type Field = JsonObject
type Fields = Readonly<Record<string, Field>>

const KINDS: ReadonlySet<unknown> = new Set(['string', 'number', 'integer', 'boolean', 'array'])

/** What keeps a `requestedSchema` from being a flat form of primitive fields. Undefined when it is one. */
export function formProblem(schema: unknown): string | undefined {
  if (!isObject(schema) || schema['type'] !== 'object' || !isObject(schema['properties'])) {
    return 'requestedSchema must be an object schema with properties'
  }
  for (const [name, field] of Object.entries(schema['properties'])) {
    if (!isObject(field) || !KINDS.has(field['type']))
      return `requestedSchema.properties.${name} must be a string, number, integer, boolean or array`
    if (field['type'] === 'array' && optionsOf(field) === undefined) return `requestedSchema.properties.${name} must list its choices`
  }
  return undefined
}

/** The content with every field that is absent and has a default filled in. */
export function withDefaults(schema: JsonObject, content: JsonObject): JsonObject {
  const filled = new Map(Object.entries(content).filter(([, value]) => value !== undefined))
  for (const [name, field] of Object.entries(schema['properties'] as Fields)) {
    if (!filled.has(name) && field['default'] !== undefined) filled.set(name, field['default'])
  }
  return Object.fromEntries(filled)
}

/** Everything in the content that does not fit a form's `requestedSchema`, in words: what is checked before an answer is sent, for whoever draws the form. */
export function contentProblems(schema: JsonObject, content: JsonObject): readonly string[] {
  const fields = schema['properties'] as Fields
  const required = Array.isArray(schema['required']) ? schema['required'] : []
  const missing = required
    .filter((name: unknown) => typeof name === 'string' && !Object.hasOwn(content, name))
    .map(name => `${name} is required`)
  const wrong = Object.entries(content).flatMap(([name, value]) => {
    const problem = Object.hasOwn(fields, name) ? fieldProblem(fields[name] as Field, value) : 'was not asked for'
    return problem === undefined ? [] : [`${name} ${problem}`]
  })
  return [...missing, ...wrong]
}

function fieldProblem(field: Field, value: unknown): string | undefined {
  switch (field['type']) {
    case 'string':
      return typeof value === 'string' ? stringProblem(field, value) : 'must be a string'
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'must be a boolean'
    case 'array':
      return Array.isArray(value) ? choicesProblem(field, value) : 'must be a list'
    default:
      return typeof value === 'number' && Number.isFinite(value) ? numberProblem(field, value) : 'must be a number'
  }
}

function stringProblem(field: Field, value: string): string | undefined {
  const options = optionsOf(field)
  if (options !== undefined) return options.has(value) ? undefined : `must be one of ${[...options].join(', ')}`
  const length = Array.from(value).length
  if (length < number(field['minLength'], 0)) return `must have at least ${field['minLength'] as number} characters`
  if (length > number(field['maxLength'], Infinity)) return `must have at most ${field['maxLength'] as number} characters`
  const format = FORMATS.get(field['format'])
  return format === undefined || format(value) ? undefined : `must be a valid ${field['format'] as string}`
}

function numberProblem(field: Field, value: number): string | undefined {
  if (field['type'] === 'integer' && !Number.isInteger(value)) return 'must be an integer'
  if (value < number(field['minimum'], -Infinity)) return `must be at least ${field['minimum'] as number}`
  return value > number(field['maximum'], Infinity) ? `must be at most ${field['maximum'] as number}` : undefined
}

function choicesProblem(field: Field, values: readonly unknown[]): string | undefined {
  const options = optionsOf(field) as ReadonlySet<unknown>
  if (values.some(value => !options.has(value))) return `must hold only ${[...options].join(', ')}`
  if (values.length < number(field['minItems'], 0)) return `must hold at least ${field['minItems'] as number} choices`
  return values.length > number(field['maxItems'], Infinity) ? `must hold at most ${field['maxItems'] as number} choices` : undefined
}

/** The values a field may take, for each of the four ways to list them; undefined where it is free. */
function optionsOf(field: Field): ReadonlySet<unknown> | undefined {
  const items = isObject(field['items']) ? field['items'] : field
  if (Array.isArray(items['enum'])) return new Set(items['enum'])
  const titled = items['oneOf'] ?? items['anyOf']
  return Array.isArray(titled) ? new Set(titled.map((option: unknown) => (isObject(option) ? option['const'] : undefined))) : undefined
}

const number = (value: unknown, otherwise: number): number => (typeof value === 'number' ? value : otherwise)

const DATE = /^(\d{4})-(\d\d)-(\d\d)$/
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/i

const FORMATS: ReadonlyMap<unknown, (text: string) => boolean> = new Map([
  ['email', isEmail],
  ['uri', (text: string) => /^[a-z][a-z0-9+.-]*:[^\s]+$/i.test(text)],
  ['date', isDate],
  ['date-time', (text: string) => isDate(text.slice(0, 10)) && /^[T ]$/i.test(text.charAt(10)) && TIME.test(text.slice(11))],
])

function isEmail(text: string): boolean {
  const at = text.lastIndexOf('@')
  return at > 0 && at < text.length - 1 && !/\s/.test(text)
}

function isDate(text: string): boolean {
  const [, year, month, day] = DATE.exec(text) ?? []
  if (year === undefined) return false
  const date = new Date(0)
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day))
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day)
}
