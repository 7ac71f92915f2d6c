/** One timer for everything of a transport that waits: keep-alive comments, heartbeats, slow bodies, stalled readers, idle sessions. Never a timer per stream. */

import type { Clock } from './port/clock.ts'
import { Roster, type Seated } from './roster.ts'

/** Something with a deadline. In one sweep at a time. */
export interface Swept extends Seated<Swept> {
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
  readonly #members = new Roster<Swept>()
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
    this.#members.each(member => {
      this.#members.delete(member)
      member.shut()
    })
    this.#callOff?.()
    this.#callOff = undefined
  }

  #arm(): void {
    this.now = this.#clock.now()
    this.#callOff = this.#clock.after(INTERVAL_MS, this.#round)
  }

  readonly #visit = (member: Swept): void => member.sweep(this.now)

  // The timer is not called off with the last member: a server with a request now and then would only make timers.
  readonly #round = (): void => {
    this.#callOff = undefined
    if (this.#members.size === 0) return
    const since = this.now
    this.#arm()
    // Code that held up the process held up those who are waited for: what they sent meanwhile is read before anybody is judged.
    this.#excused = !this.#excused && this.now - since >= 2 * INTERVAL_MS
    if (this.#excused) return
    this.#members.each(this.#visit)
  }
}
