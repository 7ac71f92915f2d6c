/** Entries in the order they came, any of which can leave: what forgets the oldest first, and what many come to and go from. */

/** One entry. Its `older` and `newer` belong to the queue it stands in. */
export interface Queued {
  older: this | undefined
  newer: this | undefined
}

/** A doubly linked list. Every operation takes the same time whatever its length. */
export class Queue<T extends Queued> {
  #oldest: T | undefined
  #newest: T | undefined

  get oldest(): T | undefined {
    return this.#oldest
  }

  add(entry: T): void {
    entry.older = this.#newest
    entry.newer = undefined
    if (this.#newest === undefined) this.#oldest = entry
    else this.#newest.newer = entry
    this.#newest = entry
  }

  /** The entry must stand in this queue. */
  remove(entry: T): void {
    if (entry.older === undefined) this.#oldest = entry.newer
    else entry.older.newer = entry.newer
    if (entry.newer === undefined) this.#newest = entry.older
    else entry.newer.older = entry.older
    entry.older = undefined
    entry.newer = undefined
  }
}
