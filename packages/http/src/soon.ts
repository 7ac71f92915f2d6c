/** A moment later: after the work at hand, before anything else that arrives. */

declare const setImmediate: ((run: () => void) => unknown) | undefined

const wake: (run: () => void) => void = typeof setImmediate === 'function' ? run => void setImmediate(run) : run => void setTimeout(run, 0)

/** What the burst at hand has asked for so far. */
let burst: (() => void)[] | undefined

/**
 * Runs `run` once the present burst of work is done. What a burst writes can then leave in one piece. However many ask in one burst, the event loop is asked once: a change that
 * a thousand streams hear would pay for each. The next burst asks for itself, so that a wake-up that never comes (timers of a test that were put back, of a request that a platform
 * ended) takes nothing with it but its own.
 */
export function soon(run: () => void): void {
  if (burst !== undefined) {
    burst.push(run)
    return
  }
  const runs = [run]
  burst = runs
  queueMicrotask(() => (burst = undefined))
  wake(() => runAll(runs))
}

function runAll(runs: readonly (() => void)[]): void {
  let done = 0
  try {
    for (; done < runs.length; done += 1) (runs[done] as () => void)()
  } finally {
    // One that throws does not hold up those behind it.
    if (done < runs.length) for (const run of runs.slice(done + 1)) soon(run)
  }
}
