/** Work that may only take so long. */

import type { Clock } from '@oarlock/protocol'

/** Resolves or rejects as `work` does, and rejects with what `expired` returns when that takes longer than `ms`. Work that is late goes on unheard. */
export function inTime<T>(work: PromiseLike<T>, ms: number, clock: Clock, expired: () => unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = clock.after(ms, () => reject(expired()))
    const settled =
      <O>(settle: (outcome: O) => void) =>
      (outcome: O): void => {
        stop()
        settle(outcome)
      }
    work.then(settled(resolve), settled(reject))
  })
}
