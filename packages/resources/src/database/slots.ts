/** Lets only so many in at once; the others wait in turn, and only so many may wait. */

import { DatabaseFailure } from './port.ts'

interface Waiting<T> {
  take(slot: T): void
  refuse(): void
}

/** Places of which each is taken by one at a time. */
export class Slots<T> {
  readonly #free: T[]
  readonly #waiting: Waiting<T>[] = []
  readonly #mostWaiting: number
  #closings = 0

  constructor(slots: readonly T[], mostWaiting: number) {
    this.#free = slots.toReversed()
    this.#mostWaiting = mostWaiting
  }

  /** Does `work` with a place of its own. @throws DatabaseFailure busy, cancelled, connection for what waited when it was closed */
  async with<R>(signal: AbortSignal | undefined, work: (slot: T) => Promise<R>): Promise<R> {
    if (signal?.aborted === true) throw new DatabaseFailure('cancelled', 'cancelled')
    const closings = this.#closings
    const slot = this.#free.length > 0 ? (this.#free.pop() as T) : await this.#wait(signal)
    try {
      // The place may have been given just before, and then closed.
      if (closings !== this.#closings) throw closed()
      return await work(slot)
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#free.push(slot)
      else next.take(slot)
    }
  }

  /** Refuses all that wait: they would open again what is being closed. What comes later is let in. */
  close(): void {
    this.#closings += 1
    for (const { refuse } of this.#waiting.splice(0)) refuse()
  }

  #wait(signal: AbortSignal | undefined): Promise<T> {
    if (this.#waiting.length >= this.#mostWaiting)
      return Promise.reject(new DatabaseFailure('busy', `${this.#mostWaiting} statements wait already`))
    return new Promise((resolve, reject) => {
      const cancel = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1)
        reject(new DatabaseFailure('cancelled', 'cancelled'))
      }
      const waiting: Waiting<T> = {
        take(slot) {
          signal?.removeEventListener('abort', cancel)
          resolve(slot)
        },
        refuse() {
          signal?.removeEventListener('abort', cancel)
          reject(closed())
        },
      }
      this.#waiting.push(waiting)
      signal?.addEventListener('abort', cancel, { once: true })
    })
  }
}

const closed = () => new DatabaseFailure('connection', 'the database is closed')

/** How many may wait for a connection. */
export const MOST_WAITING = 256
