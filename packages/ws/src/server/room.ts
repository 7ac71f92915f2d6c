/** The connections of a door: counted, looked after once a second with one timer for all, closed together. */

import { principalKey, systemClock, type Head, type Principal, type Sweep, type Swept } from '@oarlock/protocol'
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
  readonly #perPrincipal = new Map<string, number>()
  /** Those that `close` waits for: whoever comes to a closed door does not keep it from closing. */
  #leaving: Set<Guest> | undefined
  #emptied: () => void = () => {}

  constructor(sweep: Sweep, settings: Settings) {
    this.#sweep = sweep
    this.#settings = settings
  }

  /** The time of the last round. */
  get now(): number {
    return this.#sweep.now
  }

  /** Whether there are more than may be. */
  get full(): boolean {
    return this.#members.size + this.#guests.size > this.#settings.maxSockets
  }

  /** Whether there are so many that nobody else is even answered. */
  get crowded(): boolean {
    return this.#members.size + this.#guests.size >= this.#settings.maxSockets + SPARE
  }

  /** Whether one more connection of this principal may come in. */
  takes(principal: Principal | undefined): boolean {
    return principal === undefined || (this.#perPrincipal.get(principalKey(principal)) ?? 0) < this.#settings.maxPerPrincipal
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
    this.#count(member.head.principal, 1)
  }

  leave(member: Member): void {
    if (!this.#members.delete(member)) return
    this.#count(member.head.principal, -1)
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

  #count(principal: Principal | undefined, change: 1 | -1): void {
    if (principal === undefined) return
    const key = principalKey(principal)
    const count = (this.#perPrincipal.get(key) ?? 0) + change
    if (count === 0) this.#perPrincipal.delete(key)
    else this.#perPrincipal.set(key, count)
  }
}
