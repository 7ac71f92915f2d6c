/** A moment later: after the work at hand, before anything else that arrives. */

declare const setImmediate: ((run: () => void) => unknown) | undefined

const wake: (run: () => void) => void = typeof setImmediate === 'function' ? run => void setImmediate(run) : run => void setTimeout(run, 0)

let waiting: (() => void)[] = []

/**
 * Runs `run` once the present burst of work is done. What a burst writes can then leave in one piece. However many wait, the event loop is asked once: a change that a
 * thousand streams hear would pay for each.
 */
export function soon(run: () => void): void {
  if (waiting.push(run) === 1) wake(runAll)
}

function runAll(): void {
  const runs = waiting
  waiting = []
  let done = 0
  try {
    for (; done < runs.length; done += 1) (runs[done] as () => void)()
  } finally {
    // One that throws does not hold up those behind it.
    if (done < runs.length) for (const run of runs.slice(done + 1)) soon(run)
  }
}
