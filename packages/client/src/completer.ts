/** Suggestions for somebody who types: one request when the typing rests, and none for what was typed over (C-UTIL-10). */

import type { Clock, CompleteRequestParams, CompleteResult, JsonObject } from '@oarlock/protocol'
import { pause } from './heal/wait.ts'
import type { RequestOptions } from './options.ts'
import { cancelled } from './pending.ts'

/** Suggested values, and how many there are in all as far as the server says. */
export type Completion = CompleteResult['completion']

/** Options of `completer`, beside those of its requests. */
export interface CompleterOptions extends RequestOptions {
  /** Milliseconds of rest after which the server is asked. 150 when absent. */
  readonly quietMs?: number | undefined
}

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
  readonly #options: CompleterOptions
  #last: AbortController | undefined

  constructor(complete: Complete, clock: Clock, options: CompleterOptions) {
    this.#complete = complete
    this.#clock = clock
    this.#options = options
  }

  /**
   * Suggests values for what is typed so far. Undefined when more was typed meanwhile: then there is nothing to show, and the server was not asked, or
   * is told not to bother.
   */
  async suggest(argument: CompleteRequestParams['argument'], filledIn?: Readonly<Record<string, string>>): Promise<Completion | undefined> {
    this.close()
    const { quietMs = 150, signal: outer, ...options } = this.#options
    const mine = (this.#last = new AbortController())
    const signal = outer === undefined ? mine.signal : AbortSignal.any([mine.signal, outer])
    // The clock's wake-ups do not keep the process, and somebody waits here.
    const hold = setInterval(() => {}, LONGEST)
    try {
      await pause(quietMs, this.#clock, signal)
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
