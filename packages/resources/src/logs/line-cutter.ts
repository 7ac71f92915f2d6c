/** Cuts a growing file into lines: whatever the chunks, whatever the bytes, with bounded memory. */

/** The longest line that is kept, in bytes. What is beyond it is not read into memory. */
export const MAX_LINE_BYTES = 64 * 1024

const NEWLINE = 0x0a

/**
 * Text of a line. Bytes that are no UTF-8 become U+FFFD. Of a line that was cut the last word is left out, since it may be the beginning of a secret that
 * can be told only as a whole.
 */
export function lineText(bytes: Buffer, cut: boolean): string {
  const text = bytes
    .toString('utf8')
    .replace(/\r$/, '')
    .replace(/^\ufeff/, '')
  if (!cut) return text
  const most = text.slice(0, Math.max(0, text.length - 4_096))
  const rest = text.slice(most.length)
  return `${most}${rest.slice(0, Math.max(0, rest.search(/[\s"',;]\S*$/)))} …`
}

/** Takes chunks, gives lines. */
export class LineCutter {
  #pieces: Buffer[] = []
  #held = 0
  #cut = false

  /** The lines that this chunk completes. The chunk may be reused afterwards. */
  push(chunk: Buffer): string[] {
    const lines: string[] = []
    let start = 0
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      this.#keep(chunk.subarray(start, end), false)
      lines.push(this.#take())
      start = end + 1
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start), true)
    return lines
  }

  /** The line that has no newline, when nothing more will come. */
  flush(): string | undefined {
    return this.#held === 0 ? undefined : this.#take()
  }

  #keep(bytes: Buffer, copy: boolean): void {
    const room = MAX_LINE_BYTES - this.#held
    if (bytes.length > room) this.#cut = true
    if (room <= 0) return
    const piece = bytes.subarray(0, room)
    this.#pieces.push(copy ? Buffer.from(piece) : piece)
    this.#held += piece.length
  }

  #take(): string {
    const [first] = this.#pieces
    const text = lineText(this.#pieces.length === 1 && first !== undefined ? first : Buffer.concat(this.#pieces), this.#cut)
    this.#pieces = []
    this.#held = 0
    this.#cut = false
    return text
  }
}
