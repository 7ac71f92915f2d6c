/** What the engine is told: helpers of your own, limits, time and place, and where images come from. */

import { checkOptions, isObject, type Clock, type OptionNames } from '@oarlock/protocol'
import { isHelperName, type HelperDefinition } from './callable.ts'

/** Bounds of a template and of one rendering. What goes past one fails, so that no argument makes a prompt without end. */
export interface TemplateLimits {
  /** Characters of one template; 256,000. */
  readonly templateChars: number
  /** Characters of text that one rendering puts out; 1,000,000. */
  readonly outputChars: number
  /** Turns of all loops of one rendering together, and the longest list a helper makes; 10,000. */
  readonly iterations: number
  /** Partials within partials, and parents of parents; 32. */
  readonly depth: number
  /** Messages of one rendering; 256. */
  readonly messages: number
  /** Bytes of images, audio and files that one rendering puts out; 16 MiB. */
  readonly assetBytes: number
}

export const LIMITS: TemplateLimits = {
  templateChars: 256_000,
  outputChars: 1_000_000,
  iterations: 10_000,
  depth: 32,
  messages: 256,
  assetBytes: 16 * 1024 * 1024,
}

/** A file that a template shows. */
export interface Asset {
  /** Bytes, or text. */
  readonly data: Uint8Array | string
  /** Told from the name's extension when absent. */
  readonly mimeType?: string
  /** The URI of an embedded file; `asset:///name` when absent. */
  readonly uri?: string
}

/** How templates are rendered. */
export interface EngineOptions {
  /** Helpers of your own, made by `helper`. One with the name of a built-in must say `replaces`, and cannot take the place of one that builds messages. */
  readonly helpers?: readonly HelperDefinition[]
  readonly limits?: Partial<TemplateLimits>
  /** How many tokens a text has. Without it an estimate: four characters of Latin script to the token, one of any other. */
  readonly tokens?: (text: string) => number
  /** The time of `{{now}}`. The machine's clock unless given. */
  readonly clock?: Pick<Clock, 'now'>
  /** IANA name of the zone in which dates are written; `UTC`. */
  readonly timeZone?: string
  /** BCP 47 tag for dates, numbers and plurals; `en-US`. */
  readonly locale?: string
  /**
   * Finds the file that `{{image "logo.png"}}` and its kin name. The name is relative, with `/` between its parts, and screened: no `..`, no
   * root, no drive, no backslash, no NUL. Called while rendering, so it should know its files. Undefined: there is no such file.
   */
  readonly assets?: (name: string) => Asset | undefined
}

const ENGINE_OPTIONS: OptionNames<EngineOptions> = {
  helpers: true,
  limits: true,
  tokens: true,
  clock: true,
  timeZone: true,
  locale: true,
  assets: true,
}

const LIMIT_NAMES = Object.fromEntries(Object.keys(LIMITS).map(name => [name, true])) as OptionNames<TemplateLimits>

/**
 * Refuses options that are none, and values that cannot be one, for those who write without types.
 * @param of what they are options of, for the error
 * @throws TypeError
 */
export function checkEngineOptions(options: EngineOptions | undefined, of: string): void {
  checkOptions(options, ENGINE_OPTIONS, of)
  if (options === undefined) return
  const { helpers, limits, tokens, clock, assets } = options as Readonly<Record<keyof EngineOptions, unknown>>
  checkOptions(limits as object | undefined, LIMIT_NAMES, `limits of ${of}`)
  if (helpers !== undefined && !Array.isArray(helpers)) throw new TypeError(`helpers of ${of} must be a list`)
  for (const [index, each] of ((helpers ?? []) as readonly unknown[]).entries()) {
    if (!isCallable(each)) throw new TypeError(`helpers[${index}] of ${of} is no helper: make it with helper({ name, args, run })`)
  }
  for (const [name, value] of Object.entries({ tokens, assets })) {
    if (value !== undefined && typeof value !== 'function') throw new TypeError(`${name} of ${of} must be a function`)
  }
  if (clock !== undefined && !(isObject(clock) && typeof clock['now'] === 'function'))
    throw new TypeError(`clock of ${of} must have a function: now`)
}

function isCallable(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { name, least, most, named, run } = value as Readonly<Record<keyof HelperDefinition, unknown>>
  return isHelperName(name) && typeof least === 'number' && typeof most === 'number' && Array.isArray(named) && typeof run === 'function'
}

/** The estimate behind `EngineOptions.tokens`. */
export function estimateTokens(text: string): number {
  let wide = 0
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) > 0x2ff) wide += 1
  return wide + Math.ceil((text.length - wide) / 4)
}
