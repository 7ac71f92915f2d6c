/** The time in which our handlers answer: what they are told, and the three things that can call them off. */

import { Cancellation, type Clock, type Implementation, TimedOut } from '@oarlock/protocol'
import type { AskContext } from '../answer/handlers.ts'
import { cancelled } from '../pending.ts'

/** One question, or one round of them, that is being answered. */
export class Asking implements AskContext {
  readonly server: Implementation | undefined
  readonly #cancellation = new Cancellation()

  constructor(server: Implementation | undefined) {
    this.server = server
  }

  get signal(): AbortSignal {
    return this.#cancellation.signal
  }

  get cancelled(): boolean {
    return this.#cancellation.cancelled
  }

  /** The answer is no longer wanted. */
  cancel(reason: unknown): void {
    this.#cancellation.cancel(reason)
  }

  onCancel(listener: () => void): void {
    this.#cancellation.onCancel(listener)
  }

  /**
   * Waits for the handlers' work: until it is done, `ms` are over, the caller of `method` gives up, or the question is cancelled. Whatever ends
   * it otherwise, failure of one of several handlers included, cancels the question.
   */
  during<T>(work: Promise<T>, method: string, clock: Clock, ms: number, signal: AbortSignal | undefined): Promise<T> {
    const abort = (): void => this.cancel(cancelled(method, signal?.reason))
    const callOff = clock.after(ms, () => this.cancel(new TimedOut(`${method} waited too long for answers`)))
    signal?.addEventListener('abort', abort)
    if (signal?.aborted === true) abort()
    return new Promise<T>((resolve, reject) => {
      this.onCancel(() => reject(this.#cancellation.reason))
      work.then(resolve, (cause: unknown) => this.cancel(cause))
    }).finally(() => {
      callOff()
      signal?.removeEventListener('abort', abort)
    })
  }
}
