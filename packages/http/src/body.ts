/** The body of a request while it arrives: counted, given up when it is too big or too slow, decoded once. */

import { Fault, type Sweep, type Swept } from '@oarlock/protocol'
import type { BodyReader } from './turn.ts'

/** What a door lends to the bodies it reads. */
export interface BodyGround {
  readonly sweep: Sweep
  readonly bodyTimeoutMs: number
  /** The text of some chunks of UTF-8; undefined when they are not. A byte order mark stays. */
  decode(chunks: readonly Uint8Array[]): string | undefined
}

/** One body on its way. Ends in exactly one call of the reader, or in none when the client leaves. */
export class Body implements Swept {
  seat: Swept['seat']
  /** The reader has what there was. */
  ended = false
  /** The reader was told that the body is refused, while more of it may come. */
  refused = false
  readonly #limit: number
  #reader: BodyReader | undefined
  readonly #ground: BodyGround
  #chunks: Uint8Array[] | undefined = []
  #size = 0
  #since = 0

  constructor(limit: number, reader: BodyReader, ground: BodyGround) {
    this.#limit = limit
    this.#reader = reader
    this.#ground = ground
  }

  /**
   * Begins. Returns whether the body is to be read: `take` each chunk then, and `end`.
   * @param length `Content-Length`
   * @param parsed the body, where a framework has read it: bytes, text, or a value
   */
  start(length: string | undefined, parsed: unknown): boolean {
    if (length !== undefined && Number(length) > this.#limit) this.refuse(this.#tooLarge())
    else if (parsed !== undefined && parsed !== null) this.#parsed(parsed, length === undefined)
    else {
      this.#ground.sweep.add(this)
      this.#since = this.#ground.sweep.now
      return true
    }
    return false
  }

  take(chunk: Uint8Array): void {
    if (this.refused) return
    this.#size += chunk.length
    if (this.#size > this.#limit) this.refuse(this.#tooLarge())
    else this.#chunks?.push(chunk)
  }

  end(): void {
    if (this.refused || this.ended) return
    this.ended = true
    const chunks = this.#chunks as Uint8Array[]
    this.#release()
    this.#read(chunks)
  }

  /** The client left, or the body cannot be had. */
  left(): void {
    this.refused = true
    this.#release()
  }

  refuse(fault: Fault): void {
    if (this.refused || this.ended) return
    this.refused = true
    this.#release()
    this.#done().refused(fault)
  }

  sweep(now: number): void {
    if (now - this.#since >= this.#ground.bodyTimeoutMs) this.refuse(new Fault('BODY_TIMEOUT'))
  }

  shut(): void {
    this.refuse(new Fault('SHUTTING_DOWN'))
  }

  /** A request may live for hours after its body was read. */
  #release(): void {
    this.#chunks = undefined
    this.#ground.sweep.delete(this)
  }

  #read(chunks: readonly Uint8Array[]): void {
    const text = this.#ground.decode(chunks)
    if (text === undefined) this.#done().refused(new Fault('PARSE_ERROR', 'The message is not valid UTF-8'))
    else this.#done().text(text)
  }

  #done(): BodyReader {
    const reader = this.#reader as BodyReader
    this.#reader = undefined
    return reader
  }

  // The framework's own limit may be higher than ours, and a chunked body has not said how long it is.
  #parsed(body: unknown, unmeasured: boolean): void {
    this.ended = true
    if (body instanceof Uint8Array) return body.length > this.#limit ? this.#done().refused(this.#tooLarge()) : this.#read([body])
    const text = typeof body === 'string' ? body : unmeasured ? textOf(body) : ''
    if (text.length * 3 > this.#limit && new TextEncoder().encode(text).length > this.#limit) return this.#done().refused(this.#tooLarge())
    if (typeof body === 'string') this.#done().text(body)
    else this.#done().value(body)
  }

  #tooLarge(): Fault {
    return new Fault('TOO_LARGE', `The message is larger than ${this.#limit} bytes`)
  }
}

/** A value that nests too deep to be written down is refused by whoever reads it. */
function textOf(body: unknown): string {
  try {
    return JSON.stringify(body)
  } catch {
    return ''
  }
}
