/** A clock that stands still until it is told to move. */

import type { Clock } from './clock.ts'

/** A clock for tests. */
export interface FakeClock extends Clock {
  /** Moves time forward and wakes whoever is due, in order of time, each at its own moment; also those that are set on the way. */
  advance(ms: number): void
  /** How many wait to be woken. */
  readonly pending: number
}

interface Sleeper {
  readonly at: number
  readonly wake: () => void
}

/** Starts at `start`: an arbitrary day when absent. */
export function fakeClock(start = Date.UTC(2026, 6, 28)): FakeClock {
  const sleepers = new Set<Sleeper>()
  let now = start

  return {
    now: () => now,
    after(ms, wake) {
      const sleeper = { at: now + Math.max(ms, 0), wake }
      sleepers.add(sleeper)
      return () => void sleepers.delete(sleeper)
    },
    advance(ms) {
      const until = now + ms
      for (let next = earliest(until); next !== undefined; next = earliest(until)) {
        sleepers.delete(next)
        now = next.at
        next.wake()
      }
      now = until
    },
    get pending() {
      return sleepers.size
    },
  }

  function earliest(until: number): Sleeper | undefined {
    let found: Sleeper | undefined
    for (const sleeper of sleepers) if (sleeper.at <= until && (found === undefined || sleeper.at < found.at)) found = sleeper
    return found
  }
}
