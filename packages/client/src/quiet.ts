/** Runs something when a burst of reasons for it is over. */

import type { Clock } from '@oarlock/protocol'

/** How long to wait for more, in milliseconds. */
export interface Burst {
  /** Without a further reason. */
  readonly quietMs: number
  /** However many reasons there are. */
  readonly longestMs: number
}

/** One thing to run. */
export class Quiet {
  readonly #clock: Clock
  readonly #burst: Burst
  readonly #run: () => void
  #since: number | undefined
  #callOff: (() => void) | undefined

  constructor(clock: Clock, burst: Burst, run: () => void) {
    this.#clock = clock
    this.#burst = burst
    this.#run = run
  }

  /** There is a reason. */
  stir(): void {
    const now = this.#clock.now()
    this.#since ??= now
    const { quietMs, longestMs } = this.#burst
    this.#callOff?.()
    this.#callOff = this.#clock.after(Math.max(Math.min(quietMs, this.#since + longestMs - now), 0), () => {
      this.stop()
      this.#run()
    })
  }

  /** Whatever there was a reason for does not matter any more. */
  stop(): void {
    this.#callOff?.()
    this.#callOff = undefined
    this.#since = undefined
  }
}
