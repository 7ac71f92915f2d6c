/** Forms for the user: schemas brought into the flat shape that elicitation allows (DIGEST 3.15), or refused with the field and the rule. */

import { excerpt, isObject, type JsonObject } from '@oarlock/protocol'
import { compileSchema, jsonSchemaOf } from './compile.ts'
import { set } from './keyword.ts'
import { references } from './reference.ts'
import type { CompiledSchema, Schema } from './schema.ts'
import { literals } from './wording.ts'

const FORMATS: ReadonlySet<unknown> = new Set(['email', 'uri', 'date', 'date-time'])

/** Words a field may carry, by its type. `title` and `description` go with all. */
const WORDS: ReadonlyMap<unknown, readonly string[]> = new Map([
  ['string', ['minLength', 'maxLength', 'format', 'default']],
  ['number', ['minimum', 'maximum', 'default']],
  ['integer', ['minimum', 'maximum', 'default']],
  ['boolean', ['default']],
  ['array', ['minItems', 'maxItems', 'default']],
])

/** Words that would promise a check the user's form cannot make. */
const REFUSED = ['pattern', 'multipleOf', 'exclusiveMinimum', 'exclusiveMaximum', 'not', 'if', 'allOf']

/**
 * The form of a schema: an object whose properties are strings, numbers, integers, booleans, choices of one text or of several. Unions of literals
 * become choices. Words that no client knows and that change nothing are left out.
 * @throws TypeError that names the field and the rule it breaks
 */
export function elicitSchema(schema: Schema): JsonObject {
  const json = jsonSchemaOf(schema)
  const { resolve } = references(json)
  const inlined = (value: unknown): unknown =>
    isObject(value) && typeof value['$ref'] === 'string' ? { ...(resolve(value, value['$ref']) as object | undefined), ...value } : value
  const root = inlined(json)
  if (!isObject(root) || root['type'] !== 'object' || !isObject(root['properties']))
    throw new TypeError('A form must be an object schema with properties')
  const combined = ['anyOf', 'oneOf', 'allOf', 'patternProperties'].find(word => root[word] !== undefined)
  if (combined !== undefined) throw new TypeError(`A form is a flat list of fields: ${combined} is not allowed`)
  const properties: Record<string, unknown> = {}
  for (const name of Object.keys(root['properties'])) set(properties, name, field(name, inlined(root['properties'][name])))
  const { required } = root
  return { type: 'object', properties, ...(Array.isArray(required) && required.length > 0 ? { required } : {}) }
}

const COMPILED = new WeakMap<object, CompiledSchema>()

/**
 * A schema as a form: `json` is `elicitSchema`'s, `check` reads the answer by the schema as written, so that refinements and transforms of its library run.
 * Compiled once per schema object. Throws as `elicitSchema`.
 */
export function elicitForm(schema: Schema): CompiledSchema {
  const known = COMPILED.get(schema)
  if (known !== undefined) return known
  const form = { json: elicitSchema(schema), check: compileSchema(schema).check }
  COMPILED.set(schema, form)
  return form
}

function field(name: string, schema: unknown): JsonObject {
  if (!isObject(schema)) throw refusal(name, 'needs a schema of its own')
  const refused = REFUSED.find(word => schema[word] !== undefined)
  if (refused !== undefined && !(refused === 'pattern' && FORMATS.has(schema['format'])))
    throw refusal(name, `${refused} is not allowed in a form`)
  const choices = choicesOf(schema)
  if (choices !== undefined) return { ...labels(schema), ...oneChoice(name, schema, choices), ...defaultOf(name, schema, isText) }
  const { type, format } = schema
  if (type === 'array') return { ...picked(schema, type), ...severalChoices(name, schema), ...defaultOf(name, schema, isTexts) }
  if (!WORDS.has(type))
    throw refusal(
      name,
      `must be a string, number, integer, boolean, or a choice, and is ${excerpt(JSON.stringify(type) ?? 'of no type', 60)}`,
    )
  if (format !== undefined && !(type === 'string' && FORMATS.has(format))) {
    throw refusal(name, `format ${excerpt(JSON.stringify(format), 40)} is not allowed: use ${[...FORMATS].join(', ')}`)
  }
  return { ...picked(schema, type), ...defaultOf(name, schema, value => typeof value === (type === 'integer' ? 'number' : type)) }
}

/** A text to choose, and the words to show for it. */
interface Choice {
  readonly value: unknown
  readonly title: string | undefined
}

/** What can be chosen: `enum`, `const`, or a union of literals. */
function choicesOf(schema: JsonObject): readonly Choice[] | undefined {
  if (Array.isArray(schema['enum'])) return schema['enum'].map(value => ({ value, title: undefined }))
  const branches: unknown = schema['anyOf'] ?? schema['oneOf']
  if (!Array.isArray(branches)) return 'const' in schema ? [{ value: schema['const'], title: undefined }] : undefined
  const values = branches.map(literals)
  if (values.some(value => value === undefined)) return undefined
  return branches.flatMap((branch: JsonObject, index) => (values[index] ?? []).map(value => ({ value, title: textOf(branch['title']) })))
}

function oneChoice(name: string, schema: JsonObject, choices: readonly Choice[]): JsonObject {
  const texts = choiceTexts(name, choices)
  // The older spelling is still legal; who chose it wrote it for clients that know no other.
  if (schema['enumNames'] !== undefined) return { type: 'string', enum: texts, enumNames: schema['enumNames'] }
  return choices.some(({ title }) => title !== undefined) ? { type: 'string', oneOf: titled(choices) } : { type: 'string', enum: texts }
}

function severalChoices(name: string, schema: JsonObject): JsonObject {
  const { items } = schema
  const choices = isObject(items) ? choicesOf(items) : undefined
  if (choices === undefined) throw refusal(name, 'a list must be a choice of texts: items need enum, or anyOf of const and title')
  const texts = choiceTexts(name, choices)
  return { items: choices.some(({ title }) => title !== undefined) ? { anyOf: titled(choices) } : { type: 'string', enum: texts } }
}

function choiceTexts(name: string, choices: readonly Choice[]): readonly unknown[] {
  if (choices.length === 0 || !choices.every(({ value }) => typeof value === 'string'))
    throw refusal(name, 'a choice is among texts: its values must be strings')
  return choices.map(({ value }) => value)
}

function titled(choices: readonly Choice[]): readonly JsonObject[] {
  return choices.map(({ value, title }) => ({ const: value, title: title ?? value }))
}

function picked(schema: JsonObject, type: unknown): JsonObject {
  const words = (WORDS.get(type) ?? []).filter(word => word !== 'default' && schema[word] !== undefined)
  return { type, ...labels(schema), ...Object.fromEntries(words.map(word => [word, schema[word]])) }
}

function labels({ title, description }: JsonObject): JsonObject {
  return { ...(title === undefined ? {} : { title }), ...(description === undefined ? {} : { description }) }
}

function defaultOf(name: string, schema: JsonObject, fits: (value: unknown) => boolean): JsonObject {
  const value = schema['default']
  if (value === undefined) return {}
  if (!fits(value)) throw refusal(name, 'its default is not of its own type')
  return { default: value }
}

const isText = (value: unknown): boolean => typeof value === 'string'
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText)

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function refusal(name: string, rule: string): TypeError {
  return new TypeError(`Form field "${excerpt(name, 60)}": ${rule}`)
}
