/** News of one log for all who follow it: the log is followed with the first and let go with the last. */

import type { LogEntry } from './entry.ts'
import { KeyBlocks } from './redact/key-blocks.ts'
import type { Redaction, RedactionCounts } from './redact/redaction.ts'
import type { LogSource } from './source.ts'

/** Told of entries that came, redacted. */
type Listener = (entries: readonly LogEntry[]) => void

/** Followers of one log. */
export class Tail {
  readonly #source: LogSource
  readonly #redaction: Redaction
  readonly #listeners = new Set<Listener>()
  #following: Promise<() => Promise<void>> | undefined

  constructor(source: LogSource, redaction: Redaction) {
    this.#source = source
    this.#redaction = redaction
  }

  /** Adds a listener. Resolves, to what takes it away, once the log is followed. */
  async listen(listener: Listener): Promise<() => Promise<void>> {
    this.#listeners.add(listener)
    this.#following ??= this.#source.follow(entries => this.#tell(entries))
    const following = this.#following
    const leave = async (): Promise<void> => {
      if (!this.#listeners.delete(listener) || this.#listeners.size > 0 || this.#following !== following) return
      this.#following = undefined
      await (
        await following
      )()
    }
    try {
      await following
    } catch (cause) {
      this.#listeners.delete(listener)
      if (this.#following === following) this.#following = undefined
      throw cause
    }
    return leave
  }

  #tell(entries: readonly LogEntry[]): void {
    const counts: RedactionCounts = new Map()
    const keys = new KeyBlocks<{ readonly entry: LogEntry }>()
    const settled = entries.toReversed().flatMap(entry => keys.push({ entry }, counts))
    const safe = [...settled, ...keys.end(counts)].map(({ entry }) => this.#redaction.entry(entry, counts)).toReversed()
    for (const listener of this.#listeners) listener(safe)
  }
}
