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

/** The longest that a timer of the platform can wait: a longer one would fire at once. */
const LONGEST_MS = 2_147_483_647

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, wake) {
    let stop = (): void => clearTimeout(timer)
    const left = ms - LONGEST_MS
    const timer = setTimeout(left > 0 ? () => (stop = systemClock.after(left, wake)) : wake, Math.min(ms, LONGEST_MS)) as Timer &
      ReturnType<typeof setTimeout>
    timer.unref?.()
    return () => stop()
  },
}
