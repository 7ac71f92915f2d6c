/** Opens a SQLite file for reading with whichever library there is, and makes the two look alike. Runs in the process of its own. */

import { createRequire } from 'node:module'

/** A value as SQLite gives it; whole numbers always as bigint. */
export type Cell = null | bigint | number | string | Uint8Array

/** A prepared statement. */
export interface Prepared {
  readonly columns: readonly string[]
  iterate(values: readonly unknown[]): Iterable<readonly Cell[]>
}

/** Decides about one action that SQLite finds in a statement while it prepares it. */
export type Authorize = (
  action: number,
  first: string | null,
  second: string | null,
  database: string | null,
  inside: string | null,
) => boolean

/** An open file. */
export interface Engine {
  prepare(sql: string): Prepared
  exec(sql: string): void
  /** Absent where the library has no authorizer. */
  readonly authorize?: (decide: Authorize | undefined) => void
}

/** What is opened, and with what. */
export interface OpenOptions {
  readonly path: string
  /** Milliseconds to wait for a writer. */
  readonly busyMs: number
  /** `node:sqlite`, or the place of a library with the API of better-sqlite3. */
  readonly module: string
}

/** Set on each connection: nothing is written, no schema runs functions that are not harmless, sorting stays in memory. */
const PRAGMAS = 'PRAGMA query_only = ON; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY; PRAGMA cell_size_check = ON'

/** Opens the file. @throws whatever the library throws */
export function openEngine(options: OpenOptions): Engine {
  const engine = options.module === 'node:sqlite' ? openBuiltin(options) : openForeign(options)
  engine.exec(PRAGMAS)
  return engine
}

// Newer than the oldest Node that has the module.
interface Newer {
  enableDefensive?(active: boolean): void
  setAuthorizer?(decide: ((...args: Parameters<Authorize>) => number) | null): void
}

function openBuiltin({ path, busyMs }: OpenOptions): Engine {
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite')
  const database = new DatabaseSync(path, { readOnly: true, allowExtension: false, timeout: busyMs })
  const newer = database as unknown as Newer
  newer.enableDefensive?.(true)
  return {
    exec: sql => database.exec(sql),
    prepare(sql) {
      const statement = database.prepare(sql)
      statement.setReadBigInts(true)
      ;(statement as unknown as { setReturnArrays(on: boolean): void }).setReturnArrays(true)
      const columns = statement.columns().map(({ name }) => name)
      if (columns.length === 0) throw new Error('the statement does not only read')
      return { columns, iterate: values => statement.iterate(...(values as never[])) as unknown as Iterable<readonly Cell[]> }
    },
    ...(newer.setAuthorizer === undefined
      ? {}
      : { authorize: decide => newer.setAuthorizer?.(decide === undefined ? null : (...args) => (decide(...args) ? 0 : 1)) }),
  }
}

/** The library itself does not work here, whatever the file. */
export class Unloadable extends Error {}

/** @throws Unloadable */
function loaded(module: string): new (path: string, options: object) => Foreign {
  try {
    const Database = createRequire(import.meta.url)(module) as new (path: string, options?: object) => Foreign
    // Its binary is loaded with the first database only.
    new Database(':memory:').close()
    return Database
  } catch (cause) {
    throw new Unloadable(cause instanceof Error ? cause.message : String(cause), { cause })
  }
}

/** As much of better-sqlite3 as is used. */
interface Foreign {
  exec(sql: string): unknown
  close(): unknown
  prepare(sql: string): ForeignStatement
}

interface ForeignStatement {
  readonly reader: boolean
  readonly readonly: boolean
  safeIntegers(on: boolean): this
  raw(on: boolean): this
  columns(): readonly { readonly name: string }[]
  iterate(...values: readonly unknown[]): Iterable<readonly Cell[]>
}

function openForeign({ path, busyMs, module }: OpenOptions): Engine {
  const Database = loaded(module)
  const database = new Database(path, { readonly: true, fileMustExist: true, timeout: busyMs })
  return {
    exec: sql => void database.exec(sql),
    prepare(sql) {
      const statement = database.prepare(sql)
      if (!statement.reader || !statement.readonly) throw new Error('the statement does not only read')
      statement.safeIntegers(true).raw(true)
      return { columns: statement.columns().map(({ name }) => name), iterate: values => statement.iterate(...values) }
    },
  }
}
