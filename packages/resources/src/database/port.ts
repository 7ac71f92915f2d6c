/** What a database engine does for the provider: it describes itself, runs one reading statement, and says when something changed. */

import type { Duration } from '@oarlock/protocol'
import type { Dialect } from './gate/lexer.ts'
import type { Relation } from './schema.ts'

/** A value bound to a parameter. */
export type Bound = string | number | bigint | boolean | null | Uint8Array | readonly Bound[]

/** One reading statement and its limits. */
export interface Statement {
  /** With `?` for each value in turn for SQLite, and `$1`, `$2` … for PostgreSQL. */
  readonly sql: string
  readonly values: readonly Bound[]
  /** How many columns at the beginning are the row's key, and not part of the row. */
  readonly keys?: number
  readonly rows: number
  /** Of all rows as JSON. */
  readonly bytes: number
  readonly timeout: Duration
  /** What an engine that can holds the statement to besides: the relations it may read, the views among them, and functions beside the safe ones. */
  readonly reads?: readonly string[]
  readonly views?: readonly string[]
  readonly functions?: readonly string[]
  readonly signal?: AbortSignal
}

/** What a statement brought. */
export interface Rows {
  readonly columns: readonly string[]
  /** Each row as the JSON of its values. */
  readonly rows: readonly (readonly string[])[]
  /** With `Statement.keys`: each row's key. */
  readonly keys: readonly string[]
  /** Why there may be more rows than these. */
  readonly stopped: 'rows' | 'bytes' | undefined
}

/** A table that changed. */
export interface ChangedTable {
  readonly schema?: string
  readonly table: string
}

/** A database to read. Connects when first needed. */
export interface DatabaseSource {
  /**
   * Resolves when the driver that the engine needs is installed, without connecting to anything. Needs none when absent. @throws DatabaseFailure of kind
   * `driver`
   */
  ready?(): Promise<void>
  readonly dialect: Dialect
  /** How many statements run at once. */
  readonly connections: number
  /** Where tables and functions are that are named without a schema. `public` for PostgreSQL and `main` for SQLite when absent. */
  readonly schema?: string
  /**
   * All tables and views that can be read. Costs little when asked again: an engine that cannot see at once whether they changed may keep them for a
   * while, and looks anew when `missing` says that one was not among them. @throws DatabaseFailure
   */
  relations(signal?: AbortSignal, missing?: boolean): Promise<readonly Relation[]>
  /** @throws DatabaseFailure */
  run(statement: Statement): Promise<Rows>
  /**
   * Calls `changed` after changes: with the table where the engine says it, else without. `failed` hears of what goes wrong, and it is tried again until
   * the returned function ends it. Resolves once no later change is missed, or the first attempt has failed.
   */
  follow(changed: (table?: ChangedTable) => void, failed: (cause: unknown) => void): Promise<() => void>
  /** Closes all connections; a later call opens new ones. */
  close(): Promise<void>
}

/** Why a statement brought nothing. */
export type FailureKind =
  /** The engine refused the statement; the text is the engine's and is about the statement. */
  | 'statement'
  | 'timeout'
  | 'cancelled'
  /** All connections are taken, and as many wait as may. */
  | 'busy'
  /** There is no connection, or it broke. */
  | 'connection'
  /** The engine's driver is not installed, or none that can be used; the text says how to install it. It will not come while the server runs. */
  | 'driver'
  /** More came than the process may hold. */
  | 'size'

/** What a caller is told of a missing driver. */
export const LACKING = 'This server cannot read its database before its operator installs what is missing. Trying again does not help.'

const BRAND = Symbol.for('oarlock.database-failure')

/** A failure of a database. The text of kind `statement` may go to whoever wrote the statement, the others are for the log. */
export class DatabaseFailure extends Error {
  override readonly name = 'DatabaseFailure'
  readonly kind: FailureKind

  constructor(kind: FailureKind, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.kind = kind
  }

  /** True for failures of any copy of this package in the process. */
  static is(value: unknown): value is DatabaseFailure {
    return typeof value === 'object' && value !== null && BRAND in value
  }
}
Object.defineProperty(DatabaseFailure.prototype, BRAND, { value: true })
