/** Waiting between two attempts: longer each time, never for all clients alike, and over at once when nobody wants it any more. */

import { type Clock, TimedOut } from '@oarlock/protocol'
import { cancelled } from '../pending.ts'
import type { Heal } from './options.ts'

/** The longest a timer can wait. */
const LONGEST = 2 ** 31 - 1

/** How long to wait before attempt `tries`, counted from 0. The random half keeps clients apart that lost the same server. */
export function delayOf(
  tries: number,
  { firstMs, longestMs }: Pick<Heal, 'firstMs' | 'longestMs'>,
  random: () => number = Math.random,
): number {
  const most = Math.min(longestMs, firstMs * 2 ** tries)
  return Math.round((most * (1 + random())) / 2)
}

/** Waits. Rejects with the signal's reason as soon as it aborts. */
export function pause(ms: number, clock: Clock, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(signal.reason as Error)
    const abort = (): void => {
      callOff()
      reject((signal as AbortSignal).reason as Error)
    }
    const callOff = clock.after(ms, () => {
      signal?.removeEventListener('abort', abort)
      resolve()
    })
    signal?.addEventListener('abort', abort, { once: true })
  })
}

/** How long somebody waited for credentials in all. It may have been for a person, so it is nobody's delay. */
export class Waits {
  readonly #clock: Clock
  #under = 0
  #since = 0
  #total = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Milliseconds so far. Waits that overlap count once. */
  get ms(): number {
    return this.#total + (this.#under === 0 ? 0 : this.#clock.now() - this.#since)
  }

  /** One more, until `work` settles. */
  add(work: PromiseLike<unknown>): void {
    if (this.#under++ === 0) this.#since = this.#clock.now()
    const over = (): void => {
      if (--this.#under === 0) this.#total += this.#clock.now() - this.#since
    }
    work.then(over, over)
  }
}

/** The time that one request has, which waits for credentials are no part of. */
export class Allowance {
  readonly #clock: Clock
  readonly #waits: Waits
  readonly #end: number
  readonly #limit: number
  readonly #before: number

  /** @param limitMs what it may take with such waits */
  constructor(clock: Clock, waits: Waits, timeoutMs: number, limitMs: number) {
    const now = clock.now()
    this.#clock = clock
    this.#waits = waits
    this.#before = waits.ms
    this.#end = now + timeoutMs
    this.#limit = now + limitMs
  }

  /** Milliseconds that are left; 0 or less when it is over. */
  get left(): number {
    const end = this.#end + this.#waits.ms - this.#before
    return Math.min(end, this.#limit) - this.#clock.now()
  }
}

/**
 * What `work` comes to, unless the time is up or the signal aborts first. The process lives as long as somebody waits here: the clock's wake-ups
 * do not keep it.
 * @throws TimedOut, Cancelled
 */
export function within<T>(
  work: Promise<T>,
  method: string,
  allowance: Allowance,
  clock: Clock,
  signal: AbortSignal | undefined,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    if (signal?.aborted === true) {
      // It stops for the same signal, and nobody else looks.
      work.catch(() => {})
      return reject(cancelled(method, signal.reason))
    }
    const hold = setInterval(() => {}, LONGEST)
    const end = (settle: () => void): void => {
      clearInterval(hold)
      callOff()
      signal?.removeEventListener('abort', abort)
      settle()
    }
    const wait = (): (() => void) => clock.after(Math.min(Math.max(allowance.left, 1), LONGEST), woken)
    const woken = (): void => {
      if (allowance.left > 0) callOff = wait()
      else end(() => reject(new TimedOut(`${method} was not answered in time: the connection is broken`)))
    }
    const abort = (): void => end(() => reject(cancelled(method, signal?.reason)))
    let callOff = wait()
    signal?.addEventListener('abort', abort)
    work.then(
      value => end(() => resolve(value)),
      (cause: unknown) => end(() => reject(cause)),
    )
  })
}
