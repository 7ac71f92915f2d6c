/** The door of @oarlock/resources/database: SQLite and PostgreSQL as resources. */

export { database, DatabaseProvider } from './database/provider.ts'
export type { DatabaseOptions, NamedQuery, QueryCompleter, RelationName, SelectOptions } from './database/options.ts'
export {
  DatabaseFailure,
  type Bound,
  type ChangedTable,
  type DatabaseSource,
  type FailureKind,
  type Rows,
  type Statement,
} from './database/port.ts'
export type { Dialect } from './database/gate/lexer.ts'
export { changeTrigger } from './database/postgres/listener.ts'
export { postgres, type PostgresOptions } from './database/postgres/postgres.ts'
export type { Column, ForeignKey, Index, Relation } from './database/schema.ts'
export { sqlite, type SqliteOptions } from './database/sqlite/sqlite.ts'
