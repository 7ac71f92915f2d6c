/** Time as a port, so that tests need not wait. */

/** Tells the time and wakes. */
export interface Clock {
  /** Unix time in milliseconds. */
  now(): number
  /** Calls `wake` once after `ms` milliseconds. Returns how to call it off. A pending wake-up must not keep a process alive. */
  after(ms: number, wake: () => void): () => void
}

interface Timer {
  unref?(): unknown
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, wake) {
    const timer = setTimeout(wake, ms) as Timer & ReturnType<typeof setTimeout>
    timer.unref?.()
    return () => clearTimeout(timer)
  },
}
