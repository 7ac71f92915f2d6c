/** What a registry is told. */

import { duration, type Completer, type Context, type Duration, type Guard, type Middleware } from '@oarlock/kernel'
import { checkOptions, isObject, type OptionNames, type Peer, type Principal } from '@oarlock/protocol'
import { checkEngineOptions, type EngineOptions } from '../template/options.ts'
import type { PromptProblem } from './problem.ts'

/** How folders are watched. */
export interface WatchOptions {
  /** The time without news after which changes are taken up, together; `50ms`. */
  readonly debounce?: Duration
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

const WATCH_OPTIONS: OptionNames<WatchOptions> = { debounce: true, polling: true }

/** The longest that a timer of Node waits. One that is told to wait longer does not wait at all. */
const LONGEST = 2 ** 31 - 1

/** Milliseconds between looks, where folders are looked at again and again. */
const POLL_MS = 200

/** How folders are watched, with everything filled in. */
export interface Watching {
  readonly debounceMs: number
  /** Undefined: the system tells. */
  readonly pollMs: number | undefined
}

/**
 * Refuses options that are none, and values that cannot be one, for those who write without types.
 * @param known the names that there are
 * @param of what they are options of, for the error
 * @throws TypeError
 */
export function checkRegistryOptions(options: RegistryOptions, known: Readonly<Record<string, true>>, of: string): void {
  checkOptions(options, known, of)
  checkEngineOptions(options.engine, `${of}'s engine`)
  void watchingOf(options, of)
  const { folder, folders = [], guards = {}, completers = {}, pin, subject, assign, report } = options
  const must = (name: string, holds: boolean, be: string): void => {
    if (!holds) throw new TypeError(`${name} of ${of} must be ${be}`)
  }
  must('folder', folder === undefined || isPath(folder), 'a path')
  must('folders', Array.isArray(folders) && folders.every(isPath), 'a list of paths')
  for (const [name, guard] of Object.entries(guards)) must(`the guard ${name}`, isObject(guard), 'a rule: { visible, requires, allow }')
  for (const [name, completer] of Object.entries(completers)) must(`the completer ${name}`, typeof completer === 'function', 'a function')
  for (const [name, value] of Object.entries({ pin, subject, assign, report }))
    must(name, value === undefined || typeof value === 'function', 'a function')
}

const isPath = (value: unknown): boolean => typeof value === 'string' && value !== ''

/** Undefined when folders are not watched. @throws TypeError for what is no option and no time */
export function watchingOf({ watch }: Pick<RegistryOptions, 'watch'>, of = 'a prompt registry'): Watching | undefined {
  if (watch === undefined || watch === false) return undefined
  const options = watch === true ? {} : watch
  checkOptions(options, WATCH_OPTIONS, `watch of ${of}`)
  const { debounce = '50ms', polling = false } = options
  try {
    return { debounceMs: Math.min(duration(debounce), LONGEST), pollMs: polling ? POLL_MS : undefined }
  } catch (cause) {
    throw new TypeError(`debounce in watch of ${of}: ${(cause as Error).message}`, { cause })
  }
}
