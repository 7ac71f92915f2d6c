/**
 * What an event log knows of the streams whose events it keeps: a row of numbers for each. Objects would outlive the request that made them, and be copied by the garbage
 * collector (docs/decisions/0023); rows are used again.
 */

const FIRST = 0
const LAST = 1
const COUNT = 2
const SIZE = 3
const EVENTS = 4
const NUMBER = 5
/** A row is as long as a line of the processor's cache. */
const COLUMNS = 8
/** Rows of a table that holds nothing. */
const ROWS = 16

/** The table. A stream is the number of its row; whoever asks for one has to know that it is there. */
export class StreamTable<Session> {
  #rows = new Float64Array(ROWS * COLUMNS)
  #sessions: (Session | undefined)[] = []
  #names: string[] = []
  #free: number[] = []

  /** Makes a row for a stream without events. */
  begin(session: Session, name: string, number: number): number {
    const stream = this.#free.pop() ?? this.#more()
    const row = stream * COLUMNS
    this.#rows.fill(0, row, row + COLUMNS)
    this.#rows[row + NUMBER] = number
    this.#sessions[stream] = session
    this.#names[stream] = name
    return stream
  }

  /** A stream is kept no more. */
  end(stream: number): void {
    this.#sessions[stream] = undefined
    this.#names[stream] = ''
    this.#free.push(stream)
    if (this.#free.length < this.#sessions.length || this.#sessions.length <= ROWS) return
    // Rows cannot be moved while events name them, so a table shrinks when it is empty.
    this.#rows = new Float64Array(ROWS * COLUMNS)
    this.#sessions = []
    this.#names = []
    this.#free = []
  }

  /** Adds an event of `size` that lies at `place`. Returns the place of the one before it, 0 for the first. */
  add(stream: number, place: number, size: number): number {
    const rows = this.#rows
    const row = stream * COLUMNS
    const before = rows[row + LAST] as number
    if (before === 0) rows[row + FIRST] = place
    rows[row + LAST] = place
    rows[row + COUNT] = (rows[row + COUNT] as number) + 1
    rows[row + SIZE] = (rows[row + SIZE] as number) + size
    rows[row + EVENTS] = (rows[row + EVENTS] as number) + 1
    return before
  }

  /** Takes the first event away; the next one lies at `next`. Returns how many are left. */
  forget(stream: number, size: number, next: number): number {
    const rows = this.#rows
    const row = stream * COLUMNS
    rows[row + FIRST] = next
    rows[row + SIZE] = (rows[row + SIZE] as number) - size
    return (rows[row + COUNT] = (rows[row + COUNT] as number) - 1)
  }

  /** The first event, the last, or the only one lies elsewhere now. */
  move(stream: number, from: number, to: number): void {
    const row = stream * COLUMNS
    if (this.#rows[row + FIRST] === from) this.#rows[row + FIRST] = to
    if (this.#rows[row + LAST] === from) this.#rows[row + LAST] = to
  }

  /** Where its first event lies. */
  firstOf(stream: number): number {
    return this.#rows[stream * COLUMNS + FIRST] as number
  }

  /** How many events are kept. */
  countOf(stream: number): number {
    return this.#rows[stream * COLUMNS + COUNT] as number
  }

  /** How large they are together. */
  sizeOf(stream: number): number {
    return this.#rows[stream * COLUMNS + SIZE] as number
  }

  /** Events so far, forgotten ones included. */
  eventsOf(stream: number): number {
    return this.#rows[stream * COLUMNS + EVENTS] as number
  }

  /** What it was called by its session when it began. */
  numberOf(stream: number): number {
    return this.#rows[stream * COLUMNS + NUMBER] as number
  }

  nameOf(stream: number): string {
    return this.#names[stream] as string
  }

  /** Whose it is; undefined for what is no stream, or none any more. */
  sessionOf(stream: number): Session | undefined {
    return this.#sessions[stream]
  }

  #more(): number {
    const stream = this.#sessions.length
    if ((stream + 1) * COLUMNS > this.#rows.length) {
      const rows = new Float64Array(2 * this.#rows.length)
      rows.set(this.#rows)
      this.#rows = rows
    }
    return stream
  }
}
