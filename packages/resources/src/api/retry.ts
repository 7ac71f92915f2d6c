/** Second tries: only for reads, only for what may pass, only while time is left, and only as long as most requests need none. */

import { setTimeout as sleep } from 'node:timers/promises'
import { Screened } from './screening.ts'
import { type Answer, Failure } from './upstream.ts'

const PAUSE_MS = 100
const PASSING: ReadonlySet<number> = new Set([429, 502, 503, 504])
/** So many retries are saved up at most, and each request adds so much of one: an upstream in trouble gets a tenth more, not twice as much. */
const MOST_SAVED = 10
const SAVED_BY_REQUEST = 0.1

/** Retries of one upstream. */
export class RetryBudget {
  #saved = MOST_SAVED

  /** Calls `work` until it brings something that will not pass by itself, at most `retries` times more, and not beyond `deadline`. */
  async run(work: () => Promise<Answer>, retries: number, deadline: number, signal: AbortSignal): Promise<Answer> {
    this.#saved = Math.min(MOST_SAVED, this.#saved + SAVED_BY_REQUEST)
    for (let tries = 0; ; tries++) {
      const outcome = await work().catch((error: unknown) => error)
      const pause = pauseAfter(outcome, tries)
      const isLast = pause === undefined || tries >= retries || this.#saved < 1 || Date.now() + pause >= deadline || signal.aborted
      if (isLast) {
        if (outcome instanceof Error) throw outcome
        return outcome as Answer
      }
      this.#saved -= 1
      await sleep(pause, undefined, { ref: false, signal }).catch(() => {})
    }
  }
}

/** How long to wait; undefined when another try would bring the same. */
function pauseAfter(outcome: unknown, tries: number): number | undefined {
  const usual = PAUSE_MS * 2 ** tries * (0.5 + Math.random())
  if (outcome instanceof Failure) return outcome.kind === 'connection' && !(outcome.cause instanceof Screened) ? usual : undefined
  if (outcome instanceof Error) return undefined
  const { status, headers } = outcome as Answer
  if (!PASSING.has(status)) return undefined
  const asked = retryAfter(headers['retry-after'])
  // Too many requests are not helped by another one, unless its time is said.
  return asked ?? (status === 429 ? undefined : usual)
}

/** Milliseconds of a Retry-After header. */
export function retryAfter(value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  if (/^\d{1,8}$/.test(value)) return Number(value) * 1_000
  const at = Date.parse(value)
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now())
}
