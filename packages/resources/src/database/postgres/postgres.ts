/** PostgreSQL as a source: read-only transactions on a pool of connections. */

import type { Client, Pool, PoolClient } from 'pg'
import { checkOptions, type Duration, type OptionNames } from '@oarlock/protocol'
import { present } from '../../provider/contents.ts'
import { interval } from '../../interval.ts'
import { whole } from '../../whole.ts'
import { DatabaseFailure, type ChangedTable, type DatabaseSource, type Rows, type Statement } from '../port.ts'
import type { Relation } from '../schema.ts'
import { MOST_WAITING, Slots } from '../slots.ts'
import { loadDriver } from './driver.ts'
import { RELATIONS, relationOf } from './introspection.ts'
import { listen } from './listener.ts'
import { cancelOn, failureOf, firstColumn, preamble, runStatement } from './session.ts'

/** Options of a PostgreSQL source. What is not given comes from the `PG…` environment variables. */
export interface PostgresOptions {
  /** `postgres://reader@localhost/library` */
  readonly connectionString?: string
  readonly host?: string
  readonly port?: number
  readonly user?: string
  /** A function is asked for each connection, for passwords that expire. */
  readonly password?: string | (() => string | Promise<string>)
  readonly database?: string
  /** As for `tls.connect`. */
  readonly ssl?: boolean | object
  /** The schemas that may be read, `['public']` when absent. Tables of the first go by their name alone. */
  readonly schemas?: readonly string[]
  /**
   * Schemas in which statements of the SELECT tool find operators, types and casts besides PostgreSQL's own, such as the one with your extensions. They
   * run functions without naming them, so that none is searched when absent.
   */
  readonly extensions?: readonly string[]
  /** Becomes this role in each transaction: one that may read what it should, and nothing else. */
  readonly role?: string
  /** How many connections there are at most, besides one that listens. 4 when absent. */
  readonly connections?: number
  /** How long to wait for a connection. 5 seconds when absent. */
  readonly connectTimeout?: Duration
  /** How long the schema is taken to be what it was. 30 seconds when absent. */
  readonly refresh?: Duration
  /** The channel on which tables tell their changes (`changeTrigger`). Without it nothing is followed. */
  readonly channel?: string
}

/** The names of all options. */
const POSTGRES_OPTIONS: OptionNames<PostgresOptions> = {
  connectionString: true,
  host: true,
  port: true,
  user: true,
  password: true,
  database: true,
  ssl: true,
  schemas: true,
  extensions: true,
  role: true,
  connections: true,
  connectTimeout: true,
  refresh: true,
  channel: true,
}

const SCHEMA_MS = 15_000
/** Names that do not exist make the schema be read again, and anyone can ask for those. */
const AGAIN_MS = 1_000

/** A PostgreSQL database. Needs the package `pg`. Nothing is connected before the first read. @throws TypeError for options that cannot be */
export function postgres(options: PostgresOptions | string = {}): DatabaseSource {
  if (typeof options !== 'string') checkOptions(options, POSTGRES_OPTIONS, 'postgres()')
  return new PostgresSource(typeof options === 'string' ? { connectionString: options } : options)
}

class PostgresSource implements DatabaseSource {
  readonly dialect = 'postgres'
  readonly connections: number
  readonly schema: string
  readonly #options: PostgresOptions
  readonly #schemas: readonly string[]
  readonly #refreshMs: number
  readonly #connectMs: number
  readonly #slots: Slots<undefined>
  #pool: Promise<Pool> | undefined
  #relations: { readonly looked: number; readonly found: Promise<readonly Relation[]> } | undefined

  constructor(options: PostgresOptions) {
    const { connections = 4, schemas = ['public'], refresh = '30s', connectTimeout = '5s' } = options
    if (schemas.length === 0) throw new TypeError('schemas must name one or more')
    this.connections = whole('connections', connections)
    this.schema = schemas[0] as string
    this.#options = options
    this.#schemas = schemas
    this.#refreshMs = interval('refresh', refresh)
    this.#connectMs = interval('connectTimeout', connectTimeout)
    this.#slots = new Slots(
      Array.from({ length: connections }, () => undefined),
      MOST_WAITING,
    )
  }

  async ready(): Promise<void> {
    await loadDriver()
  }

  relations(signal?: AbortSignal, missing = false): Promise<readonly Relation[]> {
    const now = performance.now()
    if (this.#relations !== undefined && now < (missing ? this.#relations.looked + AGAIN_MS : this.#relations.looked + this.#refreshMs))
      return this.#relations.found
    // Shared by all who ask meanwhile, so no one of them can cancel it.
    const found = this.#transaction({ timeoutMs: SCHEMA_MS, path: this.#schemas }, async client => {
      return (await firstColumn(client, RELATIONS, [this.#schemas])).map(json => relationOf(json, this.schema))
    })
    const entry = { looked: now, found }
    this.#relations = entry
    found.catch(() => {
      if (this.#relations === entry) this.#relations = undefined
    })
    return signal?.aborted === true ? Promise.reject(new DatabaseFailure('cancelled', 'cancelled')) : found
  }

  async run(statement: Statement): Promise<Rows> {
    // A statement of others names its tables with their schemas. What it names otherwise, or runs by an operator, must be PostgreSQL's own.
    const path = statement.reads === undefined ? this.#schemas : ['pg_catalog', ...(this.#options.extensions ?? []), 'pg_temp']
    return this.#transaction({ timeoutMs: interval('timeout', statement.timeout), signal: statement.signal, path }, client =>
      runStatement(client, statement),
    )
  }

  async follow(changed: (table?: ChangedTable) => void, failed: (cause: unknown) => void): Promise<() => void> {
    const { channel } = this.#options
    if (channel === undefined) return () => {}
    return listen(() => this.#connect(), channel, changed, failed)
  }

  async close(): Promise<void> {
    this.#slots.close()
    const pool = this.#pool
    this.#pool = undefined
    this.#relations = undefined
    await (await pool)?.end()
  }

  async #transaction<T>(bounds: Bounds, work: (client: PoolClient) => Promise<T>): Promise<T> {
    return this.#slots.with(bounds.signal, async () => {
      try {
        return await this.#attempt(bounds, work)
      } catch (cause) {
        // A connection that lay idle may have been cut long ago.
        if (!(cause instanceof Stale)) throw failureOf(cause)
      }
      try {
        return await this.#attempt(bounds, work)
      } catch (cause) {
        throw failureOf(cause instanceof Stale ? cause.cause : cause)
      }
    })
  }

  async #attempt<T>({ timeoutMs, path, signal }: Bounds, work: (client: PoolClient) => Promise<T>): Promise<T> {
    const pool = await this.#opened()
    const client = await pool.connect()
    const cut = new Cut(client, timeoutMs, signal)
    try {
      await client.query(preamble(timeoutMs, path, this.#options.role)).catch((cause: unknown) => {
        throw failureOf(cause).kind === 'connection' ? new Stale('stale', { cause }) : cause
      })
      return await work(client)
    } catch (cause) {
      throw cut.reason ?? cause
    } finally {
      await this.#release(client, cut)
      cut.end()
    }
  }

  async #release(client: PoolClient, cut: Cut): Promise<void> {
    if (cut.reason !== undefined) return client.release(true)
    try {
      cut.afterwards()
      // Locks of the session would outlive the transaction.
      await client.query('ROLLBACK; SELECT pg_advisory_unlock_all()')
      client.release(cut.reason !== undefined)
    } catch {
      client.release(true)
    }
  }

  #opened(): Promise<Pool> {
    this.#pool ??= this.#open().catch((cause: unknown) => {
      this.#pool = undefined
      throw cause
    })
    return this.#pool
  }

  async #open(): Promise<Pool> {
    const { default: pg } = await loadDriver()
    const pool = new pg.Pool({ ...this.#config(), max: this.connections, idleTimeoutMillis: 30_000, allowExitOnIdle: true })
    // An idle connection that breaks is gone from the pool by itself; what any other was doing fails. Neither may end the process.
    pool.on('error', () => {})
    pool.on('connect', client => void client.on('error', () => {}))
    return pool
  }

  async #connect(): Promise<Client> {
    const { default: pg } = await loadDriver()
    const client = new pg.Client({ ...this.#config(), keepAliveInitialDelayMillis: 10_000 })
    client.on('error', () => {})
    await client.connect()
    return client
  }

  #config() {
    const { connectionString, host, port, user, password, database, ssl } = this.#options
    const given = { connectionString, host, port, user, password, database, ssl: ssl as boolean | undefined }
    const config = present(given)
    return { ...config, application_name: 'oarlock', keepAlive: true, connectionTimeoutMillis: this.#connectMs }
  }
}

/** What holds for one transaction. */
interface Bounds {
  readonly timeoutMs: number
  /** Where names without a schema are looked up. */
  readonly path: readonly string[]
  readonly signal?: AbortSignal | undefined
}

/** The connection was broken before anything was asked. */
class Stale extends Error {}

/** Cuts a connection when its time is over or the caller goes away. */
class Cut {
  reason: DatabaseFailure | undefined
  #timer: ReturnType<typeof setTimeout>
  readonly #signal: AbortSignal | undefined
  readonly #client: PoolClient
  // PostgreSQL's own limit, which is per statement, comes first; this one holds when the server does not answer.
  static readonly #GRACE_MS = 500
  static readonly #ROLLBACK_MS = 2_000

  constructor(client: PoolClient, timeoutMs: number, signal: AbortSignal | undefined) {
    this.#client = client
    this.#signal = signal
    this.#timer = this.#cutIn(timeoutMs + Cut.#GRACE_MS, `took longer than ${timeoutMs} ms`)
    signal?.addEventListener('abort', this.#cancel, { once: true })
    if (signal?.aborted === true) this.#cancel()
    client.on('error', this.#broken)
  }

  /** The statement is done: what is left to do has a time of its own, and nobody cancels it. */
  afterwards(): void {
    clearTimeout(this.#timer)
    this.#signal?.removeEventListener('abort', this.#cancel)
    this.#timer = this.#cutIn(Cut.#ROLLBACK_MS, 'did not roll back')
  }

  end(): void {
    clearTimeout(this.#timer)
    this.#signal?.removeEventListener('abort', this.#cancel)
    this.#client.off('error', this.#broken)
  }

  readonly #cancel = (): void => this.#cut(new DatabaseFailure('cancelled', 'cancelled'))

  readonly #broken = (cause: Error): void => {
    this.reason ??= failureOf(cause)
  }

  #cutIn(ms: number, why: string): ReturnType<typeof setTimeout> {
    return setTimeout(() => this.#cut(new DatabaseFailure('timeout', why)), ms)
  }

  #cut(reason: DatabaseFailure): void {
    this.reason ??= reason
    cancelOn(this.#client)
    ;(this.#client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy()
  }
}
