/** Reads that are kept: for a while, and after it as long as the source says that they still hold. */

import { type Clock, systemClock } from '@oarlock/protocol'
import type { SourceContent } from './provider/contract.ts'

/** How reads are kept on the server. */
export interface KeepOptions {
  /** Milliseconds in which a kept read is not questioned. After it the source is asked with the validator, if it gave one. */
  readonly ttlMs: number
  /** Documents and parts kept. 1,000 when absent. */
  readonly maxEntries?: number
  /** Bytes kept. 16 MiB when absent. */
  readonly maxBytes?: number
  /** True when everyone who may read a document reads the same. Each caller has copies of his own otherwise. */
  readonly shared?: boolean
  readonly clock?: Clock
}

interface Kept {
  readonly contents: readonly SourceContent[]
  readonly validator: string | undefined
  readonly bytes: number
  readonly uri: string
  readonly ttlMs: number
  freshUntil: number
}

/** A copy, and the key under which it is kept. */
interface Found {
  readonly key: string
  readonly kept: Kept
}

/** What a source answers: contents, that the copy holds, or that there is nothing. */
type Fetch = (known: string | undefined) => Promise<readonly SourceContent[] | 'unchanged' | undefined>

/** Kept reads of one provider, the longest unused dropped first. */
export class KeptReads {
  readonly #options: Required<Omit<KeepOptions, 'shared'>>
  readonly #kept = new Map<string, Kept>()
  readonly #underWay = new Map<string, Promise<readonly SourceContent[] | undefined>>()
  #bytes = 0
  #epoch = 0

  /** @throws TypeError for limits that are none */
  constructor({ ttlMs, maxEntries = 1_000, maxBytes = 16 * 1024 * 1024, clock = systemClock }: KeepOptions) {
    for (const [name, value] of Object.entries({ ttlMs, maxEntries, maxBytes })) {
      if (!Number.isSafeInteger(value) || value < 0) throw new TypeError(`keep.${name} must be a whole number, 0 or more`)
    }
    this.#options = { ttlMs, maxEntries, maxBytes, clock }
  }

  /**
   * The contents of a document or of a part of it: kept, or fetched, once for all who ask at the same time. What fails for one is tried anew by the others.
   * @param whole the key under which contents are kept that are no part, whichever part was asked for
   */
  async read(part: string, uri: string, fetch: Fetch, whole: string = part): Promise<readonly SourceContent[] | undefined> {
    const found = this.#found(part, whole)
    if (found !== undefined && found.kept.freshUntil > this.#options.clock.now()) return this.#touched(found)
    const joined = this.#underWay.get(part)
    if (joined !== undefined) {
      try {
        return await joined
      } catch {
        return this.#fetch(part, uri, fetch, whole)
      }
    }
    const work = this.#fetch(part, uri, fetch, whole)
    this.#underWay.set(part, work)
    try {
      return await work
    } finally {
      if (this.#underWay.get(part) === work) this.#underWay.delete(part)
    }
  }

  /** Forgets what is kept of a document, or of all. */
  forget(uri?: string): void {
    this.#epoch += 1
    this.#underWay.clear()
    for (const [key, kept] of this.#kept) if (uri === undefined || kept.uri === uri) this.#drop({ key, kept })
  }

  /** The copy that answers for a part: the whole document before the part alone. */
  #found(part: string, whole: string): Found | undefined {
    for (const key of [whole, part]) {
      const kept = this.#kept.get(key)
      if (kept !== undefined) return { key, kept }
    }
    return undefined
  }

  async #fetch(part: string, uri: string, fetch: Fetch, whole: string): Promise<readonly SourceContent[] | undefined> {
    const epoch = this.#epoch
    const found = this.#found(part, whole)
    const answer = await fetch(found?.kept.validator)
    if (answer === 'unchanged' && found !== undefined) {
      found.kept.freshUntil = this.#options.clock.now() + found.kept.ttlMs
      return found.kept.contents
    }
    // A whole that does not hold any more is dropped even when only a part came in its place.
    if (found !== undefined) this.#drop(found)
    if (answer === undefined || answer === 'unchanged') return undefined
    // What was forgotten while it was fetched may be older than the reason to forget it.
    if (epoch === this.#epoch) this.#keep(isWhole(answer) ? whole : part, uri, answer)
    return answer
  }

  #keep(key: string, uri: string, contents: readonly SourceContent[]): void {
    const { maxBytes, maxEntries, clock } = this.#options
    const ttlMs = Math.min(this.#options.ttlMs, ...contents.map(({ keepMs }) => keepMs ?? Number.POSITIVE_INFINITY))
    const validator = contents[0]?.validator
    if (ttlMs === 0 && validator === undefined) return
    const bytes = contents.reduce((sum, content) => sum + sizeOf(content), 0)
    if (bytes > maxBytes || maxEntries === 0) return
    const before = this.#kept.get(key)
    if (before !== undefined) this.#drop({ key, kept: before })
    this.#kept.set(key, { contents, validator, bytes, uri, ttlMs, freshUntil: clock.now() + ttlMs })
    this.#bytes += bytes
    for (const [oldest, { bytes: freed }] of this.#kept) {
      if (this.#kept.size <= maxEntries && this.#bytes <= maxBytes) return
      this.#kept.delete(oldest)
      this.#bytes -= freed
    }
  }

  #touched({ key, kept }: Found): readonly SourceContent[] {
    this.#kept.delete(key)
    this.#kept.set(key, kept)
    return kept.contents
  }

  #drop({ key, kept }: Found): void {
    if (this.#kept.get(key) !== kept) return
    this.#kept.delete(key)
    this.#bytes -= kept.bytes
  }
}

function isWhole(contents: readonly SourceContent[]): boolean {
  return contents.every(({ part }) => part === undefined)
}

function sizeOf(content: SourceContent): number {
  if ('text' in content) return content.text.length * 2
  return 'bytes' in content ? content.bytes.byteLength : JSON.stringify(content.json).length * 2
}
