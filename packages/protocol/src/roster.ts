/** Who is present where many come and go. */

import { Queue, type Queued } from './queue.ts'

/** A place in a roster. Held by the member, touched by the roster alone. */
export class Seat<T> implements Queued {
  readonly member: T
  older: this | undefined
  newer: this | undefined

  constructor(member: T) {
    this.member = member
  }
}

/** Somebody who can be in one roster at a time. */
export interface Seated<T> {
  /** Undefined until the roster sets it. */
  seat: Seat<T> | undefined
}

/**
 * What a Set would be, for members that stay for one request. V8 copies the table of a busy Set now and then, and each old table points to the next: once one of them is old
 * enough for the garbage collector's second generation, all later ones, and the requests that stood in them, stay with it until a full collection. A third of all that a
 * busy server made survived so (docs/decisions/0021). Here whoever leaves is pointed to by nobody.
 */
export class Roster<T extends Seated<T>> {
  readonly #seats = new Queue<Seat<T>>()
  #size = 0
  /** Who is visited next, while `each` runs. */
  #next: Seat<T> | undefined
  #visiting = false

  get size(): number {
    return this.#size
  }

  /** Whoever is present already stays where it is. */
  add(member: T): void {
    if (member.seat !== undefined) return
    const seat = new Seat(member)
    member.seat = seat
    this.#seats.add(seat)
    this.#size += 1
    // Whoever comes while the last one is visited comes next.
    if (this.#visiting) this.#next ??= seat
  }

  /** Returns whether it was present. */
  delete(member: T): boolean {
    const { seat } = member
    if (seat === undefined) return false
    member.seat = undefined
    if (this.#next === seat) this.#next = seat.newer
    this.#seats.remove(seat)
    this.#size -= 1
    return true
  }

  /** Visits all, oldest first; they may come and go meanwhile. One round at a time. */
  each(visit: (member: T) => void): void {
    this.#visiting = true
    this.#next = this.#seats.oldest
    try {
      for (let seat = this.#next; seat !== undefined; seat = this.#next) {
        this.#next = seat.newer
        visit(seat.member)
      }
    } finally {
      this.#visiting = false
      this.#next = undefined
    }
  }
}
