/** Waits for something to happen, with a limit instead of a guess. */

import { type Duration, duration } from '@oarlock/protocol'

/** How long a test waits for what should happen at once. */
export const PATIENCE_MS = 10_000

interface Waiter<T> {
  test(value: T): boolean
  resolve(value: T): void
}

/** Those who wait for a value that passes their test. */
export class Waiting<T> {
  #waiters: Waiter<T>[] = []

  /** The next value that passes. */
  next(test: (value: T) => boolean, timeout: Duration = PATIENCE_MS, what = 'message'): Promise<T> {
    const ms = duration(timeout, 'timeout')
    return new Promise((resolve, reject) => {
      const waiter: Waiter<T> = { test, resolve: value => (clearTimeout(timer), resolve(value)) }
      const timer = setTimeout(() => {
        this.#waiters = this.#waiters.filter(each => each !== waiter)
        reject(new Error(`No ${what} passed the test within ${ms} ms`))
      }, ms)
      this.#waiters.push(waiter)
    })
  }

  /** Gives a value to everyone who waits for it. */
  offer(value: T): void {
    const waiters = this.#waiters
    this.#waiters = waiters.filter(waiter => !waiter.test(value))
    for (const waiter of waiters) if (!this.#waiters.includes(waiter)) waiter.resolve(value)
  }
}
