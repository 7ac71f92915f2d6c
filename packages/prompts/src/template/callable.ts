/** Helpers: what a template may call. Built-in ones are written like those of users. */

import { explainer, jsonSchemaOf, type Context, type In, type Schema } from '@oarlock/kernel'
import { checkOptions, type OptionNames } from '@oarlock/protocol'
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
  /** Takes the place of the built-in helper of this name. */
  readonly replaces?: boolean
  /** What is wrong with a value at a place, counted from 0; undefined when nothing is. Constants are asked for when a template is loaded. */
  readonly refusal?: (value: unknown, index: number) => string | undefined
  /** Gets the values that were given. What it returns is put out as text, or passed to the helper around it as it is. */
  run(values: readonly unknown[], call: HelperCall): unknown
}

/** The values of a list of schemas. */
type Values<A extends readonly Schema[]> = { -readonly [I in keyof A]: In<A[I]> }

/** A helper as it is written. */
export interface HelperOptions<A extends readonly Schema[] = readonly []> {
  /** A letter, then letters, digits, `_` and `-`. */
  readonly name: string
  /**
   * Schemas of its values, in their order. Constants are checked when a template is loaded, all else at each use. Formats are not asserted.
   */
  readonly args?: readonly [...A]
  /** How many of `args` must be given; all unless told otherwise. Those that are not given are undefined. */
  readonly required?: number
  /** Names it takes. Their values are not checked. */
  readonly named?: readonly string[]
  /** Takes the place of the built-in helper of this name: without it a name that a built-in has is refused. */
  readonly replaces?: boolean
  /** Called at each use, at once: it must not return a promise. */
  readonly run: (...given: [...values: Values<A>, call: HelperCall]) => unknown
}

const HELPER_OPTIONS: OptionNames<HelperOptions> = { name: true, args: true, required: true, named: true, replaces: true, run: true }

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
 * @throws TypeError for a name that a helper cannot have, for an option that does not exist, and for a schema that is none
 */
export function helper<const A extends readonly Schema[] = readonly []>(options: HelperOptions<A>): HelperDefinition {
  checkOptions(options, HELPER_OPTIONS, 'helper()')
  const { name, args = [], required = args.length, named = [], replaces = false, run } = options
  if (!isHelperName(name)) throw new TypeError(`'${name}' cannot be a helper: a name of its own, a letter, then letters, digits, _ and -`)
  if (typeof run !== 'function') throw new TypeError(`The helper '${name}' needs a function: run`)
  if (!Number.isSafeInteger(required) || required < 0 || required > args.length)
    throw new TypeError(`The helper '${name}' has ${args.length} args: required must be a whole number from 0 to ${args.length}`)
  const refusal = refusalBy(name, args)
  const call = run as (...given: unknown[]) => unknown
  return {
    name,
    least: required,
    most: args.length,
    named,
    replaces,
    refusal,
    run(values, about) {
      for (const [index, value] of values.entries()) {
        const message = refusal(value, index)
        if (message !== undefined) throw new TemplateFailure('helper', message)
      }
      const missing = args.length - values.length
      return missing === 0 ? call(...values, about) : call(...values, ...Array.from({ length: missing }, () => undefined), about)
    },
  }
}

/** Whether a helper may be called so. */
export function isHelperName(name: unknown): boolean {
  return typeof name === 'string' && NAME.test(name) && !TAKEN.has(name) && !(name in Object.prototype)
}

/** What is wrong with a value at a place among those of a helper: found out at once, by what explains the arguments of tools. */
function refusalBy(name: string, args: readonly Schema[]): (value: unknown, index: number) => string | undefined {
  const explainers = args.map(schema => explainer(jsonSchemaOf(schema), undefined))
  return (value, index) => {
    const [issue] = explainers[index]?.find(value) ?? []
    if (issue === undefined) return undefined
    return `Value ${index + 1} of {{${name}}}${issue.path === '' ? '' : ` at ${issue.path}`}: ${issue.message}`
  }
}
