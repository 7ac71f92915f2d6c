/** Suggestions for somebody who types: one request when the typing rests, and none for what was typed over (C-UTIL-10). */

import { checkOptions, duration } from '@oarlock/protocol'
import type { Clock, CompleteRequestParams, CompleteResult, Duration, JsonObject, OptionNames } from '@oarlock/protocol'
import { pause } from './heal/wait.ts'
import { REQUEST_OPTIONS, type RequestOptions } from './options.ts'
import { cancelled } from './pending.ts'

/** Suggested values, and how many there are in all as far as the server says. */
export type Completion = CompleteResult['completion']

/** Options of `completer`, beside those of its requests. */
export interface CompleterOptions extends RequestOptions {
  /** How long the typing rests before the server is asked. `150ms` when absent. */
  readonly quiet?: Duration | undefined
}

const COMPLETER_OPTIONS: OptionNames<CompleterOptions> = { ...REQUEST_OPTIONS, quiet: true }

/** Asks the server. */
export type Complete = (
  argument: CompleteRequestParams['argument'],
  filledIn: Readonly<Record<string, string>> | undefined,
  options: RequestOptions,
) => Promise<Completion>

const LONGEST = 2 ** 31 - 1

/** Suggests values for the arguments of one prompt or template, while they are typed. */
export class Completer {
  readonly #complete: Complete
  readonly #clock: Clock
  readonly #options: RequestOptions
  readonly #quietMs: number
  #last: AbortController | undefined

  constructor(complete: Complete, clock: Clock, options: CompleterOptions) {
    this.#complete = complete
    this.#clock = clock
    checkOptions(options, COMPLETER_OPTIONS, 'completer()')
    const { quiet = '150ms', ...ofRequest } = options
    this.#quietMs = duration(quiet, 'quiet')
    this.#options = ofRequest
  }

  /**
   * Suggests values for what is typed so far. Undefined when more was typed meanwhile: then there is nothing to show, and the server was not asked, or
   * is told not to bother.
   */
  async suggest(argument: CompleteRequestParams['argument'], filledIn?: Readonly<Record<string, string>>): Promise<Completion | undefined> {
    this.close()
    const { signal: outer, ...options } = this.#options
    const mine = (this.#last = new AbortController())
    const signal = outer === undefined ? mine.signal : AbortSignal.any([mine.signal, outer])
    // The clock's wake-ups do not keep the process, and somebody waits here.
    const hold = setInterval(() => {}, LONGEST)
    try {
      await pause(this.#quietMs, this.#clock, signal)
      const found = await this.#complete(argument, filledIn, { ...options, signal })
      return mine.signal.aborted ? undefined : found
    } catch (cause) {
      if (mine.signal.aborted) return undefined
      throw outer?.aborted === true ? cancelled('completion/complete', outer.reason) : cause
    } finally {
      clearInterval(hold)
    }
  }

  /** Nobody waits for suggestions any more. What is under way gives undefined. */
  close(): void {
    this.#last?.abort()
  }
}

/** What a server suggests, however little it says of it. */
export function completionOf({ completion }: JsonObject): Completion {
  const { values, ...rest } = (completion ?? {}) as Partial<Completion>
  return { ...rest, values: Array.isArray(values) ? values.filter(value => typeof value === 'string') : [] }
}
