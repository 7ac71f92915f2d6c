/** Private keys that a log holds line by line: each line an entry of its own that says nothing of what it is part of. */

import type { LogEntry } from '../entry.ts'
import { REDACTED, type RedactionCounts } from './redaction.ts'

const BEGIN = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY/
const END = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY/
/** What may stand between: base64, headers of old forms, nothing. */
const BODY = /^\s{0,16}(?:[A-Za-z0-9+/=]{1,100}|(?:Proc-Type|DEK-Info|Comment|Version): .{0,100})?\s{0,16}$/
/** The longest key, in lines. */
const MAX_LINES = 400

/** Something that holds an entry. */
interface Holder {
  readonly entry: LogEntry
}

/**
 * Reads entries from the newest to the oldest and holds back those that could be lines of a key until it is known whether one begins before them. A key
 * comes out as one entry, the oldest of its lines, so that no page ends within it.
 */
export class KeyBlocks<H extends Holder> {
  #held: H[] = []

  /** Takes an entry; returns those that are settled now, newest first. */
  push(holder: H, counts: RedactionCounts): readonly H[] {
    const { message } = holder.entry
    if (BEGIN.test(message) && !END.test(message)) return this.#release(true, holder, counts)
    if ((BODY.test(message) || END.test(message)) && this.#held.length < MAX_LINES) {
      this.#held.push(holder)
      return []
    }
    return this.#release(false, holder, counts)
  }

  /** There is nothing before. A key whose end was seen, and whose beginning is gone, is hidden. */
  end(counts: RedactionCounts): readonly H[] {
    return this.#release(false, undefined, counts)
  }

  #release(begins: boolean, last: H | undefined, counts: RedactionCounts): readonly H[] {
    const held = this.#held
    this.#held = []
    // Lines that came after the end of a key are none of it.
    const end = held.findIndex(({ entry }) => END.test(entry.message))
    const from = end === -1 ? (begins ? 0 : held.length) : end
    const oldest = begins ? last : from < held.length ? held.at(-1) : undefined
    const out = held.slice(0, from)
    if (oldest !== undefined) {
      counts.set('private-key', (counts.get('private-key') ?? 0) + 1)
      out.push({ ...oldest, entry: { ...oldest.entry, message: REDACTED } })
    }
    return last === undefined || begins ? out : [...out, last]
  }
}
