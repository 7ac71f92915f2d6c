/** What an error says about the fate of a request: answered, certainly not done, or nobody knows. */

import { ConnectionClosed, isObject, LocalError } from '@oarlock/protocol'

/** Statuses that say that somebody on the way was too busy, or lost the server: another try may succeed. */
const PASSING: ReadonlySet<unknown> = new Set([429, 502, 503, 504])

/** `unsent`: the server did not begin. `unknown`: it may have. Undefined: this is an answer, or no other try will fare better. */
export type Fate = 'unsent' | 'unknown' | undefined

/** Reads it. */
export function fateOf(cause: unknown): Fate {
  if (ConnectionClosed.is(cause)) return cause.unsent ? 'unsent' : 'unknown'
  return isObject(cause) && PASSING.has(cause['status']) ? 'unknown' : undefined
}

/** Whether opening a connection may succeed later. What a person has to mend first, or somebody decided, does not pass. */
export function mayPass(cause: unknown): boolean {
  if (fateOf(cause) !== undefined) return true
  if (LocalError.is(cause)) return cause.code === 'TIMED_OUT'
  const status = isObject(cause) ? cause['status'] : undefined
  if (typeof status === 'number') return status >= 500 || status === 408 || status === 425
  return !(isObject(cause) && typeof cause['code'] === 'number')
}

/** Milliseconds that the server asks to be left alone, where it says so. */
export function retryAfterOf(cause: unknown): number {
  const headers = isObject(cause) ? (cause['headers'] as { get?: (name: string) => string | undefined } | undefined) : undefined
  const seconds = typeof headers?.get === 'function' ? Number(headers.get('retry-after') ?? Number.NaN) : Number.NaN
  return seconds > 0 && seconds <= 3600 ? seconds * 1000 : 0
}
