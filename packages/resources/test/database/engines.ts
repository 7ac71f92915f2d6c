/** Real databases for the tests: SQLite files, and a PostgreSQL server of the test's own, both with the same library in them. */

import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { postgres, sqlite, type DatabaseSource, type PostgresOptions, type SqliteOptions } from '@oarlock/resources/database'
import { startPostgres, type Postgres } from './postgres-server.ts'

/** A database that a test may write into by other ways than ours. */
export interface TestDatabase {
  readonly dialect: 'sqlite' | 'postgres'
  source(options?: {
    readonly connections?: number
    readonly user?: string
    readonly refresh?: number
    readonly poll?: number
    readonly schemas?: readonly string[]
    readonly role?: string
    readonly extensions?: readonly string[]
  }): DatabaseSource
  /** Writes, as the database's owner. */
  write(sql: string): Promise<void>
  /** Runs one reading statement as it stands, as the database's owner. */
  query(sql: string): Promise<readonly unknown[]>
  /** Changes whenever anything in the database, or a file beside it, does. */
  digest(): Promise<string>
  close(): Promise<void>
}

/** One engine. `missing` says why it cannot be tested here. */
export interface TestEngine {
  readonly name: string
  readonly dialect: 'sqlite' | 'postgres'
  readonly missing: string | undefined
  open(): Promise<TestDatabase>
}

const NODE = Number(process.versions.node.split('.')[0])
const COMMON = `
CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT NOT NULL, born DATE);
CREATE TABLE books (id INTEGER PRIMARY KEY, title TEXT NOT NULL, author_id INTEGER NOT NULL REFERENCES authors (id) ON DELETE CASCADE, year INTEGER, price NUMERIC(8,2));
CREATE INDEX books_by_author ON books (author_id, year);
CREATE UNIQUE INDEX books_title ON books (title);
CREATE TABLE loans (book_id INTEGER NOT NULL, day TEXT NOT NULL, reader TEXT, PRIMARY KEY (book_id, day));
CREATE VIEW titles AS SELECT b.title, a.name AS author FROM books b JOIN authors a ON a.id = b.author_id;
CREATE TABLE secrets (id INTEGER PRIMARY KEY, word TEXT);
INSERT INTO authors VALUES (1, 'Ursula K. Le Guin', '1929-10-21'), (2, 'Stanisław Lem', '1921-09-12'), (3, 'O''Brien "Flann"', NULL);
INSERT INTO books VALUES (1, 'The Dispossessed', 1, 1974, 12.50), (2, 'The Lathe of Heaven', 1, 1971, 9.00), (3, 'Solaris', 2, 1961, 11.25), (4, 'The Cyberiad', 2, 1965, NULL), (5, 'At Swim-Two-Birds', 3, 1939, 14.00);
INSERT INTO loans VALUES (1, '2026-01-02', 'Ada'), (1, '2026-02-03', NULL), (3, '2026-01-02', 'Bo');
INSERT INTO secrets VALUES (1, 'opensesame');
`

const LIBRARY = NODE >= 22 ? 'better-sqlite3' : 'better-sqlite3-12'

async function writer(path: string) {
  const { default: Database } = NODE >= 22 ? await import('better-sqlite3') : await import('better-sqlite3-12')
  return new Database(path)
}

async function openSqlite(options: SqliteOptions): Promise<TestDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'oarlock-sqlite-'))
  const path = join(folder, 'library.db')
  const write = async (sql: string): Promise<void> => {
    const database = await writer(path)
    try {
      database.exec(sql)
    } finally {
      database.close()
    }
  }
  await write(COMMON)
  const sources: DatabaseSource[] = []
  return {
    dialect: 'sqlite',
    source(more) {
      const source = sqlite(path, { ...options, ...only(more, ['connections', 'poll']) })
      sources.push(source)
      return source
    },
    write,
    async query(sql) {
      const database = await writer(path)
      try {
        return database.prepare(sql).all()
      } finally {
        database.close()
      }
    },
    digest: async () => digestOf([readdirSync(folder).join(), readFileSync(path)]),
    async close() {
      for (const source of sources) await source.close()
      rmSync(folder, { recursive: true })
    },
  }
}

/** The file at `path` of a SQLite library, for tests about files. */
export const sqliteOptions: SqliteOptions = NODE >= 22 ? {} : { module: 'better-sqlite3-12' }

/** The options that an engine knows. */
function only(options: object | undefined, names: readonly string[]): object {
  return Object.fromEntries(Object.entries(options ?? {}).filter(([name]) => names.includes(name)))
}

const digestOf = (parts: readonly (string | Uint8Array)[]): string =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex')

/** Everything a statement could have changed: rows, definitions, sequences, large objects, roles, settings, locks and files. */
const STATE = `
SELECT query_to_xml(format('SELECT * FROM %I.%I', n.nspname, c.relname), true, false, '')::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'S') AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
UNION ALL SELECT (SELECT string_agg(concat_ws(':', oid, relname, relfilenode), ',' ORDER BY oid) FROM pg_class WHERE relnamespace <> 'pg_toast'::regnamespace)
UNION ALL SELECT (SELECT string_agg(p::text, ',' ORDER BY oid) FROM pg_proc p WHERE pronamespace = 'public'::regnamespace)
UNION ALL SELECT (SELECT string_agg(oid::text, ',') FROM pg_largeobject_metadata)
UNION ALL SELECT (SELECT string_agg(r::text, ',' ORDER BY oid) FROM pg_authid r)
UNION ALL SELECT (SELECT string_agg(datname, ',' ORDER BY oid) FROM pg_database)
UNION ALL SELECT (SELECT string_agg(concat_ws(':', setdatabase, setrole, setconfig::text), ',') FROM pg_db_role_setting)
UNION ALL SELECT (SELECT string_agg(name || setting, ',' ORDER BY name) FROM pg_settings WHERE source = 'configuration file')
UNION ALL SELECT (SELECT string_agg(objid::text, ',') FROM pg_locks WHERE locktype = 'advisory')
UNION ALL SELECT (SELECT string_agg(f, ',' ORDER BY f) FROM pg_ls_dir('.') f)`

let server: Promise<Postgres> | undefined
let databases = 0

async function openPostgres(options: PostgresOptions): Promise<TestDatabase> {
  server ??= startPostgres()
  const { port, query, folder } = await server
  const name = `library${(databases += 1)}`
  await query('postgres', `CREATE DATABASE ${name}`)
  await query(name, COMMON)
  const sources: DatabaseSource[] = []
  return {
    dialect: 'postgres',
    source(more) {
      const source = postgres({
        host: '127.0.0.1',
        port,
        user: 'postgres',
        database: name,
        ...options,
        ...only(more, ['connections', 'user', 'refresh', 'schemas', 'role', 'extensions']),
      })
      sources.push(source)
      return source
    },
    write: async sql => void (await query(name, sql)),
    query: sql => query(name, sql),
    digest: async () => digestOf([JSON.stringify(await query(name, STATE)), readdirSync(folder).join()]),
    async close() {
      for (const source of sources) await source.close()
    },
  }
}

/** Stops what was started. To be called after the last test of a file. */
export async function stopEngines(): Promise<void> {
  const started = server
  server = undefined
  await (await started)?.stop()
}

/** The PostgreSQL server of this file's tests. */
export const runningPostgres = (): Promise<Postgres> => (server ??= startPostgres())

const library = await writer(':memory:').then(
  () => undefined,
  (cause: unknown) => `${LIBRARY} cannot be loaded (${String(cause).split('\n', 1)[0]}); .ci/run compiles it`,
)

const POSTGRES = startPostgres.found() === undefined ? 'PostgreSQL is not installed' : undefined

/** SQLite with whatever this Node has, and with better-sqlite3 where that is another; PostgreSQL. */
export const ENGINES: readonly TestEngine[] = [
  ...(NODE >= 22 ? [{ name: 'SQLite of Node', dialect: 'sqlite' as const, missing: library, open: () => openSqlite({}) }] : []),
  { name: LIBRARY, dialect: 'sqlite', missing: library, open: () => openSqlite({ module: LIBRARY }) },
  { name: 'PostgreSQL', dialect: 'postgres', missing: POSTGRES, open: () => openPostgres({ channel: 'oarlock' }) },
]
