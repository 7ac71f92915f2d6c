/** Reads a SQLite file's schema. Names are bound, never written into a statement. */

import { quoteName } from '../gate/lexer.ts'
import type { Column, ForeignKey, Index, Relation } from '../schema.ts'
import type { Cell, Engine } from './engine.ts'

const TABLES = `SELECT name, type, wr FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name`
const COLUMNS = 'SELECT name, type, "notnull", dflt_value, pk, hidden FROM pragma_table_xinfo(?) WHERE hidden <> 1 ORDER BY cid'
const KEYS = 'SELECT id, "table", "from", "to", on_update, on_delete FROM pragma_foreign_key_list(?) ORDER BY id, seq'
const INDEXES = `SELECT l.name, l."unique", l.partial, i.name FROM pragma_index_list(?) l, pragma_index_info(l.name) i ORDER BY l.seq, i.seqno`
const STATISTICS = 'SELECT tbl, max(CAST(stat AS INTEGER)) FROM sqlite_stat1 GROUP BY tbl'

const text = (cell: Cell | undefined) => String(cell)
const all = (engine: Engine, sql: string, ...values: readonly string[]) => [...engine.prepare(sql).iterate(values)]

/** The number that changes with the schema. */
export function schemaVersion(engine: Engine): string {
  return text(all(engine, 'SELECT schema_version FROM pragma_schema_version')[0]?.[0])
}

/** All tables and views. A view that no longer works is left out, as is a table whose module is not there. */
export function readRelations(engine: Engine): readonly Relation[] {
  const listed = all(engine, TABLES)
  const estimates = statistics(engine)
  const shadows = listed.filter(([, type]) => type === 'shadow').map(([name]) => text(name))
  return listed.flatMap(([nameCell, type, withoutRowid]) => {
    const name = text(nameCell)
    if (type === 'shadow') return []
    try {
      return [readRelation(engine, name, text(type), withoutRowid === 1n, estimates.get(name), shadows)]
    } catch {
      return []
    }
  })
}

function readRelation(
  engine: Engine,
  name: string,
  type: string,
  withoutRowid: boolean,
  estimate: number | undefined,
  allShadows: readonly string[],
): Relation {
  const rows = all(engine, COLUMNS, name)
  const primaryKey = rows
    .filter(([, , , , pk]) => pk !== 0n)
    .toSorted((a, b) => Number(a[4]) - Number(b[4]))
    .map(([column]) => text(column))
  const columns = rows.map(columnOf)
  const shadows = type === 'virtual' ? allShadows.filter(shadow => shadow.startsWith(`${name}_`)) : []
  return {
    id: name,
    schema: 'main',
    name,
    kind: type === 'view' ? 'view' : 'table',
    columns,
    primaryKey,
    foreignKeys: type === 'table' ? foreignKeys(all(engine, KEYS, name)) : [],
    indexes: type === 'table' ? indexes(all(engine, INDEXES, name)) : [],
    key: type === 'view' ? [] : withoutRowid ? primaryKey.map(quoteName) : rowid(columns, primaryKey),
    ...(estimate === undefined ? {} : { estimate }),
    ...(shadows.length === 0 ? {} : { shadows }),
  }
}

function columnOf([name, type, notNull, fallback, pk, hidden]: readonly Cell[]): Column {
  return {
    name: text(name),
    type: text(type),
    nullable: notNull === 0n && pk === 0n,
    // Any column can hold text or bytes of any size, whatever its type says.
    wide: true,
    ...(typeof fallback === 'string' ? { default: fallback } : {}),
    ...(hidden === 0n ? {} : { generated: true }),
  }
}

/** The row id is unique and never null, which a primary key need not be; columns may hide it, each name of it. */
function rowid(columns: readonly Column[], primaryKey: readonly string[]): readonly string[] {
  const taken = new Set(columns.map(({ name }) => name.toLowerCase()))
  const free = ['rowid', '_rowid_', 'oid'].find(name => !taken.has(name))
  return free === undefined ? primaryKey.map(quoteName) : [free]
}

function foreignKeys(rows: readonly (readonly Cell[])[]): readonly ForeignKey[] {
  return [...grouped(rows, row => text(row[0])).values()].map(parts => {
    const [, table, , , onUpdate, onDelete] = parts[0] as readonly Cell[]
    const references = parts.flatMap(([, , , to]) => (to === null ? [] : [text(to)]))
    return {
      columns: parts.map(([, , from]) => text(from)),
      table: text(table),
      references,
      onUpdate: text(onUpdate),
      onDelete: text(onDelete),
    }
  })
}

function indexes(rows: readonly (readonly Cell[])[]): readonly Index[] {
  return [...grouped(rows, row => text(row[0]))].map(([name, parts]) => ({
    name,
    unique: parts[0]?.[1] === 1n,
    partial: parts[0]?.[2] === 1n,
    columns: parts.map(([, , , column]) => (column === null ? null : text(column))),
  }))
}

function grouped<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const row of rows) {
    const key = keyOf(row)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [row])
    else group.push(row)
  }
  return groups
}

function statistics(engine: Engine): ReadonlyMap<string, number> {
  try {
    return new Map(all(engine, STATISTICS).map(([table, rows]) => [text(table), Number(rows)]))
  } catch {
    // Nobody has run ANALYZE.
    return new Map()
  }
}
