/** Reads that are kept: for a while, and after it as long as the source says that they still hold. */

import { checkOptions, duration, type Duration, type OptionNames, type Clock, systemClock } from '@oarlock/protocol'
import type { SourceContent } from './provider/contract.ts'
import { whole } from './whole.ts'

/** How reads are kept on the server. */
export interface KeepOptions {
  /** How long a kept read is not questioned. After it the source is asked with the validator, if it gave one. */
  readonly ttl: Duration
  /** Documents and parts kept. 1,000 when absent. */
  readonly maxEntries?: number
  /** Bytes kept. 16 MiB when absent. */
  readonly maxBytes?: number
  /** True when everyone who may read a document reads the same. Each caller has copies of his own otherwise. */
  readonly shared?: boolean
  readonly clock?: Clock
}

/** The names of all options. */
const KEEP_OPTIONS: OptionNames<KeepOptions> = {
  ttl: true,
  maxEntries: true,
  maxBytes: true,
  shared: true,
  clock: true,
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

/** A fetch that others may wait for. */
interface UnderWay {
  readonly work: Promise<readonly SourceContent[] | undefined>
  readonly isGone: () => boolean
}

/** What there is of one URI. One that is forgotten is replaced, and what is still fetched for it is not kept. */
interface Document {
  readonly keys: Set<string>
  readonly underWay: Map<string, UnderWay>
}

/** One read. */
export interface KeptRead {
  /** Of the document. */
  readonly uri: string
  /** The key of what is asked for. */
  readonly part: string
  /** The key under which contents are kept that are no part, whichever part was asked for. */
  readonly whole: string
  readonly fetch: Fetch
  /** Whether whoever asks does not wait any more: then a failure may be his alone. */
  readonly isGone: () => boolean
}

/** Kept reads of one provider, the longest unused dropped first. */
export class KeptReads {
  readonly #options: Required<Omit<KeepOptions, 'shared' | 'ttl'>> & { readonly ttlMs: number }
  readonly #kept = new Map<string, Kept>()
  readonly #documents = new Map<string, Document>()
  #bytes = 0

  /** @throws TypeError for limits that are none */
  constructor(options: KeepOptions) {
    checkOptions(options, KEEP_OPTIONS, 'keep')
    const { ttl, maxEntries = 1_000, maxBytes = 16 * 1024 * 1024, clock = systemClock } = options
    this.#options = {
      ttlMs: duration(ttl, 'keep.ttl'),
      maxEntries: whole('keep.maxEntries', maxEntries, 0),
      maxBytes: whole('keep.maxBytes', maxBytes, 0),
      clock,
    }
  }

  /**
   * The contents of a document or of a part of it: kept, or fetched, once for all who ask at the same time. When that fails, one of those who waited tries
   * anew, the others wait for him, and what he gets is theirs: a source that is down is not asked by each of them.
   */
  async read(read: KeptRead): Promise<readonly SourceContent[] | undefined> {
    for (let failures = 0; ;) {
      const found = this.#found(read)
      if (found !== undefined && found.kept.freshUntil > this.#options.clock.now()) return this.#touched(found)
      const joined = this.#documents.get(read.uri)?.underWay.get(read.part)
      if (joined === undefined) return this.#lead(read)
      try {
        return await joined.work
      } catch (cause) {
        if (read.isGone() || (!joined.isGone() && ++failures === 2)) throw cause
      }
    }
  }

  /** Forgets what is kept of a document, or of all. */
  forget(uri?: string): void {
    if (uri === undefined) {
      this.#documents.clear()
      this.#kept.clear()
      this.#bytes = 0
      return
    }
    const document = this.#documents.get(uri)
    this.#documents.delete(uri)
    for (const key of document?.keys ?? []) this.#drop(key)
  }

  #lead(read: KeptRead): Promise<readonly SourceContent[] | undefined> {
    const { uri, part, isGone } = read
    const document = this.#documents.get(uri) ?? { keys: new Set(), underWay: new Map() }
    this.#documents.set(uri, document)
    const work = this.#fetch(read, document).finally(() => {
      document.underWay.delete(part)
      this.#leave(uri, document)
    })
    document.underWay.set(part, { work, isGone })
    return work
  }

  /** The copy that answers: the whole document before the part alone. */
  #found({ part, whole }: KeptRead): Found | undefined {
    for (const key of [whole, part]) {
      const kept = this.#kept.get(key)
      if (kept !== undefined) return { key, kept }
    }
    return undefined
  }

  async #fetch(read: KeptRead, document: Document): Promise<readonly SourceContent[] | undefined> {
    const found = this.#found(read)
    const answer = await read.fetch(found?.kept.validator)
    if (answer === 'unchanged' && found !== undefined) {
      found.kept.freshUntil = this.#options.clock.now() + found.kept.ttlMs
      return found.kept.contents
    }
    // A whole that does not hold any more is dropped even when only a part came in its place.
    if (found !== undefined && this.#kept.get(found.key) === found.kept) this.#drop(found.key)
    if (answer === undefined || answer === 'unchanged') return undefined
    // What was forgotten while it was fetched may be older than the reason to forget it.
    if (this.#documents.get(read.uri) === document) this.#keep(isWhole(answer) ? read.whole : read.part, read.uri, answer)
    return answer
  }

  #keep(key: string, uri: string, contents: readonly SourceContent[]): void {
    const { maxBytes, maxEntries, clock } = this.#options
    const ttlMs = Math.min(
      this.#options.ttlMs,
      ...contents.map(({ keepFor }) => (keepFor === undefined ? Number.POSITIVE_INFINITY : duration(keepFor, 'keepFor'))),
    )
    const validator = contents[0]?.validator
    if (ttlMs === 0 && validator === undefined) return
    const bytes = contents.reduce((sum, content) => sum + sizeOf(content), 0)
    if (bytes > maxBytes || maxEntries === 0) return
    this.#drop(key)
    this.#kept.set(key, { contents, validator, bytes, uri, ttlMs, freshUntil: clock.now() + ttlMs })
    this.#documents.get(uri)?.keys.add(key)
    this.#bytes += bytes
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= maxEntries && this.#bytes <= maxBytes) return
      this.#drop(oldest)
    }
  }

  #touched({ key, kept }: Found): readonly SourceContent[] {
    this.#kept.delete(key)
    this.#kept.set(key, kept)
    return kept.contents
  }

  #drop(key: string): void {
    const kept = this.#kept.get(key)
    if (kept === undefined) return
    this.#kept.delete(key)
    this.#bytes -= kept.bytes
    const document = this.#documents.get(kept.uri)
    document?.keys.delete(key)
    if (document !== undefined) this.#leave(kept.uri, document)
  }

  /** A document of which nothing is left is no more. */
  #leave(uri: string, document: Document): void {
    if (document.keys.size + document.underWay.size === 0 && this.#documents.get(uri) === document) this.#documents.delete(uri)
  }
}

function isWhole(contents: readonly SourceContent[]): boolean {
  return contents.every(({ part }) => part === undefined)
}

function sizeOf(content: SourceContent): number {
  if ('text' in content) return content.text.length * 2
  return 'bytes' in content ? content.bytes.byteLength : JSON.stringify(content.json).length * 2
}
