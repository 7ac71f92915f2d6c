/** What a database holds, as both engines describe it: tables and views, their columns, keys and indexes. */

/** A column. */
export interface Column {
  readonly name: string
  /** As declared: `INTEGER`, `character varying(80)`. Empty where SQLite was told none. */
  readonly type: string
  readonly nullable: boolean
  /** The expression, as SQL. */
  readonly default?: string
  readonly generated?: boolean
  readonly comment?: string
  /** Whether its values can be large; the others are never measured. */
  readonly wide: boolean
}

/** Columns that name a row of another table. */
export interface ForeignKey {
  readonly columns: readonly string[]
  readonly table: string
  readonly references: readonly string[]
  readonly onUpdate?: string
  readonly onDelete?: string
}

/** An index. `columns` has null where it indexes an expression. */
export interface Index {
  readonly name: string
  readonly unique: boolean
  readonly columns: readonly (string | null)[]
  /** Whether it covers only some rows. */
  readonly partial: boolean
}

/** A table or a view. */
export interface Relation {
  /** Its name in URIs: the name, with the schema before it unless that is the first one. */
  readonly id: string
  readonly schema: string
  readonly name: string
  readonly kind: 'table' | 'view'
  readonly comment?: string
  readonly columns: readonly Column[]
  readonly primaryKey: readonly string[]
  readonly foreignKeys: readonly ForeignKey[]
  readonly indexes: readonly Index[]
  /** By what rows are paged, as SQL: columns that are unique and never null, a row id, or nothing for views. */
  readonly key: readonly string[]
  /** What the engine's statistics say; undefined when it has none. */
  readonly estimate?: number
  /** Tables in which the engine keeps this one (full-text search). */
  readonly shadows?: readonly string[]
}
