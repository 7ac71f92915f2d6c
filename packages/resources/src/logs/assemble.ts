/** Makes entries of lines: each line by its format, with the lines that belong to it. */

import type { LogEntry } from './entry.ts'
import type { LogFormat } from './format/format.ts'

/** Lines that may belong to one entry, and their characters. What is more is an entry of its own. */
const MAX_JOINED = 500
const MAX_CHARACTERS = 64 * 1024

/** A line that may be anything. */
interface Placed {
  readonly text: string
}

/** One entry and the line that began it. */
export interface Assembled<L extends Placed> {
  readonly entry: LogEntry
  readonly line: L
}

/** Takes lines from the last to the first. */
export class BackwardAssembler<L extends Placed> {
  readonly #format: LogFormat
  /** Lines that belong to an entry that has not been met yet, the last one first. */
  #waiting: L[] = []
  #characters = 0

  constructor(format: LogFormat) {
    this.#format = format
  }

  /** The entries that this line settles, newest first. */
  push(line: L): readonly Assembled<L>[] {
    const entry = this.#format.parse(line.text)
    if (entry !== undefined) {
      const rest = this.#waiting.map(({ text }) => text).toReversed()
      this.#clear()
      return [{ entry: joined(entry, rest), line }]
    }
    if (this.#format.joins !== true) return [alone(line)]
    this.#waiting.push(line)
    this.#characters += line.text.length
    return this.#waiting.length >= MAX_JOINED || this.#characters >= MAX_CHARACTERS ? this.end() : []
  }

  /** There is no line before: what waits stands alone. */
  end(): readonly Assembled<L>[] {
    const [last] = this.#waiting
    const first = this.#waiting.at(-1)
    if (last === undefined || first === undefined) return []
    const message = this.#waiting
      .map(({ text }) => text)
      .toReversed()
      .join('\n')
    this.#clear()
    return [{ entry: { message }, line: first }]
  }

  #clear(): void {
    this.#waiting = []
    this.#characters = 0
  }
}

/** The entries of lines that came, in order. Lines that belong to an entry told earlier are one of their own. */
export function assembleNews(lines: readonly string[], format: LogFormat): readonly LogEntry[] {
  const assembler = new BackwardAssembler<Placed>(format)
  const entries: LogEntry[] = []
  for (const text of lines.toReversed()) {
    if (text.trim() !== '') entries.push(...assembler.push({ text }).map(({ entry }) => entry))
  }
  return [...entries, ...assembler.end().map(({ entry }) => entry)].toReversed()
}

function joined(entry: LogEntry, rest: readonly string[]): LogEntry {
  return rest.length === 0 ? entry : { ...entry, message: `${entry.message}\n${rest.join('\n')}` }
}

function alone<L extends Placed>(line: L): Assembled<L> {
  return { entry: { message: line.text }, line }
}
