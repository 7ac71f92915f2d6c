/** A moment later: after the work at hand, before anything else that arrives. */

declare const setImmediate: ((run: () => void) => unknown) | undefined

/** Who is to be woken. */
export interface Sleeper {
  wake(): void
}

const later: (run: () => void) => void = typeof setImmediate === 'function' ? run => void setImmediate(run) : run => void setTimeout(run, 0)

/** What the burst at hand has asked for so far. */
let burst: Sleeper[] | undefined

/**
 * Wakes `sleeper` once the present burst of work is done. What a burst writes can then leave in one piece. However many ask in one burst, the event loop is asked once: a change that
 * a thousand streams hear would pay for each. The next burst asks for itself, so that a wake-up that never comes (timers of a test that were put back, of a request that a platform
 * ended) takes nothing with it but its own.
 */
export function soon(sleeper: Sleeper): void {
  if (burst !== undefined) {
    burst.push(sleeper)
    return
  }
  const sleepers = [sleeper]
  burst = sleepers
  queueMicrotask(() => (burst = undefined))
  later(() => wakeAll(sleepers))
}

function wakeAll(sleepers: readonly Sleeper[]): void {
  let woken = 0
  try {
    for (; woken < sleepers.length; woken += 1) (sleepers[woken] as Sleeper).wake()
  } finally {
    // One that throws does not hold up those behind it.
    if (woken < sleepers.length) for (const sleeper of sleepers.slice(woken + 1)) soon(sleeper)
  }
}
