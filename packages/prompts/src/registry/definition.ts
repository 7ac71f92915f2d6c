/** A prompt of a registry as its author describes it, wherever it was written: data, and a few functions that data can name instead. */

import type { Completer, Context, Guard, PromptOptions } from '@oarlock/kernel'

/**
 * One version of one prompt, as any prompt is described (`args` is a schema in any spelling; without it the prompt takes no arguments), and with more.
 * Several versions of a name live side by side: the highest that is not deprecated answers, unless the caller asks for another or is pinned to one.
 */
export interface PromptDefinition extends Omit<PromptOptions, 'name' | 'complete' | 'guard'> {
  /** 1 to 128 characters of `A-Z a-z 0-9 _ . -`. */
  readonly name: string
  /** The one shelf it stands on, such as `support/refunds`. Not on the wire. */
  readonly category?: string
  /** Handlebars text. May be left out when each variant has its own. */
  readonly template?: string
  /** The prompt (`name` or `name@version`) or fragment whose blocks the template overrides. */
  readonly extends?: string
  /** Other texts that are tried on a share of the callers. */
  readonly variants?: readonly PromptVariant[]
  /** Suggestions by argument: a function, or the name of one among the registry's `completers`. */
  readonly complete?: Readonly<Record<string, string | Completer>>
  /** Who sees it and who may get it: rules, or names of rules among the registry's `guards`. */
  readonly guard?: string | Guard | readonly (string | Guard)[]
  /** Further values for the template, on top of the arguments. Runs once for each rendering. */
  readonly values?: (args: never, ctx: Context) => object | Promise<object>
}

/** One text of an experiment. The one with neither `template` nor `fragment` is the prompt's own template; where none is, that is the variant `main`. */
export interface PromptVariant {
  readonly name: string
  /** Its share, against those of the others; 1 when absent. With 0 nobody gets it. */
  readonly weight?: number
  readonly template?: string
  /** The fragment that is its text. */
  readonly fragment?: string
  /** Instead of the prompt's own `extends`. */
  readonly extends?: string
}

/** A text that prompts include (`{{> partials/header}}`) or extend. */
export interface FragmentDefinition {
  /** `partials/header` */
  readonly name: string
  readonly template: string
  readonly extends?: string
}

/** What the variant is called that is the prompt's own template, where no other name was given. */
export const MAIN = 'main'

/** Name and version of a prompt in one word: `review@1.2.0`; without a version the name alone. */
export function promptKey(name: string, version: string | undefined): string {
  return version === undefined ? name : `${name}@${version}`
}
