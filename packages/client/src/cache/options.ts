/** How much a client keeps of what servers say may be kept. */

import { checkOptions, type Duration, duration, type OptionNames } from '@oarlock/protocol'

/** Sizes of the cache. */
export interface CacheOptions {
  /** Results that are kept. The one that was not used for longest makes room. 256 when absent. */
  readonly entries?: number | undefined
  /** Characters of JSON that are kept in all. 32 Mi when absent. */
  readonly characters?: number | undefined
  /** How long a result is fresh at most, whatever the server says. `1d` when absent. */
  readonly maxTtl?: Duration | undefined
  /** Answer with what was kept, though it is not fresh any more, when the server cannot be reached. Off when absent (C-CACHE-08). */
  readonly staleOnError?: boolean | undefined
}

/** The names of all options. */
const CACHE_OPTIONS: OptionNames<CacheOptions> = {
  entries: true,
  characters: true,
  maxTtl: true,
  staleOnError: true,
}

/** Options with nothing left open. */
export interface CacheSettings {
  readonly entries: number
  readonly characters: number
  readonly maxTtlMs: number
  readonly staleOnError: boolean
}

/** Fills in what was left out. Undefined when nothing is to be kept. */
export function cacheOf(options: false | CacheOptions = {}): CacheSettings | undefined {
  if (options === false) return undefined
  checkOptions(options, CACHE_OPTIONS, 'cache of a client')
  return {
    entries: options.entries ?? 256,
    characters: options.characters ?? 32 * 1024 * 1024,
    maxTtlMs: duration(options.maxTtl ?? '1d', 'cache.maxTtl'),
    staleOnError: options.staleOnError ?? false,
  }
}
