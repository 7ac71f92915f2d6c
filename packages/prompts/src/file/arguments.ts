/** The `arguments` of a prompt file, as a JSON Schema. */

import { nearest } from '@oarlock/kernel'
import { isObject, type JsonObject } from '@oarlock/protocol'
import { FLAG, JSON_OBJECT, listOf, members, must, TEXT, type Check, type FieldPath, type FieldProblem } from '../registry/field.ts'

const TYPES = ['string', 'number', 'integer', 'boolean', 'enum', 'array']

/** What the arguments come to. */
export interface FileArguments {
  readonly schema: JsonObject
  /** Names of completers, by argument. */
  readonly complete: Readonly<Record<string, string>>
  readonly problems: readonly FieldProblem[]
}

const TYPE: Check = function* (value, path) {
  if (typeof value === 'string' && TYPES.includes(value)) return
  const hint = typeof value === 'string' ? nearest(value, TYPES) : ''
  yield { path, code: 'bad-value', message: `${path.join('.')} must be one of ${TYPES.join(', ')}.${hint}` }
}

const isScalar = (value: unknown): boolean => typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
const SCALARS = listOf(must('a word, a number, true or false', isScalar), 'a list of values')
const NUMBER = must('a number', value => typeof value === 'number')
const COUNT = must('a whole number, 0 or more', value => Number.isSafeInteger(value) && (value as number) >= 0)
const ARGUMENT_NAME = must(
  'a name of its own: a letter, then letters, digits, _ and -',
  value => typeof value === 'string' && isArgumentName(value),
)

/** Words of JSON Schema that an argument may use as they are. */
const KEYWORDS: readonly (readonly [string, Check])[] = [
  ['title', TEXT],
  ['description', TEXT],
  ['default', must('a word, a number, true or false, or a list of them', value => isScalar(value) || Array.isArray(value))],
  ['enum', SCALARS],
  ['examples', SCALARS],
  ['minimum', NUMBER],
  ['maximum', NUMBER],
  ['minLength', COUNT],
  ['maxLength', COUNT],
  ['pattern', TEXT],
  ['format', TEXT],
  ['minItems', COUNT],
  ['maxItems', COUNT],
]

const ARGUMENT = members(
  new Map<string, Check>([
    ['name', ARGUMENT_NAME],
    ['type', TYPE],
    ['required', FLAG],
    ['complete', TEXT],
    ['items', (value, path) => (typeof value === 'string' ? TYPE(value, path) : JSON_OBJECT(value, path))],
    ...KEYWORDS,
  ]),
)

/** Names that every object has are none: an argument that was left out would be taken for given. */
function isArgumentName(name: string): boolean {
  return /^[A-Za-z][A-Za-z0-9_-]{0,63}$/.test(name) && !(name in Object.prototype)
}

/** Reads the arguments: a list of mappings with `name`, or a mapping from names to types or mappings. Without any, the prompt takes none. */
export function readArguments(written: unknown): FileArguments {
  const problems: FieldProblem[] = []
  const properties = new Map<string, JsonObject>()
  const required: string[] = []
  const complete = new Map<string, string>()
  for (const { name, argument, path } of eachArgument(written, problems)) {
    const found = [...ARGUMENT(argument, path)]
    problems.push(...found)
    if (found.length > 0) continue
    if (properties.has(name)) problems.push({ path, code: 'bad-value', message: `${path.join('.')} is a second argument '${name}'` })
    properties.set(name, schemaOf(argument))
    if (argument['required'] === true) required.push(name)
    if (typeof argument['complete'] === 'string') complete.set(name, argument['complete'])
  }
  const schema = {
    type: 'object',
    properties: Object.fromEntries(properties),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  }
  return { schema, complete: Object.fromEntries(complete), problems }
}

interface Written {
  readonly name: string
  readonly argument: JsonObject
  readonly path: FieldPath
}

function* eachArgument(written: unknown, problems: FieldProblem[]): Iterable<Written> {
  const entries: readonly (readonly [string | number, unknown])[] = Array.isArray(written)
    ? [...written.entries()]
    : isObject(written)
      ? Object.entries(written)
      : []
  if (written !== undefined && !Array.isArray(written) && !isObject(written))
    problems.push({ path: ['arguments'], code: 'bad-value', message: 'arguments must be a mapping from names to types, or a list' })
  for (const [key, value] of entries) {
    const path: FieldPath = ['arguments', key]
    const argument = argumentOf(value)
    const name = typeof key === 'string' ? key : argument?.['name']
    if (argument === undefined)
      problems.push({ path, code: 'bad-value', message: `${path.join('.')} must be a type, or a mapping with type, description and so on` })
    else if (typeof name !== 'string' || !isArgumentName(name)) problems.push(...ARGUMENT_NAME(name, [...path, 'name']))
    else yield { name, argument, path }
  }
}

/** A word is the type; nothing at all is text. */
function argumentOf(value: unknown): JsonObject | undefined {
  if (value === null) return {}
  if (typeof value === 'string') return { type: value }
  return isObject(value) ? value : undefined
}

function schemaOf(argument: JsonObject): JsonObject {
  const { items } = argument
  const keywords = KEYWORDS.map(([key]) => [key, argument[key]] as const).filter(([, value]) => value !== undefined)
  const inner = typeof items === 'string' ? { items: { type: items } } : isObject(items) ? { items: schemaOf(items) } : undefined
  return {
    ...typeOf(argument),
    ...(inner ?? (argument['type'] === 'array' ? { items: { type: 'string' } } : {})),
    ...Object.fromEntries(keywords),
  }
}

/** Without a type the values that are allowed say it; without those it is text. */
function typeOf({ type, enum: values }: JsonObject): JsonObject {
  if (typeof type === 'string' && type !== 'enum') return { type }
  const allText = !Array.isArray(values) || values.every(value => typeof value === 'string')
  return allText ? { type: 'string' } : {}
}
