/** Reads a PostgreSQL schema from the system catalogs. One statement; schemas are bound. */

import { quoteName } from '../gate/lexer.ts'
import type { Column, ForeignKey, Index, Relation } from '../schema.ts'

/** Relations of the schemas in `$1` that this role may read, each as one JSON text. */
export const RELATIONS = `
SELECT json_build_object(
  'schema', n.nspname, 'name', c.relname, 'kind', c.relkind, 'estimate', c.reltuples::float8, 'comment', obj_description(c.oid, 'pg_class'),
  'columns', (
    SELECT coalesce(json_agg(json_build_object(
      'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'nullable', NOT a.attnotnull, 'wide', t.typlen = -1 AND t.typname <> 'numeric',
      'default', CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END, 'generated', a.attgenerated <> '',
      'comment', col_description(c.oid, a.attnum)) ORDER BY a.attnum), '[]')
    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND has_column_privilege(c.oid, a.attnum, 'SELECT')),
  'constraints', (
    SELECT coalesce(json_agg(json_build_object(
      'type', k.contype, 'columns', (SELECT json_agg(a.attname ORDER BY u.i) FROM unnest(k.conkey) WITH ORDINALITY u(num, i) JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.num),
      'table', fc.relname, 'tableSchema', fn.nspname, 'onUpdate', k.confupdtype, 'onDelete', k.confdeltype,
      'references', (SELECT json_agg(a.attname ORDER BY u.i) FROM unnest(k.confkey) WITH ORDINALITY u(num, i) JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.num)
      ) ORDER BY k.conname), '[]')
    FROM pg_constraint k LEFT JOIN pg_class fc ON fc.oid = k.confrelid LEFT JOIN pg_namespace fn ON fn.oid = fc.relnamespace
    WHERE k.conrelid = c.oid AND k.contype IN ('p', 'f')),
  'indexes', (
    SELECT coalesce(json_agg(json_build_object(
      'name', ic.relname, 'unique', x.indisunique, 'partial', x.indpred IS NOT NULL,
      'columns', (SELECT json_agg(a.attname ORDER BY u.i) FROM unnest(x.indkey::int2[]) WITH ORDINALITY u(num, i) LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = u.num WHERE u.i <= x.indnkeyatts)
      ) ORDER BY ic.relname), '[]')
    FROM pg_index x JOIN pg_class ic ON ic.oid = x.indexrelid WHERE x.indrelid = c.oid AND x.indisvalid)
)::text
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = ANY ($1::text[]) AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition AND has_table_privilege(c.oid, 'SELECT')
ORDER BY n.nspname, c.relname`

interface Found {
  readonly schema: string
  readonly name: string
  readonly kind: 'r' | 'p' | 'v' | 'm' | 'f'
  readonly estimate: number
  readonly comment: string | null
  readonly columns: readonly (Omit<Column, 'default' | 'comment'> & { readonly default: string | null; readonly comment: string | null })[]
  readonly constraints: readonly Constraint[]
  readonly indexes: readonly Index[]
}

interface Constraint {
  readonly type: 'p' | 'f'
  readonly columns: readonly string[]
  readonly table: string | null
  readonly tableSchema: string | null
  readonly references: readonly string[] | null
  readonly onUpdate: string
  readonly onDelete: string
}

const ACTIONS: Readonly<Record<string, string>> = { a: 'NO ACTION', r: 'RESTRICT', c: 'CASCADE', n: 'SET NULL', d: 'SET DEFAULT' }

/** A relation from its JSON. `first` is the schema whose tables go by their name alone. */
export function relationOf(json: string, first: string): Relation {
  const found = JSON.parse(json) as Found
  const { schema, name, estimate, comment, indexes, constraints } = found
  const columns = found.columns.map(columnOf)
  const primaryKey = constraints.find(({ type }) => type === 'p')?.columns ?? []
  return {
    id: idOf(schema, name, first),
    schema,
    name,
    kind: found.kind === 'v' || found.kind === 'm' ? 'view' : 'table',
    columns,
    primaryKey,
    foreignKeys: constraints.filter(({ type }) => type === 'f').map(constraint => foreignKey(constraint, first)),
    indexes,
    key: keyOf(found, primaryKey),
    ...(comment === null ? {} : { comment }),
    // Views have none; a table that was never analysed says -1.
    ...(estimate < 0 || found.kind === 'v' ? {} : { estimate }),
  }
}

/** A name with a dot or a quote in it is quoted, so that every id means one table. */
function idOf(schema: string, name: string, first: string): string {
  const part = (text: string): string => (/[."]/.test(text) ? quoteName(text) : text)
  return schema === first ? part(name) : `${part(schema)}.${part(name)}`
}

function columnOf({ default: fallback, comment, generated, ...column }: Found['columns'][number]): Column {
  return {
    ...column,
    ...(fallback === null ? {} : { default: fallback }),
    ...(comment === null ? {} : { comment }),
    ...(generated === true ? { generated } : {}),
  }
}

function foreignKey({ columns, table, tableSchema, references, onUpdate, onDelete }: Constraint, first: string): ForeignKey {
  return {
    columns,
    table: idOf(tableSchema ?? first, table ?? '', first),
    references: references ?? [],
    onUpdate: ACTIONS[onUpdate] ?? onUpdate,
    onDelete: ACTIONS[onDelete] ?? onDelete,
  }
}

/** The primary key, a unique index without nulls, or where a row lies in the file: that changes when the row does. */
function keyOf({ kind, columns, indexes }: Found, primaryKey: readonly string[]): readonly string[] {
  const readable = new Map(columns.map(column => [column.name, column]))
  const usable = (names: readonly (string | null)[]): boolean =>
    names.length > 0 && names.every(name => name !== null && readable.get(name)?.nullable === false)
  const unique = [primaryKey, ...indexes.filter(index => index.unique && !index.partial).map(index => index.columns)].find(usable)
  if (unique !== undefined) return unique.map(name => quoteName(name as string))
  return kind === 'r' || kind === 'm' ? ['ctid'] : []
}
