/** Reads messages from a byte stream, one to a line. Both halves use it. */

import type { Readable } from 'node:stream'
import { Fault, type Incoming, LineDecoder, MAX_LINE_BYTES, type MessageLimits, parse } from '@oarlock/protocol'

/** Who is told. */
export interface LineListener {
  /** A line arrived. `line` is its text, absent where it was too long or not UTF-8: then the message is invalid and says so. */
  receive(message: Incoming, line?: string): void
  /** Nothing more will arrive; called once. `cause` is absent at an orderly end. */
  ended(cause?: unknown): void
}

/** What bounds the reading. */
export interface LineLimits {
  /** Longest line, in bytes. 10 MiB when absent. */
  readonly maxBytes?: number | undefined
  readonly limits?: MessageLimits | undefined
}

/** One stream being read, from construction on. */
export class LineReader {
  readonly #input: Readable
  readonly #listener: LineListener
  readonly #decoder: LineDecoder
  readonly #limits: MessageLimits | undefined
  #stopped = false

  constructor(input: Readable, listener: LineListener, { maxBytes = MAX_LINE_BYTES, limits }: LineLimits) {
    this.#input = input
    this.#listener = listener
    this.#limits = limits
    this.#decoder = new LineDecoder({
      maxBytes,
      onTooLong: bytes => this.#invalid(new Fault('TOO_LARGE', `A message of ${bytes} bytes is too large; at most ${maxBytes} are read`)),
      onInvalid: () => this.#invalid(new Fault('PARSE_ERROR', 'The message is not valid UTF-8')),
    })
    // A listener before this one may have let go of it.
    if (input === process.stdin) process.stdin.ref?.()
    input.on('data', this.#data).on('end', this.#end).on('error', this.#failed).on('close', this.#closed)
  }

  /** Reads no further until `resume`. What was read already is still delivered. */
  pause(): void {
    this.#input.pause()
  }

  resume(): void {
    if (!this.#stopped) this.#input.resume()
  }

  /** Lets go of the stream and delivers nothing more. Standard input then no longer keeps the process alive. */
  stop(): void {
    if (this.#stopped) return
    this.#stopped = true
    this.#input.off('data', this.#data).off('end', this.#end).off('close', this.#closed)
    this.#input.pause()
    // A stream that is paused while it delivers reads on until its buffer is full, and that would keep the process alive.
    if (this.#input === process.stdin) process.stdin.unref?.()
  }

  readonly #data = (chunk: Uint8Array | string): void => {
    this.#decoder.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk, this.#line)
  }

  readonly #line = (line: string): void => {
    if (!this.#stopped) this.#listener.receive(parse(line, this.#limits), line)
  }

  readonly #end = (): void => {
    if (this.#stopped) return
    this.#decoder.end(this.#line)
    this.#over()
  }

  // Stays attached after `stop`: a stream that breaks when nobody cares any more must not end the process.
  readonly #failed = (cause: unknown): void => this.#over(cause)

  readonly #closed = (): void => this.#over()

  #over(cause?: unknown): void {
    if (this.#stopped) return
    this.stop()
    this.#listener.ended(cause)
  }

  #invalid(fault: Fault): void {
    if (!this.#stopped) this.#listener.receive({ kind: 'invalid', fault, id: undefined })
  }
}
