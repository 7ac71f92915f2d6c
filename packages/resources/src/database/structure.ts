/** What is told about tables: their structure, and how many rows they have. */

import type { JsonObject } from '@oarlock/protocol'
import { present } from '../provider/contents.ts'
import { quoteName } from './gate/lexer.ts'
import type { DatabaseSource, Statement } from './port.ts'
import type { Relation } from './schema.ts'

/** How many rows: counted up to a bound, the engine's guess beyond it. */
export type RowCount = { readonly count: number; readonly exact: boolean } | { readonly atLeast: number; readonly exact: false }

/** Rows counted for one table. */
export const COUNTED = 100_000
/** Rows counted for each table of an overview. */
export const COUNTED_EACH = 1_000
const AT_ONCE = 100

/** A relation as SQL. */
export const from = (relation: Relation): string => `${quoteName(relation.schema)}.${quoteName(relation.name)}`

/** Counts rows, in as few statements as may be. What cannot be counted in time is left out. */
export async function countRows(
  source: DatabaseSource,
  relations: readonly Relation[],
  bound: number,
  limits: Pick<Statement, 'timeout' | 'signal'>,
): Promise<ReadonlyMap<string, RowCount>> {
  const counts = new Map<string, RowCount>()
  for (let start = 0; start < relations.length; start += AT_ONCE) {
    const some = relations.slice(start, start + AT_ONCE)
    const columns = some.map(
      (relation, index) => `(SELECT count(*) FROM (SELECT 1 FROM ${from(relation)} LIMIT ${bound + 1}) AS q${index})`,
    )
    const sql = `SELECT ${columns.join(', ')}`
    const found = await source.run({ sql, values: [], rows: 1, bytes: 1 << 20, ...limits }).catch(() => undefined)
    some.forEach((relation, index) => {
      const counted = found?.rows[0]?.[index]
      const count = counted === undefined ? relation.estimate : Number(counted)
      if (count !== undefined) counts.set(relation.id, countOf(count, counted !== undefined, bound, relation.estimate))
    })
  }
  return counts
}

function countOf(count: number, counted: boolean, bound: number, estimate: number | undefined): RowCount {
  if (!counted) return { count, exact: false }
  if (count <= bound) return { count, exact: true }
  return estimate !== undefined && estimate > bound ? { count: Math.round(estimate), exact: false } : { atLeast: bound, exact: false }
}

/** A table, in full. */
export function describeRelation(relation: Relation, rows: RowCount | undefined, rowsUri: string): JsonObject {
  const { id, kind, comment, columns, primaryKey, foreignKeys, indexes } = relation
  return present({
    table: id,
    kind,
    comment,
    rows,
    columns: columns.map(column => ({ ...column, wide: undefined })),
    primaryKey,
    foreignKeys,
    indexes,
    read: rowsUri,
  })
}

/** A table, in a line. */
export function outlineRelation(relation: Relation, rows: RowCount | undefined, uri: string): JsonObject {
  const { id, kind, comment, columns, primaryKey } = relation
  return present({
    table: id,
    kind,
    comment,
    rows,
    columns: columns.map(column => `${column.name} ${column.type}`.trim()),
    primaryKey,
    read: uri,
  })
}
