/** The connections of a door: counted, looked after once a second with one timer for all, closed together. */

import { callerOf, Quota, systemClock, type Head, type Lack, type Sweep, type Swept } from '@oarlock/protocol'
import type { Settings } from './options.ts'

/** Connections beyond the bound that are still told why they are refused. More are cut without a word. */
export const SPARE = 100

/** Somebody at the door: a handshake. */
export interface Guest extends Omit<Swept, 'seat'> {
  /** Breaks the connection. */
  cut(): void
}

/** Somebody inside: a connection. */
export interface Member extends Guest {
  readonly head: Head
}

/** Everybody who is in or at the door. */
export class Room implements Swept {
  seat: Swept['seat']
  readonly #sweep: Sweep
  readonly #settings: Settings
  readonly #members = new Set<Member>()
  readonly #guests = new Set<Guest>()
  readonly #quota: Quota
  /** Those that `close` waits for: whoever comes to a closed door does not keep it from closing. */
  #leaving: Set<Guest> | undefined
  #emptied: () => void = () => {}

  constructor(sweep: Sweep, settings: Settings) {
    this.#sweep = sweep
    this.#settings = settings
    this.#quota = new Quota(settings.quota)
  }

  /** The time of the last round. */
  get now(): number {
    return this.#sweep.now
  }

  /** Whether there are more than may be. */
  get full(): boolean {
    return this.#members.size + this.#guests.size > this.#settings.quota.all
  }

  /** Whether there are so many that nobody else is even answered. */
  get crowded(): boolean {
    return this.#members.size + this.#guests.size >= this.#settings.quota.all + SPARE
  }

  /** What keeps one more connection of whoever this is from coming in, if anything. */
  lack(head: Head): Lack | undefined {
    return this.#quota.lack(callerOf(head))
  }

  /** Somebody is at the door. Returns the time. */
  expect(guest: Guest): number {
    this.#sweep.add(this)
    this.#guests.add(guest)
    return this.#sweep.now
  }

  /** The handshake is over, whatever came of it. */
  forget(guest: Guest): void {
    this.#guests.delete(guest)
    this.#rest(guest)
  }

  enter(member: Member): void {
    this.#sweep.add(this)
    this.#members.add(member)
    this.#quota.take(callerOf(member.head))
  }

  leave(member: Member): void {
    if (!this.#members.delete(member)) return
    this.#quota.give(callerOf(member.head))
    this.#rest(member)
  }

  sweep(now: number): void {
    for (const guest of this.#guests) guest.sweep(now)
    for (const member of this.#members) member.sweep(now)
  }

  /** Cuts whoever is left. */
  shut(): void {
    for (const guest of this.#guests) guest.cut()
    for (const member of this.#members) member.cut()
  }

  /** Says goodbye to everybody. Resolves when all are gone; those that do not go are cut. */
  async close(): Promise<void> {
    const all = [...this.#guests, ...this.#members]
    const empty = new Promise<void>(resolve => {
      this.#emptied = resolve
    })
    this.#leaving = new Set(all)
    for (const guest of this.#guests) guest.shut()
    for (const member of this.#members) member.shut()
    const callOff = systemClock.after(this.#settings.closeMs, () => this.shut())
    if (all.length > 0) await empty
    callOff()
    this.#sweep.shut()
  }

  #rest(gone: Guest): void {
    if (this.#leaving?.delete(gone) === true && this.#leaving.size === 0) this.#emptied()
    if (this.#members.size + this.#guests.size === 0) this.#sweep.delete(this)
  }
}
