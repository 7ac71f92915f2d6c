/** The entries of one kind as they come and go. What is shown of them is a shelf, made when somebody looks after a change. */

import type { Entry } from './entry.ts'
import type { Shelf } from './shelf.ts'
import { byPreference, type Versions } from './version.ts'

type Show<E extends Entry, S extends Shelf<E>> = (byKey: ReadonlyMap<string, Versions<E>>, guarded: boolean, completable: boolean) => S

/** The entries of one kind. A change costs what changes, and the first look after it a copy of one Map. */
export class Rack<E extends Entry, S extends Shelf<E> = Shelf<E>> {
  readonly #show: Show<E, S>
  /** Versions by key, in order of registration. Lent to the shelf: once there is one, the next change is made to a copy. */
  #groups = new Map<string, readonly E[]>()
  /**
   * The places of keys that somebody saw and that are gone since: their groups are empty, and go only when somebody looks, because a replacement may come
   * before. What nobody saw goes at once, so that changes without a look in between take no memory.
   */
  readonly #left = new Map<string, number>()
  #shelf: S | undefined
  #guards = 0
  #completable = 0
  /** The last place that was taken, and the last that somebody saw taken. */
  #taken = 0
  #seen = 0

  constructor(show: Show<E, S>) {
    this.#show = show
  }

  /** What is there now: the same object until something changes. */
  get shelf(): S {
    return (this.#shelf ??= this.#shown())
  }

  /** The place of a key in the order of registration, if it has one. */
  placeOf(key: string): number | undefined {
    return this.#groups.get(key)?.[0]?.seq ?? this.#left.get(key)
  }

  /** The entry of a key and a version. */
  find(key: string, version: string | undefined): E | undefined {
    return this.#groups.get(key)?.find(({ component }) => component.version === version)
  }

  /** Adds an entry: at the place of its key if there is one, or else, with a `seq` above all before, at the end. */
  add(entry: E): void {
    const { key, seq } = entry
    const groups = this.#changing()
    groups.set(key, inserted(groups.get(key) ?? [], entry))
    this.#left.delete(key)
    this.#guards += guardsOf(entry)
    this.#completable += completableOf(entry)
    this.#taken = Math.max(this.#taken, seq)
  }

  /** Takes away an entry that was added. To replace it, add the other one first. */
  remove(entry: E): void {
    const { key, seq } = entry
    const groups = this.#changing()
    const rest = (groups.get(key) as readonly E[]).filter(each => each !== entry)
    this.#guards -= guardsOf(entry)
    this.#completable -= completableOf(entry)
    if (rest.length === 0 && seq > this.#seen) {
      groups.delete(key)
      return
    }
    groups.set(key, rest)
    if (rest.length === 0) this.#left.set(key, seq)
  }

  #changing(): Map<string, readonly E[]> {
    if (this.#shelf !== undefined) {
      this.#groups = new Map(this.#groups)
      this.#shelf = undefined
    }
    return this.#groups
  }

  #shown(): S {
    for (const key of this.#left.keys()) this.#groups.delete(key)
    this.#left.clear()
    this.#seen = this.#taken
    return this.#show(this.#groups as unknown as ReadonlyMap<string, Versions<E>>, this.#guards > 0, this.#completable > 0)
  }
}

function guardsOf({ rules }: Entry): number {
  return rules.visible === undefined ? 0 : 1
}

function completableOf(entry: Entry): number {
  return 'completable' in entry && entry.completable ? 1 : 0
}

/** An ordered group with one more. */
function inserted<E extends Entry>(group: readonly E[], entry: E): readonly E[] {
  let low = 0
  let high = group.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (byPreference(group[middle] as E, entry) <= 0) low = middle + 1
    else high = middle
  }
  return group.toSpliced(low, 0, entry)
}
