/** Session records in this process's memory. */

import { checkOptions, type OptionNames } from '../option-names.ts'
import { type Clock, systemClock } from './clock.ts'
import { Queue, type Queued } from '../queue.ts'
import type { SessionRecord, SessionStore } from './session-store.ts'

/** What may be asked of the store. */
export interface MemorySessionStoreOptions {
  /** Most records kept; the one unused for longest goes first. 10,000 when absent. */
  readonly maxSessions?: number
  readonly clock?: Clock
}

const STORE_OPTIONS: OptionNames<MemorySessionStoreOptions> = { maxSessions: true, clock: true }

interface Kept extends Queued {
  readonly id: string
  readonly text: string
  expiresAt: number
  older: this | undefined
  newer: this | undefined
}

/**
 * A store for one process. Records are kept as text, so that what a caller does to a record afterwards changes nothing here, as with any
 * store elsewhere. Expired records are not given out and make room as others are written; no timer runs.
 */
export function memorySessionStore(options: MemorySessionStoreOptions = {}): MemorySessionStore {
  return new MemorySessionStore(options)
}

/** What `memorySessionStore` makes; all of it answers at once. */
export class MemorySessionStore implements SessionStore {
  readonly #maxSessions: number
  readonly #clock: Clock
  readonly #byId = new Map<string, Kept>()
  readonly #byUse = new Queue<Kept>()

  constructor(options: MemorySessionStoreOptions) {
    checkOptions(options, STORE_OPTIONS, 'memorySessionStore()')
    this.#maxSessions = options.maxSessions ?? 10_000
    this.#clock = options.clock ?? systemClock
  }

  get(id: string): SessionRecord | undefined {
    const kept = this.#alive(id)
    return kept === undefined ? undefined : (JSON.parse(kept.text) as SessionRecord)
  }

  set(record: SessionRecord, ttlMs: number): void {
    const { id } = record
    this.delete(id)
    this.#makeRoom()
    const kept: Kept = { id, text: JSON.stringify(record), expiresAt: this.#clock.now() + ttlMs, older: undefined, newer: undefined }
    this.#byId.set(id, kept)
    this.#byUse.add(kept)
  }

  touch(id: string, ttlMs: number): void {
    const kept = this.#alive(id)
    if (kept === undefined) return
    kept.expiresAt = this.#clock.now() + ttlMs
    this.#byUse.remove(kept)
    this.#byUse.add(kept)
  }

  delete(id: string): void {
    const kept = this.#byId.get(id)
    if (kept !== undefined) this.#forget(kept)
  }

  #alive(id: string): Kept | undefined {
    const kept = this.#byId.get(id)
    if (kept === undefined || kept.expiresAt > this.#clock.now()) return kept
    this.#forget(kept)
    return undefined
  }

  // The expired are at the front where all records live equally long, which is how sessions are written.
  #makeRoom(): void {
    const now = this.#clock.now()
    for (let kept = this.#byUse.oldest; kept !== undefined; kept = this.#byUse.oldest) {
      if (kept.expiresAt > now && this.#byId.size < this.#maxSessions) return
      this.#forget(kept)
    }
  }

  #forget(kept: Kept): void {
    this.#byId.delete(kept.id)
    this.#byUse.remove(kept)
  }
}
