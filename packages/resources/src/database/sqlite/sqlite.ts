/** SQLite files as a source: opened for reading, in processes of their own. */

import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkOptions, type Duration, type OptionNames } from '@oarlock/protocol'
import { interval } from '../../interval.ts'
import { whole } from '../../whole.ts'
import type { DatabaseSource, Rows, Statement } from '../port.ts'
import type { Relation } from '../schema.ts'
import { MOST_WAITING, Slots } from '../slots.ts'
import { SqliteChild } from './child.ts'
import { libraryFor } from './driver.ts'
import type { OpenJob } from './jobs.ts'

/** Options of a SQLite source. */
export interface SqliteOptions {
  /** How many statements run at once, each in a process of its own. 2 when absent. */
  readonly connections?: number
  /** How long to wait for a writer that holds the file. 2 seconds when absent. */
  readonly busy?: Duration
  /** How often to look for changes while somebody follows a document. Each second when absent. */
  readonly poll?: Duration
  /** The library: `node:sqlite`, `better-sqlite3`, or the place of another with its API. The first of these two that there is when absent. */
  readonly module?: string
}

/** The names of all options. */
const SQLITE_OPTIONS: OptionNames<SqliteOptions> = { connections: true, busy: true, poll: true, module: true }

const SCHEMA_MS = 10_000

/**
 * A SQLite file. Nothing is opened before the first read. The file must exist by then; memory databases belong to one connection and cannot be read
 * here.
 * @throws TypeError for what is no file, and for options that cannot be
 */
export function sqlite(file: string | URL, options: SqliteOptions = {}): DatabaseSource {
  checkOptions(options, SQLITE_OPTIONS, 'sqlite()')
  return new SqliteSource(typeof file === 'string' ? file : fileURLToPath(file), options)
}

class SqliteSource implements DatabaseSource {
  readonly dialect = 'sqlite'
  readonly schema = 'main'
  readonly connections: number
  readonly #children: readonly SqliteChild[]
  readonly #slots: Slots<SqliteChild>
  readonly #pollMs: number
  readonly #library: () => string
  readonly #open: () => OpenJob
  #schema: { readonly version: string; readonly relations: readonly Relation[] } | undefined

  constructor(file: string, { connections = 2, busy = '2s', poll = '1s', module }: SqliteOptions) {
    if (file === '' || file === ':memory:' || file.startsWith('file:'))
      throw new TypeError(`sqlite() reads a file by its path, and '${file}' is none`)
    this.connections = whole('connections', connections)
    this.#pollMs = interval('poll', poll)
    const path = resolve(file)
    const busyMs = interval('busy', busy)
    this.#library = () => libraryFor(module)
    this.#open = () => ({ job: 'open', path, busyMs, module: this.#library() })
    this.#children = Array.from({ length: connections }, () => new SqliteChild(this.#open))
    this.#slots = new Slots(this.#children, MOST_WAITING)
  }

  async ready(): Promise<void> {
    this.#library()
  }

  async relations(signal?: AbortSignal): Promise<readonly Relation[]> {
    const known = this.#schema?.version
    const { version, relations } = await this.#slots.with(signal, child => child.run({ job: 'schema', known }, SCHEMA_MS, signal))
    if (relations !== undefined) this.#schema = { version, relations }
    return this.#schema?.relations ?? []
  }

  async run({ signal, timeout, ...statement }: Statement): Promise<Rows> {
    return this.#slots.with(signal, child => child.run({ job: 'run', ...statement }, interval('timeout', timeout), signal))
  }

  async follow(changed: () => void, failed: (cause: unknown) => void): Promise<() => void> {
    // The number is one connection's own: it is always asked of the same.
    const child = new SqliteChild(this.#open)
    let before: string | undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    let over = false
    const look = async (): Promise<void> => {
      try {
        const fresh = !child.started
        const now = await child.run({ job: 'version' }, SCHEMA_MS)
        // A new connection counts anew: what happened in between nobody knows.
        if (before !== undefined && (fresh || now !== before)) changed()
        before = now
      } catch (cause) {
        if (!over) failed(cause)
      }
      if (!over) timer = setTimeout(() => void look(), this.#pollMs).unref()
    }
    await look()
    return () => {
      over = true
      clearTimeout(timer)
      child.close()
    }
  }

  async close(): Promise<void> {
    this.#slots.close()
    for (const child of this.#children) child.close()
  }
}
