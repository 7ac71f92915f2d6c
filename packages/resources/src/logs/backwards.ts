/** Reads the lines of a file from a place towards its start, block by block: the last lines of a large file cost only its end. */

import type { FileHandle } from 'node:fs/promises'
import { readAt } from '../read-at.ts'
import { lineText, MAX_LINE_BYTES } from './line-cutter.ts'

/** A line and where it begins. */
export interface Line {
  readonly text: string
  /** In bytes. */
  readonly offset: number
  /** False for a last line whose newline is not there. */
  readonly ended: boolean
}

/** Lines of one block, the last one first, and how much was read for them. */
export interface LineBlock {
  readonly lines: readonly Line[]
  readonly bytes: number
}

const BLOCK_BYTES = 64 * 1024
const NEWLINE = 0x0a

/** The lines before `end`, which is where a line begins or the file ends. Blank lines are left out. */
export async function* linesBefore(file: FileHandle, end: number): AsyncGenerator<LineBlock> {
  const rest = new Rest()
  let position = end
  while (position > 0) {
    const length = Math.min(BLOCK_BYTES, position)
    const block = await readAt(file, position - length, length)
    if (block.length < length) return
    const lines: Line[] = []
    let last = length
    // The newline that ends the very last line ends nothing before it.
    if (position === end && block[length - 1] === NEWLINE) {
      last--
      rest.ended = true
    }
    for (
      let at = last === 0 ? -1 : block.lastIndexOf(NEWLINE, last - 1);
      at !== -1;
      at = at === 0 ? -1 : block.lastIndexOf(NEWLINE, at - 1)
    ) {
      rest.take(block.subarray(at + 1, last), position - length + at + 1, lines)
      last = at
    }
    rest.keep(block.subarray(0, last))
    position -= length
    if (position === 0) rest.take(Buffer.alloc(0), 0, lines)
    yield { lines, bytes: length }
  }
}

/** The end of a line whose start is in a block before. Only what belongs to the first `MAX_LINE_BYTES` of the line is kept. */
class Rest {
  ended = false
  #pieces: Buffer[] = []
  #held = 0
  #cut = false

  keep(bytes: Buffer): void {
    this.#pieces.unshift(bytes)
    this.#held += bytes.length
    // What comes later stands before: the end of the line is what is too much.
    while (this.#held - (this.#pieces.at(-1)?.length ?? 0) >= MAX_LINE_BYTES) {
      this.#held -= this.#pieces.pop()?.length ?? 0
      this.#cut = true
    }
  }

  take(start: Buffer, offset: number, into: Line[]): void {
    const bytes = this.#pieces.length === 0 ? start : Buffer.concat([start, ...this.#pieces])
    const cut = this.#cut || bytes.length > MAX_LINE_BYTES
    const text = lineText(bytes.subarray(0, MAX_LINE_BYTES), cut)
    if (text.trim() !== '') into.push({ text, offset, ended: this.ended })
    this.ended = true
    this.#pieces = []
    this.#held = 0
    this.#cut = false
  }
}
