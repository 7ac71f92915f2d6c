/** Newline framing for byte streams: stdio, sockets, and custom transports. One message per line, UTF-8. */

const NEWLINE = 0x0a
const RETURN = 0x0d
const TAB = 0x09
const SPACE = 0x20
const BYTE_ORDER_MARK = 0xfeff

/** The longest line read unless told otherwise, in bytes without its newline: 10 MiB. */
export const MAX_LINE_BYTES = 10 * 1024 * 1024

/** A buffer that grew for one long line is given back once it is larger than this. */
const KEPT_BYTES = 64 * 1024

/** What may be asked of a LineDecoder. */
export interface LineDecoderOptions {
  /** Longest line, in bytes without its newline. */
  readonly maxBytes?: number
  /** A line was longer than that and has been thrown away up to its newline. `bytes` is its length, a CR included. */
  readonly onTooLong?: (bytes: number) => void
  /** A line was not valid UTF-8 and has been thrown away. `bytes` is its length, a CR included. */
  readonly onInvalid?: (bytes: number) => void
}

/**
 * Cuts a byte stream into lines. Accepts `\r\n`, skips blank lines and byte order marks, survives characters split across chunks. Linear in
 * the input; holds at most one line of `maxBytes`. Callbacks run in the order of the lines and must not throw.
 */
export class LineDecoder {
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  readonly #maxBytes: number
  readonly #onTooLong: ((bytes: number) => void) | undefined
  readonly #onInvalid: ((bytes: number) => void) | undefined
  /** Start of a line whose newline has not come yet: the first `#held` bytes. Copied, since chunks belong to the caller. */
  #buffer = new Uint8Array(0)
  #held = 0
  /** Bytes of the over-long line being thrown away; 0 when none is. */
  #dropped = 0

  constructor(options: LineDecoderOptions = {}) {
    this.#maxBytes = options.maxBytes ?? MAX_LINE_BYTES
    this.#onTooLong = options.onTooLong
    this.#onInvalid = options.onInvalid
  }

  /** Takes the next bytes and calls `emit` with each line they complete. The chunk may be reused afterwards. */
  push(chunk: Uint8Array, emit: (line: string) => void): void {
    const last = chunk.lastIndexOf(NEWLINE)
    if (last === -1) return this.#keep(chunk)
    let start = 0
    if (this.#held !== 0 || this.#dropped !== 0) {
      start = chunk.indexOf(NEWLINE) + 1
      this.#keep(chunk.subarray(0, start - 1))
      this.#finish(emit)
    }
    if (start <= last) this.#lines(chunk.subarray(start, last + 1), emit)
    if (last + 1 < chunk.length) this.#keep(chunk.subarray(last + 1))
  }

  /** The stream is over: a last line without a newline counts too. The decoder can then read another stream. */
  end(emit: (line: string) => void): void {
    if (this.#held !== 0 || this.#dropped !== 0) this.#finish(emit)
  }

  #keep(bytes: Uint8Array): void {
    if (this.#dropped !== 0) {
      this.#dropped += bytes.length
      return
    }
    const size = this.#held + bytes.length
    // One byte more than allowed is kept, in case it is the CR of a line that is exactly as long as it may be.
    if (size > this.#maxBytes + 1) {
      this.#dropped = size
      this.#held = 0
      this.#buffer = new Uint8Array(0)
      return
    }
    if (size > this.#buffer.length) this.#grow(size)
    this.#buffer.set(bytes, this.#held)
    this.#held = size
  }

  // Doubling keeps the copying linear, however small the chunks.
  #grow(size: number): void {
    const larger = new Uint8Array(Math.max(size, Math.min(this.#buffer.length * 2, this.#maxBytes + 1)))
    larger.set(this.#buffer.subarray(0, this.#held))
    this.#buffer = larger
  }

  #finish(emit: (line: string) => void): void {
    const dropped = this.#dropped
    const line = this.#buffer.subarray(0, this.#held)
    this.#dropped = 0
    this.#held = 0
    if (this.#buffer.length > KEPT_BYTES) this.#buffer = new Uint8Array(0)
    if (dropped === 0) this.#line(line, emit)
    else this.#onTooLong?.(dropped)
  }

  /** Whole lines, the last newline included, decoded at once; one by one when one of them could be at fault. */
  #lines(bytes: Uint8Array, emit: (line: string) => void): void {
    const text = bytes.length > this.#maxBytes ? undefined : this.#decode(bytes)
    let start = 0
    if (text !== undefined) {
      for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
        emitLine(text, start, end, emit)
        start = end + 1
      }
      return
    }
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
      this.#line(bytes.subarray(start, end), emit)
      start = end + 1
    }
  }

  #line(bytes: Uint8Array, emit: (line: string) => void): void {
    const length = bytes.at(-1) === RETURN ? bytes.length - 1 : bytes.length
    if (length > this.#maxBytes) return this.#onTooLong?.(bytes.length)
    const text = this.#decode(bytes)
    if (text === undefined) this.#onInvalid?.(bytes.length)
    else emitLine(text, 0, text.length, emit)
  }

  #decode(bytes: Uint8Array): string | undefined {
    try {
      return this.#decoder.decode(bytes)
    } catch {
      return undefined
    }
  }
}

function emitLine(text: string, from: number, to: number, emit: (line: string) => void): void {
  const end = to > from && text.charCodeAt(to - 1) === RETURN ? to - 1 : to
  const start = text.charCodeAt(from) === BYTE_ORDER_MARK ? from + 1 : from
  if (start >= end || isBlank(text, start, end)) return
  emit(start === 0 && end === text.length ? text : text.slice(start, end))
}

function isBlank(text: string, from: number, to: number): boolean {
  let at = from
  while (at < to && (text.charCodeAt(at) === SPACE || text.charCodeAt(at) === TAB)) at++
  return at === to
}
