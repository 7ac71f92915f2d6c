/** One value of one row, read in parts when it is large. */

import type { Range, SourceContent } from '../provider/contract.ts'
import { quoteName } from './gate/lexer.ts'
import { decodeKey } from './key.ts'
import type { DatabaseSource } from './port.ts'
import type { Relation } from './schema.ts'
import { from } from './structure.ts'

/** Which value, and how much of it. */
export interface CellRequest {
  readonly relation: Relation
  readonly key: string
  readonly column: string
  readonly range: Range | undefined
  readonly maxBytes: number
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/** The value, or the part of it that is wanted; undefined when there is no such row or column. */
export async function readCell(source: DatabaseSource, request: CellRequest): Promise<SourceContent | undefined> {
  const { relation, key, column, range, maxBytes, timeoutMs, signal } = request
  const values = decodeKey(key, relation.key.length)
  if (values === undefined || values.length === 0 || !relation.columns.some(({ name }) => name === column)) return undefined
  const { offset, length } = range ?? { offset: 0, length: maxBytes }
  const sql = statementFor(source, relation, column, offset, length)
  const { rows } = await source.run({ sql, values, rows: 1, bytes: length * 2 + 1_024, timeout: timeoutMs, signal })
  const row = rows[0]?.map(cell => JSON.parse(cell) as unknown)
  if (row === undefined) return undefined
  const [type, size, piece] = row
  if (size === null) return { json: null }
  const bytes = Buffer.from((piece as { base64: string }).base64, 'base64')
  const part = { offset, size: Number(size) }
  return type === 'blob' || type === 'bytea' ? { bytes, part } : { bytes, part, mimeType: 'text/plain' }
}

/** Offset and length are whole numbers, checked by the base. */
function statementFor({ dialect }: DatabaseSource, relation: Relation, name: string, offset: number, length: number): string {
  const column = quoteName(name)
  const sqlite = dialect === 'sqlite'
  const type = sqlite ? `typeof(${column})` : `pg_typeof(${column})::text`
  const isBytes = relation.columns.find(each => each.name === name)?.type === 'bytea'
  const bytes = sqlite ? `CAST(${column} AS BLOB)` : isBytes ? column : `convert_to(${column}::text, 'UTF8')`
  const size = sqlite ? `octet_length(${column})` : `octet_length(${bytes})`
  const piece = sqlite ? `substr(${bytes}, ${offset + 1}, ${length})` : `substring(${bytes} FROM ${offset + 1} FOR ${length})`
  const key = relation.key.map((each, index) => `${each} = ${sqlite ? '?' : `$${index + 1}`}`)
  return `SELECT ${type}, ${size}, ${piece} FROM ${from(relation)} WHERE ${key.join(' AND ')} LIMIT 1`
}
