/** The open end of a streamed Fetch response. */

import type { Sink, Watcher } from '../turn.ts'

/** Bytes the platform may hold before the reader counts as behind. */
const HIGH_WATER = 65_536

const ENCODER = new TextEncoder()

/** Pieces of text as a byte stream with back-pressure. */
export class FetchSink implements Sink {
  readonly stream: ReadableStream<Uint8Array>
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined
  #over = false
  #pulls = 0
  readonly #tell: (what: keyof Watcher) => void

  /** @param tell reaches whoever watches at the time something happens */
  constructor(tell: (what: keyof Watcher) => void) {
    this.#tell = tell
    this.stream = new ReadableStream<Uint8Array>(
      {
        start: controller => {
          this.#controller = controller
        },
        pull: () => {
          this.#pulls += 1
          this.#tell('drained')
        },
        cancel: () => this.#left(),
      },
      { highWaterMark: HIGH_WATER, size: chunk => chunk?.byteLength ?? 0 },
    )
  }

  get buffered(): number {
    return HIGH_WATER - (this.#controller?.desiredSize ?? HIGH_WATER)
  }

  get progress(): number {
    return this.buffered + this.#pulls
  }

  write(text: string): boolean {
    if (this.#over) return true
    if (text !== '') this.#controller?.enqueue(ENCODER.encode(text))
    return (this.#controller?.desiredSize ?? 1) > 0
  }

  end(text?: string): void {
    if (this.#over) return
    if (text !== undefined) this.write(text)
    this.#over = true
    this.#controller?.close()
  }

  cut(): void {
    if (this.#over) return
    this.#controller?.error(new Error('The stream was cut: its reader was too slow'))
    this.#left()
  }

  #left(): void {
    if (this.#over) return
    this.#over = true
    this.#tell('gone')
  }
}
