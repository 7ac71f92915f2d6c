/** Waiting between two attempts: longer each time, never for all clients alike, and over at once when nobody wants it any more. */

import { type Clock, TimedOut } from '@oarlock/protocol'
import { cancelled } from '../pending.ts'
import type { Heal } from './options.ts'

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

/**
 * What `work` comes to, unless `ms` pass or the signal aborts first. The process lives as long as somebody waits here: the clock's wake-ups
 * do not keep it.
 * @throws TimedOut, Cancelled
 */
export function within<T>(work: Promise<T>, method: string, ms: number, clock: Clock, signal: AbortSignal | undefined): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    if (signal?.aborted === true) return reject(cancelled(method, signal.reason))
    const hold = setTimeout(() => {}, Math.min(ms, 2 ** 31 - 1))
    const end = (settle: () => void): void => {
      clearTimeout(hold)
      callOff()
      signal?.removeEventListener('abort', abort)
      settle()
    }
    const callOff = clock.after(Math.min(ms, 2 ** 31 - 1), () =>
      end(() => reject(new TimedOut(`${method} was not answered in time: the connection is broken`))),
    )
    const abort = (): void => end(() => reject(cancelled(method, signal?.reason)))
    signal?.addEventListener('abort', abort)
    work.then(
      value => end(() => resolve(value)),
      (cause: unknown) => end(() => reject(cause)),
    )
  })
}
