/** What is under way, by id. */

/** Lets go of its value at the end, because tables that a map has outgrown keep their entries for a while (see `Roster`). */
interface Entry<V> {
  value: V | undefined
}

/**
 * A Map for what stays for one request: mostly there is one at a time, and that one needs no table. Values are never undefined.
 */
export class Underway<K, V extends object> {
  #key: K | undefined
  /** The one without a table. */
  #value: V | undefined
  #others: Map<K, Entry<V>> | undefined

  get size(): number {
    return (this.#value === undefined ? 0 : 1) + (this.#others?.size ?? 0)
  }

  get(key: K): V | undefined {
    return this.#value !== undefined && this.#key === key ? this.#value : this.#others?.get(key)?.value
  }

  set(key: K, value: V): void {
    const isOther = this.#others?.has(key) === true
    if (!isOther && (this.#value === undefined || this.#key === key)) {
      this.#key = key
      this.#value = value
    } else (this.#others ??= new Map()).set(key, { value })
  }

  delete(key: K): void {
    if (this.#value !== undefined && this.#key === key) {
      this.#key = undefined
      this.#value = undefined
      return
    }
    const entry = this.#others?.get(key)
    if (entry === undefined) return
    entry.value = undefined
    this.#others?.delete(key)
  }

  /** All there are; entries may come and go meanwhile. */
  *values(): Iterable<V> {
    if (this.#value !== undefined) yield this.#value
    for (const { value } of this.#others?.values() ?? []) if (value !== undefined) yield value
  }
}
