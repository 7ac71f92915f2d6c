/** Helpers: what a template may call. Built-in ones are written like those of users. */

import { jsonSchemaOf, type Context, type In, type Schema } from '@oarlock/kernel'
import { isObject, type JsonObject } from '@oarlock/protocol'
import { TemplateFailure } from './failure.ts'

/** What a helper is told besides its values. */
export interface HelperCall {
  /** Values given by name: `{{date when format="long"}}`. */
  readonly named: Readonly<Record<string, unknown>>
  readonly locale: string
  readonly timeZone: string
  /** Unix time in milliseconds. */
  now(): number
  /** How many tokens a text has. */
  tokens(text: string): number
  /** The context of the call; undefined when a template is rendered outside of one. */
  readonly ctx: Context | undefined
}

/** A helper, as `EngineOptions.helpers` takes it. Made by `helper`. */
export interface HelperDefinition {
  readonly name: string
  /** How many values it takes at least and at most. */
  readonly least: number
  readonly most: number
  /** Names it takes. */
  readonly named: readonly string[]
  /** Gets the values that were given. What it returns is put out as text, or passed to the helper around it as it is. */
  run(values: readonly unknown[], call: HelperCall): unknown
}

/** The values of a list of schemas. */
type Values<A extends readonly Schema[]> = { -readonly [I in keyof A]: In<A[I]> }

/** A helper as it is written. */
export interface HelperOptions<A extends readonly Schema[] = readonly []> {
  /** A letter, then letters, digits, `_` and `-`. */
  readonly name: string
  /** Schemas of its values, in their order. Checked at each use as far as `type`, `enum`, `const` and `anyOf` go. */
  readonly args?: readonly [...A]
  /** How many of `args` must be given; all unless told otherwise. Those that are not given are undefined. */
  readonly required?: number
  /** Names it takes. Their values are not checked. */
  readonly named?: readonly string[]
  /** Called at each use, at once: it must not return a promise. */
  readonly run: (...given: [...values: Values<A>, call: HelperCall]) => unknown
}

const NAME = /^[A-Za-z][\w-]{0,63}$/

/** Words that mean something else, to Handlebars or to every object. */
const TAKEN: ReadonlySet<string> = new Set([
  'this',
  'else',
  'super',
  'true',
  'false',
  'null',
  'undefined',
  'log',
  'helperMissing',
  'blockHelperMissing',
])

/**
 * Makes a helper of your own.
 *
 *     helper({ name: 'shout', args: [Type.String()], run: text => `${text.toUpperCase()}!` })
 *
 * @throws TypeError for a name that a helper cannot have, and for a schema that is none
 */
export function helper<const A extends readonly Schema[] = readonly []>(options: HelperOptions<A>): HelperDefinition {
  const { name, args = [], required = args.length, named = [], run } = options
  if (!NAME.test(name) || TAKEN.has(name) || name in Object.prototype)
    throw new TypeError(`'${name}' cannot be a helper: a name of its own, a letter, then letters, digits, _ and -`)
  if (typeof run !== 'function') throw new TypeError(`The helper '${name}' needs a function: run`)
  const checks = (args as readonly Schema[]).map(schema => valueCheck(name, schema))
  const call = run as (...given: unknown[]) => unknown
  return {
    name,
    least: required,
    most: args.length,
    named,
    run: (values, about) => call(...checks.map((check, index) => (index < values.length ? check(values[index], index) : undefined)), about),
  }
}

function valueCheck(name: string, schema: Schema): (value: unknown, index: number) => unknown {
  const json = jsonSchemaOf(schema)
  return (value, index) => {
    if (fits(value, json)) return value
    throw new TemplateFailure('helper', `Value ${index + 1} of {{${name}}} must be ${wanted(json)}, not ${kindOf(value)}`)
  }
}

function fits(value: unknown, schema: JsonObject): boolean {
  const { type, enum: members, anyOf } = schema
  if ('const' in schema) return value === schema['const']
  if (Array.isArray(members)) return members.includes(value)
  if (Array.isArray(anyOf)) return anyOf.some(branch => isObject(branch) && fits(value, branch))
  if (type === undefined) return true
  const kind = kindOf(value)
  const allowed = Array.isArray(type) ? (type as unknown[]) : [type]
  return allowed.includes(kind) || (allowed.includes('integer') && Number.isInteger(value))
}

function wanted(schema: JsonObject): string {
  const { type, enum: members, const: constant, anyOf } = schema
  if (constant !== undefined) return JSON.stringify(constant)
  if (Array.isArray(members)) return `one of ${members.map(member => JSON.stringify(member)).join(', ')}`
  if (Array.isArray(anyOf)) return anyOf.map(branch => wanted(branch as JsonObject)).join(' or ')
  return Array.isArray(type) ? type.join(' or ') : String(type)
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}
