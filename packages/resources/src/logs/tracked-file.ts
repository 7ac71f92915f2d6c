/** A file that is being followed: how far it was read, and whether it is still what was read. */

import type { Stats } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { readAt } from '../read-at.ts'
import { idOf } from './generations.ts'
import { LineCutter } from './line-cutter.ts'

const CHUNK_BYTES = 64 * 1024
/** So many bytes before the position are remembered, to notice that others stand there now. */
const MEMORY_BYTES = 256
const NEWLINE = 0x0a

/** An open file and a position in it. */
export class TrackedFile {
  readonly handle: FileHandle
  readonly id: string
  /** When it was last seen to have grown, or opened. */
  grown = Date.now()
  #position: number
  #memory: Buffer = Buffer.alloc(0)
  #modified = 0
  readonly #cutter = new LineCutter()

  private constructor(handle: FileHandle, id: string, position: number) {
    this.handle = handle
    this.id = id
    this.#position = position
  }

  /** Begins at the start, or where the file ended when it was looked at: there, at the start of a line that was not complete. */
  static async of(handle: FileHandle, end?: Stats): Promise<TrackedFile> {
    const stat = await handle.stat()
    const isSame = end !== undefined && idOf(end) === idOf(stat) && end.size <= stat.size
    const file = new TrackedFile(handle, idOf(stat), isSame ? await lastLine(handle, end.size) : 0)
    await file.#remember(handle)
    return file
  }

  /** In bytes. */
  get position(): number {
    return this.#position
  }

  /** The lines of the next chunk; undefined when there is no more for now. Reads from `source`, a copy, when there is one. */
  async next(source: FileHandle = this.handle): Promise<readonly string[] | undefined> {
    const chunk = await readAt(source, this.#position, CHUNK_BYTES)
    if (chunk.length === 0) return undefined
    this.#position += chunk.length
    this.#memory = Buffer.concat([this.#memory, chunk.subarray(-MEMORY_BYTES)]).subarray(-MEMORY_BYTES)
    this.grown = Date.now()
    return this.#cutter.push(chunk)
  }

  /** Whether the file is shorter than what was read of it, or has other bytes there: it was emptied, and perhaps written anew. */
  async wasTruncated(): Promise<boolean> {
    const { size, mtimeMs } = await this.handle.stat()
    if (size < this.#position) return true
    if (size === this.#position && mtimeMs === this.#modified) return false
    this.#modified = mtimeMs
    return !(await this.continuesIn(this.handle))
  }

  /** Whether a file has the same bytes before the position. */
  async continuesIn(file: FileHandle): Promise<boolean> {
    const { length } = this.#memory
    return (await readAt(file, this.#position - length, length)).equals(this.#memory)
  }

  /** The incomplete last line, if there is one. */
  flushed(): readonly string[] {
    const line = this.#cutter.flush()
    return line === undefined ? [] : [line]
  }

  /** Reads from the start again. */
  restart(): void {
    this.#position = 0
    this.#memory = Buffer.alloc(0)
  }

  async #remember(file: FileHandle): Promise<void> {
    const length = Math.min(MEMORY_BYTES, this.#position)
    this.#memory = await readAt(file, this.#position - length, length)
  }
}

/** Where the last line that has no newline begins; the end when there is none, or when it is very long. */
async function lastLine(file: FileHandle, size: number): Promise<number> {
  const from = Math.max(0, size - CHUNK_BYTES)
  const end = await readAt(file, from, size - from)
  const newline = end.lastIndexOf(NEWLINE)
  return newline === -1 && from > 0 ? size : from + newline + 1
}
