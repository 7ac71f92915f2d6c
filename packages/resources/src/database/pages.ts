/** Rows of a table in pages: from a key on, in the order of the key, so that a page costs the same wherever it stands. */

import { Fault } from '@oarlock/protocol'
import type { Addresses } from './addresses.ts'
import { ENVELOPE, memberNames, objectOf, withinBytes } from './document.ts'
import { quoteName, type Dialect } from './gate/lexer.ts'
import { decodeKey, encodeKey } from './key.ts'
import type { DatabaseSource, Rows } from './port.ts'
import type { Relation } from './schema.ts'
import { from } from './structure.ts'

/** One page. */
export interface PageRequest {
  readonly relation: Relation
  readonly after: string | undefined
  readonly limit: number
  readonly bytes: number
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/** A page as JSON, and the URI of the next. */
export interface Page {
  readonly text: string
  readonly next: string | undefined
}

/** The most rows of a page. */
export const MOST_ROWS = 1_000
/** A value in a page is at most so large; a larger one is named, and read by itself. */
const LARGEST_VALUE = 16_384
/** A control character takes six bytes in JSON: a row of the largest values must still fit. */
const GROWTH = 8

/** Reads one page. @throws Fault INVALID_PARAMS for an `after` that is none */
export async function readPage(source: DatabaseSource, addresses: Addresses, request: PageRequest): Promise<Page> {
  const { relation, limit, bytes, timeoutMs, signal, after } = request
  const largest = Math.max(32, Math.min(LARGEST_VALUE, Math.floor(bytes / GROWTH / Math.max(1, relation.columns.length))))
  const { sql, values, offset } = statementFor(source.dialect, relation, after, limit, largest)
  const keys = relation.key.length
  const found = await source.run({ sql, values, keys, rows: limit, bytes: bytes * 2, timeout: timeoutMs, signal })
  const { text, count } = withinBytes(rowsOf(relation, found, addresses), bytes - ENVELOPE)
  if (count === 0 && found.rows.length > 0)
    throw new Fault('INTERNAL_ERROR', `A row of ${relation.id} is larger than an answer may be: read its values one by one`)
  const more = count < found.rows.length || found.stopped !== undefined
  const last = keys === 0 ? encodeKey([BigInt(offset + count)]) : found.keys[count - 1]
  const next = more ? addresses.rows.uri({ table: relation.id, after: last, limit }) : undefined
  const paged = keys === 0 ? ',"paged":"by position: rows may be missed or seen twice when the table changes meanwhile"' : ''
  return { next, text: `{"table":${JSON.stringify(relation.id)},"rows":${text},"next":${JSON.stringify(next ?? null)}${paged}}` }
}

function statementFor(dialect: Dialect, relation: Relation, after: string | undefined, limit: number, largest: number) {
  const { columns } = relation
  // Named by the table: the name alone could also mean a column of the result.
  const key = relation.key.map(each => `t.${each}`)
  const selected = [
    ...key,
    ...columns.map(({ name, wide }) => valueOf(dialect, name, wide, largest)),
    ...columns.flatMap(({ name, wide }) => (wide ? [sizeOf(dialect, name, largest)] : [])),
  ]
  const head = `SELECT ${selected.length === 0 ? 'NULL' : selected.join(', ')} FROM ${from(relation)} AS t`
  const mark = (index: number): string => (dialect === 'sqlite' ? '?' : `$${index + 1}`)
  const cursor = after === undefined ? undefined : decodeKey(after, Math.max(1, key.length))
  if (after !== undefined && cursor === undefined) throw new Fault('INVALID_PARAMS', "'after' must be what an earlier page gave as next")
  if (key.length === 0) {
    const offset = typeof cursor?.[0] === 'bigint' && cursor[0] >= 0n ? Number(cursor[0]) : 0
    return { sql: `${head} LIMIT ${limit + 1} OFFSET ${offset}`, values: [], offset }
  }
  const where = cursor === undefined ? '' : ` WHERE (${key.join(', ')}) > (${key.map((_, index) => mark(index)).join(', ')})`
  return { sql: `${head}${where} ORDER BY ${key.join(', ')} LIMIT ${limit + 1}`, values: cursor ?? [], offset: 0 }
}

/** SQL for how large a value is, without reading it where the engine can help it. */
function measured(dialect: Dialect, name: string): string {
  return dialect === 'sqlite' ? `octet_length(${quoteName(name)})` : `pg_column_size(${quoteName(name)})`
}

function valueOf(dialect: Dialect, name: string, wide: boolean, largest: number): string {
  return wide ? `CASE WHEN ${tooLarge(dialect, name, largest)} THEN NULL ELSE ${quoteName(name)} END` : quoteName(name)
}

function tooLarge(dialect: Dialect, name: string, largest: number): string {
  const column = quoteName(name)
  // What PostgreSQL keeps small may be large all the same; it is looked at only then.
  return dialect === 'sqlite'
    ? `${measured(dialect, name)} > ${largest}`
    : `(${measured(dialect, name)} > ${largest} OR octet_length(${column}::text) > ${largest})`
}

/** The size of a value that is too large, with an `x` before it when it is bytes; NULL for others. */
function sizeOf(dialect: Dialect, name: string, largest: number): string {
  const column = quoteName(name)
  const size =
    dialect === 'sqlite'
      ? `CASE typeof(${column}) WHEN 'blob' THEN 'x' ELSE '' END || octet_length(${column})`
      : `CASE pg_typeof(${column})::text WHEN 'bytea' THEN 'x' || octet_length(${column}::text) / 2 - 1 ELSE octet_length(${column}::text)::text END`
  return `CASE WHEN ${tooLarge(dialect, name, largest)} THEN ${size} END`
}

function* rowsOf(relation: Relation, { rows, keys }: Rows, addresses: Addresses): Generator<string> {
  const { columns, id } = relation
  const names = memberNames(columns.map(({ name }) => name))
  for (const [index, cells] of rows.entries()) {
    let size = columns.length
    const values = columns.map(({ wide, name }, column) => {
      const large = wide ? cells[size++] : undefined
      if (large === undefined || large === 'null') return cells[column] as string
      const uri = keys[index] === undefined ? undefined : addresses.cell.uri({ table: id, key: keys[index], column: name })
      return largeValue(JSON.parse(large) as string, uri)
    })
    yield objectOf(names, values)
  }
}

/** What stands for a value that is too large for a page. */
function largeValue(size: string, uri: string | undefined): string {
  const bytes = size.startsWith('x')
  return JSON.stringify({
    large: bytes ? 'bytes' : 'text',
    bytes: Number(bytes ? size.slice(1) : size),
    ...(uri === undefined ? {} : { uri }),
  })
}
