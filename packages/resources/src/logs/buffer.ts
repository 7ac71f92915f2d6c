/** A log in memory: what this process writes through pino, through the console, or directly. */

import { format } from 'node:util'
import { checkOptions, type OptionNames, randomId } from '@oarlock/protocol'
import { whole } from '../whole.ts'
import type { LogEntry } from './entry.ts'
import { LineCutter } from './line-cutter.ts'

/** Bounds of a buffer. The oldest entries go first. */
export interface LogBufferOptions {
  /** 10,000 when absent. */
  readonly maxEntries?: number
  /** Of the lines, in bytes. 4 MiB when absent. */
  readonly maxBytes?: number
}

/** The names of all options. */
const BUFFER_OPTIONS: OptionNames<LogBufferOptions> = { maxEntries: true, maxBytes: true }

/** The methods of a console that are recorded, with the level each means. */
const METHODS = [
  ['trace', 10],
  ['debug', 20],
  ['log', 30],
  ['info', 30],
  ['warn', 40],
  ['error', 50],
] as const

/** A console, as far as it is recorded. */
export type RecordedConsole = Record<(typeof METHODS)[number][0], (...data: unknown[]) => void>

/** A line in the buffer. */
export interface BufferedLine {
  readonly seq: number
  readonly line: string
}

/**
 * Keeps the last lines that were written to it. A destination for pino (`pino(buffer)`, or as one stream of `pino.multistream`), for anything else that
 * writes lines to a stream, for the console, and for entries of one's own. Offer it with `logs({ sources: { app: buffer } })`.
 */
export class LogBuffer {
  /** Tells the lines of this buffer from those of one before it, for cursors. */
  readonly id: string = randomId().slice(0, 8)
  readonly #maxEntries: number
  readonly #maxBytes: number
  readonly #cutter = new LineCutter()
  readonly #followers = new Set<(lines: readonly string[]) => void>()
  /** A ring: the oldest line is at `#first`, and what is before it is free. */
  #lines: string[] = []
  #first = 0
  #seq = 0
  #bytes = 0

  /** @throws TypeError for bounds that are none */
  constructor(options: LogBufferOptions = {}) {
    checkOptions(options, BUFFER_OPTIONS, 'a LogBuffer')
    const { maxEntries = 10_000, maxBytes = 4 * 1024 * 1024 } = options
    this.#maxEntries = whole('maxEntries', maxEntries)
    this.#maxBytes = whole('maxBytes', maxBytes)
  }

  /** Entries in the buffer. */
  get size(): number {
    return this.#lines.length - this.#first
  }

  /** Bytes of their lines. */
  get bytes(): number {
    return this.#bytes
  }

  /** Entries that were there and had to go. */
  get dropped(): number {
    return this.#seq - this.size
  }

  /** Takes text as a stream does: whole lines count, a last one without newline waits for the rest. Never blocks and never throws. */
  write(chunk: string | Uint8Array): boolean {
    const lines = this.#cutter.push(
      typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength),
    )
    this.#add(lines.filter(line => line.trim() !== ''))
    return true
  }

  /** Adds an entry; now is its time when it has none. */
  push(entry: LogEntry): void {
    const { time = Date.now(), level, component, message, fields } = entry
    this.#add([lineOf({ ...fields, time, level, component, msg: message })])
  }

  /**
   * Records what is written to a console, which goes on writing it where it did. Returns how to undo it. One console may be recorded by several
   * buffers, undone in any order.
   */
  record(target: RecordedConsole = console): () => void {
    // `trace` writes by `error`: what a method calls itself is the same statement once more.
    let within = false
    const undo = METHODS.map(([name, level]) => {
      const before = target[name]
      let on = true
      const patched = (...data: unknown[]): void => {
        if (on && !within) {
          const stack = name === 'trace' ? stackAbove(patched) : undefined
          this.#add([lineOf({ time: Date.now(), level, component: 'console', msg: format(...data), stack })])
        }
        const outermost = !within
        within = true
        try {
          Reflect.apply(before, target, data)
        } finally {
          if (outermost) within = false
        }
      }
      target[name] = patched
      return () => {
        on = false
        // Whoever patched it after us goes on calling us, and we pass it on.
        if (target[name] === patched) target[name] = before
      }
    })
    return () => undo.forEach(each => each())
  }

  /** Lines from the newest to the oldest, beginning before `seq` or at the end. */
  *backwards(seq: number = this.#seq): Generator<BufferedLine> {
    for (let at = Math.min(seq, this.#seq) - 1; at >= this.#seq - this.size; at--) {
      yield { seq: at, line: this.#lines[this.#lines.length - (this.#seq - at)] ?? '' }
    }
  }

  /** Calls `news` with lines that come, until what it returns is called. */
  follow(news: (lines: readonly string[]) => void): () => void {
    const follower = (lines: readonly string[]): void => news(lines)
    this.#followers.add(follower)
    return () => void this.#followers.delete(follower)
  }

  #add(lines: readonly string[]): void {
    if (lines.length === 0) return
    for (const line of lines) {
      this.#lines.push(line)
      this.#bytes += Buffer.byteLength(line)
    }
    this.#seq += lines.length
    while (this.size > this.#maxEntries || this.#bytes > this.#maxBytes) {
      this.#bytes -= Buffer.byteLength(this.#lines[this.#first] ?? '')
      this.#lines[this.#first++] = ''
    }
    // Moving what is left costs as much as was freed since the last time.
    if (this.#first > this.size) {
      this.#lines = this.#lines.slice(this.#first)
      this.#first = 0
    }
    for (const follower of this.#followers) follower(lines)
  }
}

/** Where a function was called, as `console.trace` tells it. */
function stackAbove(called: (...data: unknown[]) => void): string {
  const place = { stack: '' }
  Error.captureStackTrace(place, called)
  return place.stack.slice(place.stack.indexOf('\n') + 1)
}

/** One line of JSON, whatever the entry holds. */
function lineOf(entry: object): string {
  try {
    return JSON.stringify(entry, plain)
  } catch {
    return JSON.stringify({ ...entry, fields: undefined, msg: String((entry as { msg?: unknown }).msg) }, shallow)
  }
}

function plain(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString()
  return value instanceof Error ? { type: value.name, message: value.message, stack: value.stack } : value
}

/** For what goes in circles. */
function shallow(key: string, value: unknown): unknown {
  return key !== '' && typeof value === 'object' ? undefined : plain(key, value)
}
