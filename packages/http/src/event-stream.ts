/** An answer as a stream of events: gathered into few writes, kept alive while quiet, bounded when its reader is slow. */

import { SSE_COMMENT, type Sweep, type Swept } from '@oarlock/protocol'
import { STREAM_HEAD } from './answer.ts'
import { soon, type Sleeper } from './soon.ts'
import type { HeaderList, Sink, Turn } from './turn.ts'

/** Bounds on a stream. */
export interface StreamLimits {
  /** Quiet time in milliseconds after which a comment keeps the connection open. */
  readonly keepAliveMs: number
  /** Most characters and bytes held for a reader that is behind; one more and the stream is cut (THREATS 18). */
  readonly bufferLimit: number
  /** How long a reader that is behind may take nothing at all before the stream is cut (THREATS T26). */
  readonly stallMs: number
}

/** Gathered text this long is written at once. */
const BURST = 16_384

interface Behind {
  readonly caughtUp: Promise<void>
  readonly resolve: () => void
  progress: number
  since: number
}

/**
 * One response carrying events. Its owner watches the turn and passes on `gone` and `drained`. The head leaves with the first write, a
 * moment after the first event, so that an answer that follows closely still goes out as one piece of known length.
 */
export class EventStream implements Swept, Sleeper {
  seat: Swept['seat']
  readonly #turn: Turn
  readonly #sweep: Sweep
  readonly #limits: StreamLimits
  readonly #head: HeaderList
  #sink: Sink | undefined
  #gathered = ''
  #scheduled = false
  #closed = false
  #behind: Behind | undefined
  #wrote: number

  constructor(turn: Turn, sweep: Sweep, limits: StreamLimits, head: HeaderList = STREAM_HEAD) {
    this.#turn = turn
    this.#sweep = sweep
    this.#limits = limits
    this.#head = head
    sweep.add(this)
    this.#wrote = sweep.now
  }

  get closed(): boolean {
    return this.#closed
  }

  /** Sends the text of one event. Returns a promise while the reader is behind. Dropped once the stream is closed. */
  send(event: string): void | Promise<void> {
    if (this.#closed) return
    this.#gathered += event
    if (this.#gathered.length >= BURST) this.flush()
    else if (!this.#scheduled) {
      this.#scheduled = true
      soon(this)
    }
    return this.#behind?.caughtUp
  }

  wake(): void {
    this.#scheduled = false
    if (this.#gathered !== '') this.flush()
  }

  /** Writes what was gathered, and the head before it, now. */
  flush(): void {
    if (this.#closed) return
    const text = this.#gathered
    if (text === '' && this.#sink !== undefined) return
    this.#sink ??= this.#turn.open(this.#head)
    this.#gathered = ''
    this.#wrote = this.#sweep.now
    const keepsUp = this.#sink.write(text)
    if (keepsUp) return
    this.#behind ??= { ...promised(), progress: this.#sink.progress, since: this.#sweep.now }
    if (this.#sink.buffered > this.#limits.bufferLimit) this.cut()
  }

  /** Ends the stream in good order, after a last event. */
  end(event = ''): void {
    if (this.#closed) return
    const last = this.#gathered + event
    this.#close()
    if (this.#sink === undefined) this.#turn.answer(200, this.#head, last)
    else this.#sink.end(last === '' ? undefined : last)
  }

  /** Breaks the connection: the reader is too slow, or nothing useful can follow. */
  cut(): void {
    if (this.#closed) return
    this.#close()
    this.#sink ??= this.#turn.open(this.#head)
    this.#sink.cut()
  }

  /** The reader left. */
  gone(): void {
    if (!this.#closed) this.#close()
  }

  /** The reader caught up. */
  drained(): void {
    this.#behind?.resolve()
    this.#behind = undefined
  }

  sweep(now: number): void {
    if (this.#behind === undefined) {
      if (now - this.#wrote < this.#limits.keepAliveMs) return
      this.#gathered += SSE_COMMENT
      return this.flush()
    }
    const progress = (this.#sink as Sink).progress
    if (progress !== this.#behind.progress) {
      this.#behind.progress = progress
      this.#behind.since = now
    } else if (now - this.#behind.since >= this.#limits.stallMs) this.cut()
  }

  shut(): void {
    this.end()
  }

  #close(): void {
    this.#closed = true
    this.#gathered = ''
    this.#sweep.delete(this)
    this.drained()
  }
}

function promised(): { caughtUp: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => {}
  const caughtUp = new Promise<void>(settle => {
    resolve = settle
  })
  return { caughtUp, resolve }
}
