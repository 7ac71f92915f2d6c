/** One page of a log: the newest entries that a query wants, within bounds, and where older ones begin. */

import type { LogEntry } from './entry.ts'
import { type LogQuery, matches, mayMatch } from './query.ts'
import { KeyBlocks } from './redact/key-blocks.ts'
import type { Redaction, RedactionCounts } from './redact/redaction.ts'
import { DISORDER_MS, type Located, type LogSource } from './source.ts'

/** What a page may cost. */
export interface PageBounds {
  /** Of its entries as JSON. */
  readonly maxBytes: number
  /** Of the log, read for it. */
  readonly maxScan: number
  readonly signal: AbortSignal
}

/** A page. */
export interface Page {
  /** The oldest first. Redacted. */
  readonly entries: readonly object[]
  /** Cursor for `before` of the page with older entries; undefined when there are none. */
  readonly older: string | undefined
  /** True when the search ended because it had read as much as it may: older entries may match. */
  readonly stopped: boolean
  /** Bytes of the log that were read. */
  readonly scanned: number
  readonly redacted: RedactionCounts
}

/** Reads a page. @throws Fault INVALID_CURSOR */
export async function readPage(source: LogSource, query: LogQuery, redaction: Redaction, bounds: PageBounds): Promise<Page> {
  const page = new Collector(source, query, redaction, bounds)
  const keys = new KeyBlocks<Located>()
  let scanned = 0
  reading: for await (const { entries, bytes } of source.backwards(query)) {
    bounds.signal.throwIfAborted()
    scanned += bytes
    for (const located of entries) {
      for (const settled of keys.push(located, page.redacted)) if (!page.take(settled)) break reading
    }
    if (scanned >= bounds.maxScan && page.stop()) break
  }
  if (!page.done) for (const settled of keys.end(page.redacted)) if (!page.take(settled)) break
  return page.result(scanned)
}

class Collector {
  readonly redacted: RedactionCounts = new Map()
  done = false
  readonly #source: LogSource
  readonly #query: LogQuery
  readonly #redaction: Redaction
  readonly #bounds: PageBounds
  readonly #entries: object[] = []
  #bytes = 0
  #last: Located | undefined
  #older: string | undefined
  #stopped = false

  constructor(source: LogSource, query: LogQuery, redaction: Redaction, bounds: PageBounds) {
    this.#source = source
    this.#query = query
    this.#redaction = redaction
    this.#bounds = bounds
  }

  /** Takes the next older entry; false when no more is wanted. */
  take(located: Located): boolean {
    if (located.passed === true) return true
    const { since, limit } = this.#query
    const { time } = located.entry
    if (since !== undefined && time !== undefined && time < since - DISORDER_MS) return this.#end(undefined)
    if (this.#entries.length === limit) return this.#end(this.#last)
    if (mayMatch(located.entry, this.#query) && !this.#add(located)) return this.#end(this.#last)
    this.#last = located
    return true
  }

  /** Enough was read. True when the search can go on from here. */
  stop(): boolean {
    if (this.#last === undefined) return false
    this.#stopped = true
    this.#end(this.#last)
    return true
  }

  result(scanned: number): Page {
    return { entries: this.#entries.toReversed(), older: this.#older, stopped: this.#stopped, scanned, redacted: this.redacted }
  }

  /** False when the page has no room for it. An entry that is larger than a page is shown without its fields. */
  #add({ entry }: Located): boolean {
    const counts: RedactionCounts = new Map()
    const safe = this.#redaction.entry(entry, counts)
    if (!matches(safe, this.#query)) return true
    let shown: object = shownEntry(safe)
    let size = Buffer.byteLength(JSON.stringify(shown)) + 1
    if (size > this.#bounds.maxBytes) {
      shown = cutEntry(safe, this.#bounds.maxBytes)
      size = Buffer.byteLength(JSON.stringify(shown)) + 1
    }
    if (this.#bytes + size > this.#bounds.maxBytes && this.#entries.length > 0) return false
    this.#entries.push(shown)
    this.#bytes += size
    for (const [name, count] of counts) this.redacted.set(name, (this.redacted.get(name) ?? 0) + count)
    return true
  }

  #end(last: Located | undefined): boolean {
    this.done = true
    this.#older = last === undefined ? undefined : this.#source.cursorOf(last)
    return false
  }
}

function shownEntry({ time, level, component, message, fields }: LogEntry): object {
  return { ...(time === undefined ? {} : { time: new Date(time).toISOString() }), level, component, message, fields }
}

/** Escaped, a character may take twelve bytes. */
function cutEntry({ time, level, component, message }: LogEntry, maxBytes: number): object {
  const kept = message.slice(0, Math.max(0, Math.floor((maxBytes - 512) / 12)))
  return { ...shownEntry({ time, level, component: component?.slice(0, 20), message: kept }), cut: true }
}
