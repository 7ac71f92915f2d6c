/** The documents about a database itself: what it holds, and what a table is made of, as far as the caller may read it. */

import { foldAscii } from './gate/lexer.ts'
import type { DatabaseSource } from './port.ts'
import type { ReadyQuery } from './queries.ts'
import type { Relation } from './schema.ts'
import { COUNTED, COUNTED_EACH, countRows, describeRelation, outlineRelation } from './structure.ts'

/** What the caller may read, and how long it may take. */
export interface Visible {
  readonly source: DatabaseSource
  readonly relations: readonly Relation[]
  readonly timeoutMs: number
  readonly signal: AbortSignal
  urisOf(table: string): { readonly uri: string; readonly rows: string }
}

/** All tables and queries, each in a line. */
export async function overviewOf(visible: Visible, queries: readonly ReadyQuery[]): Promise<object> {
  const { source, relations, timeoutMs, signal, urisOf } = visible
  const uncounted = relations.filter(({ kind, estimate }) => kind === 'table' && estimate === undefined)
  const counts = await countRows(source, uncounted, COUNTED_EACH, { timeout: timeoutMs, signal })
  const tables = relations.map(relation => {
    const { estimate, id } = relation
    const rows = counts.get(id) ?? (estimate === undefined ? undefined : ({ count: Math.round(estimate), exact: false } as const))
    return outlineRelation(relation, rows, urisOf(id).uri)
  })
  const named = queries.map(({ name, template, options }) => ({
    query: name,
    uri: template.uriTemplate,
    description: options.description,
  }))
  return { engine: source.dialect, tables, ...(named.length === 0 ? {} : { queries: named }) }
}

/** One table in full. Foreign keys to tables that the caller may not read would name them. */
export async function tableDocument(relation: Relation, { source, relations, timeoutMs, signal, urisOf }: Visible): Promise<object> {
  const count = await countRows(source, [relation], COUNTED, { timeout: timeoutMs, signal })
  // SQLite keeps the name as the key was written.
  const fold = source.dialect === 'sqlite' ? foldAscii : (id: string) => id
  const readable = new Set(relations.map(({ id }) => fold(id)))
  const foreignKeys = relation.foreignKeys.filter(({ table }) => readable.has(fold(table)))
  return describeRelation({ ...relation, foreignKeys }, count.get(relation.id), urisOf(relation.id).rows)
}
