/** Caching hints: how long clients may keep a result, and whether they may share it (DIGEST 3.11). */

import { checkOptions, duration, type OptionNames } from '@oarlock/protocol'
import type { CacheHint } from './catalog/component.ts'

/** A complete hint. */
export interface Hint {
  readonly ttlMs: number
  readonly scope: 'public' | 'private'
}

/** What holds where nothing is said: stale at once, and nobody else's (DIGEST S-CACHE-06). */
export const NO_CACHE: Hint = Object.freeze({ ttlMs: 0, scope: 'private' })

const HINT: OptionNames<CacheHint> = { ttl: true, scope: true }

/** Completes a hint by another. @throws TypeError for one that clients could not use (DIGEST S-CACHE-07) */
export function checkedHint(given: CacheHint | undefined, otherwise: Hint = NO_CACHE): Hint {
  if (given === undefined) return otherwise
  checkOptions(given, HINT, 'cache')
  const { ttl = otherwise.ttlMs, scope = otherwise.scope } = given
  const ttlMs = duration(ttl, 'cache.ttl')
  if (!Number.isSafeInteger(ttlMs)) throw new TypeError(`cache.ttl must be whole milliseconds, not ${ttl}`)
  if (scope !== 'public' && scope !== 'private')
    throw new TypeError(`cache: scope must be 'public' or 'private', not ${JSON.stringify(scope)}`)
  return { ttlMs, scope }
}
