/** The streams of one session, as an event log knows them: an id is looked for nowhere else. */

import { randomId } from '../random-id.ts'
import type { StreamTable } from './stream-table.ts'

/** There is always room for so many streams. */
const LEAST = 2

/** One session. It is dropped with its last stream. */
export class LogSession {
  readonly id: string
  /** 128 random bits, so that no other session can tell an id (T6), and none outlives what the log has of its session. */
  readonly secret: string = randomId()
  readonly #table: StreamTable<LogSession>
  /** Streams so far, and how many of them are kept. */
  #count = 0
  #kept = 0
  /** Number and row of each stream in the order of the numbers, in pairs. Some are gone: they are left out when there is no more room. */
  #pairs = new Float64Array(2 * LEAST)
  #length = 0
  /** Those that were looked for by name. Most never are. */
  #named: Map<string, number> | undefined

  constructor(id: string, table: StreamTable<LogSession>) {
    this.id = id
    this.#table = table
  }

  /** How many streams are kept. */
  get kept(): number {
    return this.#kept
  }

  /** Makes a stream. `fresh`: its name is not looked for soon. */
  begin(name: string, fresh: boolean): number {
    const number = ++this.#count
    const stream = this.#table.begin(this, name, number)
    if (this.#length === this.#pairs.length) this.#make(this.#kept + 1)
    this.#pairs[this.#length++] = number
    this.#pairs[this.#length++] = stream
    this.#kept += 1
    if (!fresh) (this.#named ??= new Map()).set(name, stream)
    return stream
  }

  /** A stream has no events any more. */
  end(stream: number): void {
    const name = this.#table.nameOf(stream)
    if (this.#named?.get(name) === stream) this.#named.delete(name)
    this.#table.end(stream)
    this.#kept -= 1
    // Room that a burst needed is given back.
    if (this.#pairs.length > 12 * (this.#kept + LEAST)) this.#make(this.#kept)
  }

  /** The stream of a name, if it is kept. One that was fresh is looked for once; then it is found. */
  named(name: string): number | undefined {
    const known = this.#named?.get(name)
    if (known !== undefined || (this.#named?.size ?? 0) === this.#kept) return known
    // The newest first: it is looked for soon after it began, if ever.
    for (let at = this.#length - 2; at >= 0; at -= 2) {
      const stream = this.#keptAt(at)
      if (stream === undefined || this.#table.nameOf(stream) !== name) continue
      ;(this.#named ??= new Map()).set(name, stream)
      return stream
    }
    return undefined
  }

  /** The stream of a number, if it is kept. */
  numbered(number: number): number | undefined {
    let low = 0
    let high = this.#length / 2
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#pairs[2 * middle] as number) < number) low = middle + 1
      else high = middle
    }
    return 2 * low < this.#length && this.#pairs[2 * low] === number ? this.#keptAt(2 * low) : undefined
  }

  /** All that are kept. */
  get streams(): readonly number[] {
    const streams: number[] = []
    for (let at = 0; at < this.#length; at += 2) {
      const stream = this.#keptAt(at)
      if (stream !== undefined) streams.push(stream)
    }
    return streams
  }

  /** The stream of a pair, if it is still the one that it was: rows are used again. */
  #keptAt(at: number): number | undefined {
    const stream = this.#pairs[at + 1] as number
    return this.#table.sessionOf(stream) === this && this.#table.numberOf(stream) === this.#pairs[at] ? stream : undefined
  }

  /** Makes room for as many streams and half as many more at least, by leaving out what is gone: where it lies, if that has about the right size. */
  #make(streams: number): void {
    const before = this.#pairs
    const least = 3 * Math.max(streams, LEAST)
    const after = before.length >= least && before.length <= 4 * least ? before : new Float64Array(2 * least)
    let length = 0
    for (let at = 0; at < this.#length; at += 2) {
      if (this.#keptAt(at) === undefined) continue
      after[length++] = before[at] as number
      after[length++] = before[at + 1] as number
    }
    this.#pairs = after
    this.#length = length
  }
}
