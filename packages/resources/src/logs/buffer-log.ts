/** A buffer as a log that can be read. */

import { assembleNews } from './assemble.ts'
import type { LogBuffer } from './buffer.ts'
import type { LogEntry } from './entry.ts'
import { gone } from './file-log.ts'
import { bareLines } from './format/plain.ts'
import { jsonLines } from './format/json.ts'
import type { LogFormat } from './format/format.ts'
import type { Batch, From, Located, LogSource } from './source.ts'

/** Whatever writes into a process's own buffer: JSON, or text. */
const EITHER: LogFormat = { name: 'json', parse: line => jsonLines.parse(line) ?? bareLines.parse(line) }
/** Entries after which others get a turn. */
const BATCH = 500
/** Entries behind a cursor that are looked at for what older ones are part of. */
const CONTEXT = 400

/** Entries of a buffer. */
export class BufferLog implements LogSource {
  readonly #buffer: LogBuffer
  readonly #format: LogFormat

  constructor(buffer: LogBuffer, format: LogFormat = EITHER) {
    this.#buffer = buffer
    this.#format = format
  }

  async *backwards({ before }: From): AsyncGenerator<Batch> {
    let entries: Located[] = []
    let bytes = 0
    const end = before === undefined ? undefined : this.#seq(before)
    for (const { seq, line } of this.#buffer.backwards(end === undefined ? undefined : end + CONTEXT)) {
      entries.push({ entry: this.#format.parse(line) ?? { message: line }, line, at: seq, passed: end !== undefined && seq >= end })
      bytes += line.length
      if (entries.length < BATCH) continue
      yield { entries, bytes }
      await new Promise(setImmediate)
      entries = []
      bytes = 0
    }
    yield { entries, bytes }
  }

  cursorOf({ at }: Located): string {
    return `${this.#buffer.id}.${at.toString(36)}`
  }

  async follow(news: (entries: readonly LogEntry[]) => void): Promise<() => Promise<void>> {
    const stop = this.#buffer.follow(lines => news(assembleNews(lines, this.#format)))
    return async () => stop()
  }

  #seq(cursor: string): number {
    const [id, seq = ''] = cursor.split('.')
    if (id !== this.#buffer.id || !/^[0-9a-z]{1,11}$/.test(seq)) throw gone()
    return Number.parseInt(seq, 36)
  }
}
