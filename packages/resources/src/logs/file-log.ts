/** A log in a file, and in the files that its rotation put aside. */

import type { FileHandle } from 'node:fs/promises'
import { Fault } from '@oarlock/protocol'
import { readAt } from '../read-at.ts'
import { assembleNews, BackwardAssembler } from './assemble.ts'
import { type Line, linesBefore } from './backwards.ts'
import { checkOf, type FileCursor, readCursor, writeCursor } from './cursor.ts'
import type { LogEntry } from './entry.ts'
import { type FollowOptions, followFile } from './follower.ts'
import type { LogFormat } from './format/format.ts'
import { detectFormat, SAMPLE_LINES } from './format/formats.ts'
import { idOf, isCopy, openFile, rotatedFiles } from './generations.ts'
import { lineText, MAX_LINE_BYTES } from './line-cutter.ts'
import type { Redaction } from './redact/redaction.ts'
import { offsetAfter } from './seek.ts'
import { type Batch, DISORDER_MS, type From, type Located, type LogSource } from './source.ts'

/** What a file is read as. */
export interface FileLogOptions {
  readonly path: string
  /** Found out when absent. */
  readonly format: LogFormat | undefined
  /** Whether rotated files are read too. */
  readonly rotated: boolean
  readonly redaction: Redaction
  readonly follow: FollowOptions
}

/** A last line without newline is shown once nobody has written for so long: it is not being written. */
const SETTLED_MS = 1_000
const CONTEXT_BYTES = 32 * 1024

interface Opened {
  readonly handle: FileHandle
  readonly size: number
  /** Whether a last line without newline is complete. */
  readonly settled: boolean
}

/** Entries of one log across its files. */
export class FileLog implements LogSource {
  readonly #options: FileLogOptions

  constructor(options: FileLogOptions) {
    this.#options = options
  }

  async *backwards({ before, until }: From): AsyncGenerator<Batch> {
    let cursor = before === undefined ? undefined : cursorIn(before)
    for await (const file of this.#files()) {
      if (cursor !== undefined && !(await this.#holds(file, cursor))) continue
      const before = cursor?.offset
      cursor = undefined
      if (before === undefined) yield* this.#read(file, file.size, until)
      else
        for await (const { entries, bytes } of this.#read(file, await endOfContext(file.handle, before), until))
          yield { entries: entries.map(entry => (entry.at < before ? entry : { ...entry, passed: true })), bytes }
    }
    if (cursor !== undefined) throw gone()
  }

  cursorOf({ at, line }: Located): string {
    return writeCursor({ offset: at, check: checkOf(line, this.#options.redaction) })
  }

  async follow(news: (entries: readonly LogEntry[]) => void): Promise<() => Promise<void>> {
    const { path, follow } = this.#options
    let { format } = this.#options
    const following = await followFile(
      path,
      lines => {
        format ??= lines.length < SAMPLE_LINES ? undefined : detectFormat(lines)
        news(assembleNews(lines, format ?? detectFormat(lines)))
      },
      follow,
    )
    return () => following.stop()
  }

  /** The files from the newest on, each open as long as it is looked at. */
  async *#files(): AsyncGenerator<Opened> {
    const { path, rotated } = this.#options
    const current = await openFile(path)
    const seen = new Set<string>()
    try {
      const stat = await current?.stat()
      if (current !== undefined && stat !== undefined) {
        seen.add(idOf(stat))
        yield { handle: current, size: stat.size, settled: Date.now() - stat.mtimeMs > SETTLED_MS }
      }
      for (const file of rotated ? await rotatedFiles(path) : []) {
        if (seen.has(file.id)) continue
        seen.add(file.id)
        const handle = await openFile(file.path)
        if (handle === undefined) continue
        try {
          // Between copying and truncating, both files hold the same.
          if (current !== undefined && stat !== undefined && (await isCopy(handle, file.size, current, stat.size))) continue
          yield { handle, size: file.size, settled: true }
        } finally {
          await handle.close()
        }
      }
    } finally {
      await current?.close()
    }
  }

  async #holds({ handle, size }: Opened, { offset, check }: FileCursor): Promise<boolean> {
    if (offset >= size) return false
    const bytes = await readAt(handle, offset, MAX_LINE_BYTES + 1)
    const newline = bytes.indexOf(0x0a)
    const end = newline === -1 ? bytes.length : newline
    const line = lineText(bytes.subarray(0, Math.min(end, MAX_LINE_BYTES)), end > MAX_LINE_BYTES)
    return checkOf(line, this.#options.redaction) === check
  }

  async *#read({ handle, size, settled }: Opened, end: number, until: number | undefined): AsyncGenerator<Batch> {
    let { format } = this.#options
    if (until !== undefined) format ??= await formatAt(handle, size)
    const from = until === undefined || format === undefined ? end : await offsetAfter(handle, end, until + DISORDER_MS, format)
    let assembler: BackwardAssembler<Line> | undefined
    for await (const { lines, bytes } of linesBefore(handle, from)) {
      const whole = lines.filter(({ ended }) => ended || settled)
      if (assembler === undefined && whole.length > 0) {
        format ??= detectFormat(whole.map(({ text }) => text))
        assembler = new BackwardAssembler(format)
      }
      yield { entries: whole.flatMap(line => assembler?.push(line) ?? []).map(located), bytes }
    }
    yield { entries: (assembler?.end() ?? []).map(located), bytes: 0 }
  }
}

/** A place behind the cursor, at the end of a line: what stands between may be the end of a key whose other lines are before. */
async function endOfContext(handle: FileHandle, offset: number): Promise<number> {
  const bytes = await readAt(handle, offset, CONTEXT_BYTES)
  return offset + bytes.lastIndexOf(0x0a) + 1
}

function located({ entry, line }: { readonly entry: LogEntry; readonly line: Line }): Located {
  return { entry, line: line.text, at: line.offset }
}

async function formatAt(handle: FileHandle, size: number): Promise<LogFormat | undefined> {
  for await (const { lines } of linesBefore(handle, size)) if (lines.length > 0) return detectFormat(lines.map(({ text }) => text))
  return undefined
}

function cursorIn(text: string): FileCursor {
  const cursor = readCursor(text)
  if (cursor === undefined) throw gone()
  return cursor
}

/** The fault for a cursor that names nothing. */
export function gone(): Fault {
  return new Fault('INVALID_CURSOR', 'before names no entry of this log, or none any more: leave it out to begin at the newest')
}
