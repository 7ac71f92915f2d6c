/** How long to wait before a broken stream is taken up again, and the waiting. */

import type { Clock } from '@oarlock/protocol'

const FIRST_MS = 1000
const LONGEST_MS = 30_000
const GROWTH = 1.5

/** Delays that grow while nothing comes of them. What the server asks for is the least (C-LEG-09). */
export class Patience {
  /** Attempts since something came. */
  tries = 0
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Something came: begin anew. */
  rewarded(): void {
    this.tries = 0
  }

  /** Waits before the next attempt. Returns false when `signal` aborted meanwhile. */
  async wait(retryMs: number | undefined, signal: AbortSignal): Promise<boolean> {
    const grown = this.tries === 0 ? (retryMs ?? FIRST_MS) : Math.min(LONGEST_MS, (retryMs ?? FIRST_MS) * GROWTH ** this.tries)
    this.tries += 1
    await pause(Math.max(grown, retryMs ?? 0), signal, this.#clock)
    return !signal.aborted
  }
}

function pause(ms: number, signal: AbortSignal, clock: Clock): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) return resolve()
    const done = (): void => {
      callOff()
      signal.removeEventListener('abort', done)
      resolve()
    }
    const callOff = clock.after(ms, done)
    signal.addEventListener('abort', done)
  })
}
