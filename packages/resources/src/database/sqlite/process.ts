/** The process that holds a SQLite file: a statement that takes too long is ended by ending the process, since nothing else ends one. */

import { Worker } from 'node:worker_threads'
import type { Rows } from '../port.ts'
import { foldAscii } from '../gate/lexer.ts'
import { foreignReads, ownReads } from './authorizer.ts'
import { jsonOf, keyOf } from './encode.ts'
import { openEngine, Unloadable, type Engine } from './engine.ts'
import { readRelations, schemaVersion } from './introspection.ts'
import { ARGUMENT, type Answer, type Job, type Results, type RunJob } from './jobs.ts'

/** A statement can keep this thread busy when the server is gone; another one sees that and ends the process. */
const WATCH = `const parent = process.ppid
setInterval(() => process.ppid === parent || process.kill(process.pid, 'SIGKILL'), 1000)`

let engine: Engine | undefined

function work(job: Job): Results[Job['job']] {
  if (job.job === 'open') {
    engine = openEngine(job)
    engine.authorize?.(ownReads)
    return true
  }
  if (engine === undefined) throw new Error('the file is not open')
  if (job.job === 'run') return run(engine, job)
  if (job.job === 'version') return String([...engine.prepare('SELECT data_version FROM pragma_data_version').iterate([])][0]?.[0])
  const version = schemaVersion(engine)
  return { version, relations: version === job.known ? undefined : readRelations(engine) }
}

function run(open: Engine, job: RunJob): Rows {
  const { reads } = job
  if (reads !== undefined) {
    const views = new Set(job.views?.map(foldAscii))
    open.authorize?.(foreignReads({ relations: new Set(reads.map(foldAscii)), views, functions: new Set(job.functions) }))
  }
  try {
    return collect(open, job)
  } finally {
    open.authorize?.(ownReads)
  }
}

function collect(open: Engine, { sql, values, keys = 0, rows: most, bytes: room }: RunJob): Rows {
  const prepared = open.prepare(sql)
  const columns = prepared.columns.slice(keys)
  const rows: string[][] = []
  const keyed: string[] = []
  let bytes = 0
  for (const cells of prepared.iterate(values.map(bindable))) {
    if (rows.length === most) return { columns, rows, keys: keyed, stopped: 'rows' }
    const row = cells.slice(keys).map(jsonOf)
    bytes += row.reduce((sum, cell) => sum + Buffer.byteLength(cell), 0)
    if (bytes > room) return { columns, rows, keys: keyed, stopped: 'bytes' }
    rows.push(row)
    if (keys > 0) keyed.push(keyOf(cells.slice(0, keys)))
  }
  return { columns, rows, keys: keyed, stopped: undefined }
}

/** SQLite has no truth values and no lists; a list is for `json_each(:name)`. */
function bindable(value: unknown): unknown {
  if (typeof value === 'boolean') return value ? 1n : 0n
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value
  return Array.isArray(value) ? JSON.stringify(value) : value
}

function answer(job: Job): Answer {
  try {
    return { result: work(job) }
  } catch (cause) {
    const error = cause instanceof Error ? cause.message : String(cause)
    return { error, unloadable: cause instanceof Unloadable, unreadable: isOfFile(cause) }
  }
}

/** SQLITE_IOERR, SQLITE_FULL, SQLITE_CANTOPEN: Node tells them by their numbers, with more in the higher bits, the library by their names. */
function isOfFile(cause: unknown): boolean {
  const { errcode, code } = cause as { readonly errcode?: unknown; readonly code?: unknown }
  if (typeof errcode === 'number') return [10, 13, 14].includes(errcode & 0xff)
  return typeof code === 'string' && /^SQLITE_(?:IOERR|FULL|CANTOPEN)/.test(code)
}

if (process.argv[2] === ARGUMENT) {
  if (process.platform !== 'win32') new Worker(WATCH, { eval: true }).unref()
  process.on('message', (job: Job) => process.send?.(answer(job)))
  process.on('disconnect', () => process.exit())
}
