/** What a built-in helper is: a helper that may also be a block and put messages beside the text. */

import type { HelperDefinition, HelperCall } from './callable.ts'
import { TemplateFailure } from './failure.ts'
import type { Rendering } from './rendering.ts'

/** What a built-in is told besides its values. */
export interface BuiltinCall extends HelperCall {
  readonly rendering: Rendering
  /** What `this` is where it stands. */
  readonly context: unknown
  /** Whether it was written as a block. */
  readonly isBlock: boolean
  /** Renders the block, for another context where one is given. */
  body(context?: Inner): string
  /** Renders what stands behind `{{else}}`. */
  otherwise(): string
  /** `@index` and its kin. */
  readonly data: Readonly<Record<string, unknown>>
}

/** The context of one turn of a block. */
export interface Inner {
  readonly value: unknown
  readonly data: Readonly<Record<string, unknown>>
  /** Values of `as |item key|`. */
  readonly names?: readonly unknown[]
}

/** Looks at a value as the helper does at each use. @throws TemplateFailure for one that it refuses */
type Look = (value: unknown) => unknown

/** A built-in helper. */
export interface Builtin extends Omit<HelperDefinition, 'run'> {
  /** `inline`: `{{name …}}`, also within others; `block`: `{{#name …}}`; `either`. */
  readonly form: 'inline' | 'block' | 'either'
  /** What it puts out: text or a value, a content block, or a message. */
  readonly puts: 'value' | 'block' | 'message'
  /** What its block may hold: anything, or text without messages and content blocks. */
  readonly holds?: 'text'
  /** Its block is rendered for another context than the one it stands in: each member of its first value, or its first value. */
  readonly enters?: 'members' | 'value'
  /** How it looks at its values, by their places without a block. Constants are looked at when a template is loaded. */
  readonly looks?: readonly (Look | undefined)[]
  /** The same of values given by name. */
  readonly looksAt?: Readonly<Record<string, Look>>
  run(values: readonly unknown[], call: BuiltinCall): unknown
}

/** What is wrong with a constant at a place, or under a name: what the helper would say when it runs. */
export function refusalOf(helper: Builtin, place: number | string, value: unknown, isBlock: boolean): string | undefined {
  const { name, form, refusal, looks, looksAt } = helper
  if (typeof place === 'number' && refusal !== undefined) return refusal(value, place)
  // Where it may be written either way the block takes the place of the first value.
  const look = typeof place === 'string' ? looksAt?.[place] : looks?.[isBlock && form === 'either' ? place + 1 : place]
  if (value === undefined || value === null) return undefined
  try {
    look?.(value)
    return undefined
  } catch (cause) {
    if (!(cause instanceof TemplateFailure)) throw cause
    return `${typeof place === 'string' ? `${place}=` : `Value ${place + 1}`} of {{${name}}}: ${cause.message}`
  }
}

/** Whether `{{name}}` by itself calls it. Where it does not, the name is a value's. */
export function isCalledBare({ form, puts, least }: Builtin): boolean {
  return form === 'inline' && puts === 'value' && least === 0
}

type Written = Partial<Pick<Builtin, 'least' | 'most' | 'named' | 'holds' | 'enters' | 'puts' | 'looks' | 'looksAt'>>

/** An inline helper that takes as many values as `count` says. */
export function inline(
  name: string,
  count: number | readonly [least: number, most: number],
  run: Builtin['run'],
  written: Written = {},
): Builtin {
  const [least, most] = typeof count === 'number' ? [count, count] : count
  return { name, form: 'inline', puts: 'value', least, most, named: [], run, ...written }
}

/** A block helper. */
export function block(name: string, count: number, run: Builtin['run'], written: Written = {}): Builtin {
  return { ...inline(name, count, run, written), form: 'block' }
}
