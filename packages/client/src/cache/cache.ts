/** Results that servers allow to be kept: for how long, for whom, and until when they say that something changed (DIGEST 3.11). */

import { type Clock, type JsonObject, systemClock } from '@oarlock/protocol'
import { isWithin } from '../below.ts'
import type { News } from '../subscription.ts'
import type { CacheSettings } from './options.ts'

/** Kept as text, so that nobody can change what the next one gets. */
interface Entry {
  readonly text: string
  readonly until: number
  /** For whom. Absent when it is the same for everybody. */
  readonly principal: string | undefined
  readonly isPrivate: boolean
}

/** A result that may still be good. */
export interface Found {
  readonly fresh: boolean
  /** A copy of its own for each caller. */
  value(): JsonObject
}

/** What belongs to one request on its way: made before it is sent, so that news that overtakes the answer counts (C-CACHE-05). */
export interface Slot {
  readonly key: string
  readonly principal: string | undefined
  /** Whether anybody can say for whom the request is. */
  readonly isKnown: boolean
  readonly generation: number
}

const LISTS: Readonly<Record<Exclude<News['kind'], 'resource'>, readonly string[]>> = {
  tools: ['tools/list'],
  prompts: ['prompts/list'],
  resourceList: ['resources/list', 'resources/templates/list'],
}

/** The cache of one client, hence of one server. */
export class Cache {
  readonly #settings: CacheSettings
  readonly #now: () => number
  /** In order of use. Private entries stand under their principal's key. */
  readonly #entries = new Map<string, Entry>()
  #characters = 0
  #generation = 0
  #principal: string | undefined

  constructor(settings: CacheSettings, clock: Clock) {
    this.#settings = settings
    // The time of day can be set; a span of time cannot (C-CACHE-09).
    this.#now = clock === systemClock ? () => performance.now() : () => clock.now()
  }

  /** @param who for whom requests are sent now; absent where that never changes, undefined in it when nobody knows */
  slot(key: string, who: { readonly principal: string | undefined } | undefined): Slot {
    const principal = who?.principal
    // Whoever signs in as somebody else finds nothing of the one before (C-CACHE-10).
    if (principal !== this.#principal) this.#forgetPrivate()
    this.#principal = principal
    return { key, principal, isKnown: who === undefined || principal !== undefined, generation: this.#generation }
  }

  /** What is kept for a request. */
  find(slot: Slot): Found | undefined {
    const entry = this.#entries.get(slot.key)
    if (entry === undefined || (entry.isPrivate && (!slot.isKnown || entry.principal !== slot.principal))) return undefined
    this.#entries.delete(slot.key)
    this.#entries.set(slot.key, entry)
    return { fresh: this.#now() < entry.until, value: () => JSON.parse(entry.text) as JsonObject }
  }

  /** Keeps a result as long as it says that it may be kept. */
  store(slot: Slot, result: JsonObject): void {
    const { ttlMs, cacheScope, resultType } = result
    this.#drop(slot.key)
    if (slot.generation !== this.#generation || (resultType !== undefined && resultType !== 'complete')) return
    if (typeof ttlMs !== 'number' || !(ttlMs > 0)) return
    // Whatever is not called public is private (C-CACHE-04).
    const isPrivate = cacheScope !== 'public'
    if (isPrivate && !slot.isKnown) return
    const text = JSON.stringify(result)
    if (text.length > this.#settings.characters / 4) return
    const until = this.#now() + Math.min(ttlMs, this.#settings.maxTtlMs)
    this.#entries.set(slot.key, { text, until, principal: slot.principal, isPrivate })
    this.#characters += text.length
    this.#makeRoom()
  }

  /** Something changed: what was kept of it is not true any more, and neither is what is on its way. */
  invalidate(news: News): void {
    this.#generation++
    if (news.kind !== 'resource') return this.forget(LISTS[news.kind])
    for (const key of this.#entries.keys()) {
      const [method, uri = ''] = split(key)
      if (method === 'resources/read' && (isWithin(uri, news.uri) || isWithin(news.uri, uri))) this.#drop(key)
    }
  }

  /** Forgets all results of these methods. */
  forget(methods: readonly string[]): void {
    for (const key of this.#entries.keys()) if (methods.includes(split(key)[0])) this.#drop(key)
  }

  /** Forgets everything: another server may have taken the place of this one. */
  clear(): void {
    this.#generation++
    this.#entries.clear()
    this.#characters = 0
  }

  #forgetPrivate(): void {
    this.#generation++
    for (const [key, { isPrivate }] of this.#entries) if (isPrivate) this.#drop(key)
  }

  #drop(key: string): void {
    const entry = this.#entries.get(key)
    if (entry === undefined) return
    this.#entries.delete(key)
    this.#characters -= entry.text.length
  }

  #makeRoom(): void {
    for (const key of this.#entries.keys()) {
      if (this.#entries.size <= this.#settings.entries && this.#characters <= this.#settings.characters) return
      this.#drop(key)
    }
  }
}

function split(key: string): readonly [method: string, rest?: string] {
  const at = key.indexOf(' ')
  return at < 0 ? [key] : [key.slice(0, at), key.slice(at + 1)]
}
