/** Writes messages to a byte stream, one to a line: many at a time, and no faster than they are read. Both halves use it. */

/** With this much collected it is written without waiting for more, in characters. */
const EAGER = 64 * 1024

/** What may wait for a slow reader unless told otherwise, in characters. */
export const MAX_BACKLOG = 64 * 1024 * 1024

/** The `write` of a stream: false while the stream has enough, and a callback when it has passed the text on. */
export type StreamWrite = (text: string, encoding: 'utf8', done: () => void) => boolean

/** Who is told, and when. */
export interface WriterOptions {
  /** Characters that may wait for a slow reader. 64 Mi when absent; one message alone is never too much. */
  readonly maxBacklog?: number | undefined
  /** Everything so far left the process. */
  readonly onDrained?: () => void
  /** More than `maxBacklog` waits. Whoever owns the writer gives it up. */
  readonly onOverflow?: (limit: number) => void
}

/** Collects lines and writes them together once the running code and its promises have come to rest. */
export class LineWriter {
  readonly #write: StreamWrite
  readonly #options: WriterOptions
  #waiting: string[] = []
  #size = 0
  #scheduled = false
  /** Writes that the stream has not reported as done. */
  #writing = 0
  #behind = false
  #closed = false
  #room: Room | undefined
  #finished: (() => void) | undefined

  constructor(write: StreamWrite, options: WriterOptions = {}) {
    this.#write = write
    this.#options = options
  }

  /** Whether the reader of the stream is slower than those who write to it. */
  get behind(): boolean {
    return this.#behind
  }

  /** Adds a line. Returns a promise while the reader is behind. After `finish` or `abort`, does nothing. */
  write(line: string): void | Promise<void> {
    if (this.#closed) return
    this.#waiting.push(line)
    this.#size += line.length + 1
    if (!this.#behind && this.#size >= EAGER) this.#flush()
    if (this.#behind) return this.#wait()
    if (this.#scheduled || this.#size === 0) return
    this.#scheduled = true
    process.nextTick(this.#tick)
  }

  /** Takes no more lines and writes those there are. Resolves when they left the process, or never will. */
  finish(): Promise<void> {
    this.#closed = true
    if (this.#size > 0) this.#flush()
    if (this.#writing === 0) return Promise.resolve()
    return new Promise(resolve => {
      this.#finished = resolve
    })
  }

  /** Drops what waits. Those who wait for room are let go. */
  abort(): void {
    this.#closed = true
    this.#waiting = []
    this.#size = 0
    this.#letGo()
    this.#finished?.()
  }

  readonly #tick = (): void => {
    this.#scheduled = false
    if (this.#size > 0 && !this.#behind) this.#flush()
  }

  #flush(): void {
    const text = `${this.#waiting.join('\n')}\n`
    this.#waiting = []
    this.#size = 0
    this.#writing += 1
    this.#behind = !this.#write(text, 'utf8', this.#written)
  }

  // A failed write is followed by the stream's `error` event, whose listener calls abort.
  readonly #written = (): void => {
    this.#writing -= 1
    if (this.#writing > 0) return
    this.#behind = false
    if (this.#size > 0) return this.#flush()
    this.#letGo()
    this.#finished?.()
    this.#options.onDrained?.()
  }

  #wait(): Promise<void> | undefined {
    const { maxBacklog = MAX_BACKLOG, onOverflow } = this.#options
    if (this.#size > maxBacklog && this.#waiting.length > 1) {
      onOverflow?.(maxBacklog)
      return undefined
    }
    this.#room ??= makeRoom()
    return this.#room.promise
  }

  #letGo(): void {
    const room = this.#room
    this.#room = undefined
    room?.resolve()
  }
}

interface Room {
  readonly promise: Promise<void>
  readonly resolve: () => void
}

function makeRoom(): Room {
  let resolve!: () => void
  const promise = new Promise<void>(done => {
    resolve = done
  })
  return { promise, resolve }
}
