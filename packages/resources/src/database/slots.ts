/** Lets only so many in at once; the others wait in turn, and only so many may wait. */

import { DatabaseFailure } from './port.ts'

/** Places of which each is taken by one at a time. */
export class Slots<T> {
  readonly #free: T[]
  readonly #waiting: ((slot: T) => void)[] = []
  readonly #mostWaiting: number

  constructor(slots: readonly T[], mostWaiting: number) {
    this.#free = slots.toReversed()
    this.#mostWaiting = mostWaiting
  }

  /** Does `work` with a place of its own. @throws DatabaseFailure busy, cancelled */
  async with<R>(signal: AbortSignal | undefined, work: (slot: T) => Promise<R>): Promise<R> {
    const slot = this.#free.length > 0 ? (this.#free.pop() as T) : await this.#wait(signal)
    try {
      return await work(slot)
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#free.push(slot)
      else next(slot)
    }
  }

  #wait(signal: AbortSignal | undefined): Promise<T> {
    if (this.#waiting.length >= this.#mostWaiting)
      return Promise.reject(new DatabaseFailure('busy', `${this.#mostWaiting} statements wait already`))
    return new Promise((resolve, reject) => {
      const cancel = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(take), 1)
        reject(new DatabaseFailure('cancelled', 'cancelled'))
      }
      const take = (slot: T): void => {
        signal?.removeEventListener('abort', cancel)
        resolve(slot)
      }
      this.#waiting.push(take)
      signal?.addEventListener('abort', cancel, { once: true })
    })
  }
}

/** How many may wait for a connection. */
export const MOST_WAITING = 256
