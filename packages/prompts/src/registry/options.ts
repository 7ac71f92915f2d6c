/** What a registry is told. */

import type { Completer, Context, Guard, Middleware } from '@oarlock/kernel'
import type { OptionNames, Peer, Principal } from '@oarlock/protocol'
import type { EngineOptions } from '../template/options.ts'
import type { PromptProblem } from './problem.ts'

/** How folders are watched. */
export interface WatchOptions {
  /** Milliseconds without news after which changes are taken up, together; 50. */
  readonly debounceMs?: number
  /** Look again and again instead of waiting to be told: for network drives and some containers. */
  readonly polling?: boolean
}

/** Who asks, as guards see it. */
export interface PinCaller {
  readonly principal: Principal | undefined
  readonly peer: Peer
}

/** The prompt a variant is chosen for. */
export interface AssignedPrompt {
  readonly name: string
  readonly version: string | undefined
  /** Names of its variants. */
  readonly variants: readonly string[]
}

/** Options of a registry. */
export interface RegistryOptions {
  /** A folder of prompts. It is read when prompts are first asked for, which offering them does. */
  readonly folder?: string
  /** Several of them. Fragments are shared. */
  readonly folders?: readonly string[]
  /** Takes up changes to the folders while the server runs. Off unless asked for: it is meant for development. */
  readonly watch?: boolean | WatchOptions
  /** Helpers of your own, limits, time zone, locale, token counter. */
  readonly engine?: EngineOptions
  /** Rules by the names that files and documents write (`guard: staff`). */
  readonly guards?: Readonly<Record<string, Guard>>
  /** Completers by the names that files and documents write (`complete: languages`). */
  readonly completers?: Readonly<Record<string, Completer>>
  /** Rules for every prompt of the registry, those added later included. */
  readonly guard?: Guard | readonly Guard[]
  /** Middleware around every prompt of the registry. */
  readonly use?: Middleware | readonly Middleware[]
  /**
   * The version that a caller is held to, of a prompt that has several: it alone is listed for that caller and answers it. Undefined: any. A version that
   * does not exist holds nobody, and is reported. Pure and fast: it runs for each such prompt of each list.
   */
  readonly pin?: (name: string, caller: PinCaller) => string | undefined
  /** Whose choice of variants it is; undefined: the principal, the session, or the client's name, whichever there is first. */
  readonly subject?: (ctx: Context) => string | undefined
  /** Names the variant of one call, for tests and staged roll-outs. Undefined, or a name that is none: by subject. */
  readonly assign?: (prompt: AssignedPrompt, ctx: Context) => string | undefined
  /** Where problems of watched folders go and pins that nobody listens for; the server's `error.reported`, and so its log, when absent. */
  readonly report?: (problems: readonly PromptProblem[]) => void | Promise<void>
}

/** The names of all options. */
export const OPTIONS: OptionNames<RegistryOptions> = {
  folder: true,
  folders: true,
  watch: true,
  engine: true,
  guards: true,
  completers: true,
  guard: true,
  use: true,
  pin: true,
  subject: true,
  assign: true,
  report: true,
}
