/** Who is present where many come and go. */

/**
 * A place in a roster. Held by the member, touched by the roster alone.
 */
export class Seat<T> {
  readonly member: T
  older: Seat<T> | undefined
  newer: Seat<T> | undefined

  constructor(member: T, older: Seat<T> | undefined) {
    this.member = member
    this.older = older
  }
}

/** Somebody who can be in one roster at a time. */
export interface Seated<T> {
  /** Undefined until the roster sets it. */
  seat: Seat<T> | undefined
}

/**
 * What a Set would be, for members that stay for one request. V8 copies the table of a busy Set now and then, and each old table points to the next: once one of them is old
 * enough for the garbage collector's second generation, all later ones, and the requests that stood in them, stay with it until a full collection. That took a third of the
 * processor time of a busy server. Here whoever leaves is pointed to by nobody.
 */
export class Roster<T extends Seated<T>> {
  #oldest: Seat<T> | undefined
  #newest: Seat<T> | undefined
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
    const seat = new Seat(member, this.#newest)
    member.seat = seat
    if (this.#newest === undefined) this.#oldest = seat
    else this.#newest.newer = seat
    this.#newest = seat
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
    if (seat.older === undefined) this.#oldest = seat.newer
    else seat.older.newer = seat.newer
    if (seat.newer === undefined) this.#newest = seat.older
    else seat.newer.older = seat.older
    seat.older = undefined
    seat.newer = undefined
    this.#size -= 1
    return true
  }

  /** Visits all, oldest first; they may come and go meanwhile. One round at a time. */
  each(visit: (member: T) => void): void {
    this.#visiting = true
    this.#next = this.#oldest
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
