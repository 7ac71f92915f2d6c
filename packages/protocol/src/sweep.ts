/** One timer for everything of a transport that waits: keep-alive comments, heartbeats, slow bodies, stalled readers, idle sessions. Never a timer per stream. */

import type { Clock } from './port/clock.ts'

/** Something with a deadline. */
export interface Swept {
  /** Called about once a second with the time in milliseconds. */
  sweep(now: number): void
  /** The transport closes: end whatever is under way. */
  shut(): void
}

/** How exact deadlines are. */
const INTERVAL_MS = 1000

/** Looks after its members once a second while it has any. */
export class Sweep {
  /** The time of the last round: exact enough to measure waiting from, and free to read. */
  now: number
  readonly #clock: Clock
  readonly #members = new Set<Swept>()
  #callOff: (() => void) | undefined
  /** The last round was left out. */
  #excused = false

  constructor(clock: Clock) {
    this.#clock = clock
    this.now = clock.now()
  }

  add(member: Swept): void {
    if (this.#callOff === undefined) this.#arm()
    this.#members.add(member)
  }

  delete(member: Swept): void {
    this.#members.delete(member)
  }

  /** Ends every member, and the timer with them. */
  shut(): void {
    for (const member of this.#members) member.shut()
    this.#members.clear()
    this.#callOff?.()
    this.#callOff = undefined
  }

  #arm(): void {
    this.now = this.#clock.now()
    this.#callOff = this.#clock.after(INTERVAL_MS, this.#round)
  }

  // The timer is not called off with the last member: a server with a request now and then would only make timers.
  readonly #round = (): void => {
    this.#callOff = undefined
    if (this.#members.size === 0) return
    const since = this.now
    this.#arm()
    // Code that held up the process held up those who are waited for: what they sent meanwhile is read before anybody is judged.
    this.#excused = !this.#excused && this.now - since >= 2 * INTERVAL_MS
    if (this.#excused) return
    for (const member of this.#members) member.sweep(this.now)
  }
}
