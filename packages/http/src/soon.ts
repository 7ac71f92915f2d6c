/** A moment later: after the work at hand, before anything else that arrives. */

declare const setImmediate: ((run: () => void) => unknown) | undefined

/** Runs `run` once the present burst of work is done. What a burst writes can then leave in one piece. */
export const soon: (run: () => void) => void =
  typeof setImmediate === 'function' ? run => void setImmediate(run) : run => void setTimeout(run, 0)
