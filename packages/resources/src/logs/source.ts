/** What a log is for those who read it: entries backwards from a place, and news of those that come. */

import type { LogEntry } from './entry.ts'

/** An entry and where it stands. */
export interface Located {
  /** As it was parsed; secrets are still in it. */
  readonly entry: LogEntry
  /** The line it began with. */
  readonly line: string
  /** For the source: an offset, a number. */
  readonly at: number
  /** Not older than the cursor: it only shows what older entries are part of. */
  readonly passed?: boolean
}

/** Some entries, the newest first, and how many bytes were read for them. */
export interface Batch {
  readonly entries: readonly Located[]
  readonly bytes: number
}

/** Where to begin. */
export interface From {
  /** A cursor: only what is older than the entry it names. */
  readonly before: string | undefined
  /** Milliseconds: what is newer is not wanted, and is skipped as far as that is cheap. */
  readonly until: number | undefined
}

/** A log. */
export interface LogSource {
  /** Entries, the newest first. @throws Fault INVALID_CURSOR for a cursor that names no entry any more */
  backwards(from: From): AsyncIterable<Batch>
  /** Names an entry for `before`. Tells nothing that the entry, redacted, does not. */
  cursorOf(located: Located): string
  /** Calls `news` with entries that come, until what it returns is called. */
  follow(news: (entries: readonly LogEntry[]) => void): Promise<() => Promise<void>>
}

/** Entries whose times are out of order by this much are still found: several processes write into one log. */
export const DISORDER_MS = 60_000
