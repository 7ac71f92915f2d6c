/** One read-only transaction: what is set in it, how a statement runs in it, and how it is cut short. */

import { connect } from 'node:net'
import type { Client, PoolClient, QueryConfig } from 'pg'
import { encodeKey } from '../key.ts'
import { DatabaseFailure, type Rows, type Statement } from '../port.ts'
import { quoteName } from '../gate/lexer.ts'
import { jsonOf } from './encode.ts'

/** How the transaction is begun. Everything is local to it, so that it also holds behind a pooler that hands connections on. */
export function preamble(timeoutMs: number, path: readonly string[], role: string | undefined): string {
  const settings = [
    `statement_timeout = ${Math.ceil(timeoutMs)}`,
    `lock_timeout = ${Math.ceil(timeoutMs)}`,
    `idle_in_transaction_session_timeout = ${Math.ceil(timeoutMs) + 10_000}`,
    `search_path = ${path.map(quoteName).join(', ')}`,
    'default_transaction_read_only = on',
    'standard_conforming_strings = on',
    "client_encoding = 'UTF8'",
    "DateStyle = 'ISO, YMD'",
    "IntervalStyle = 'iso_8601'",
    "TimeZone = 'UTC'",
    "bytea_output = 'hex'",
    'extra_float_digits = 1',
  ]
  const become = role === undefined ? '' : `SET LOCAL ROLE ${quoteName(role)};`
  return `BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; ${settings.map(line => `SET LOCAL ${line};`).join(' ')} ${become}`
}

interface Wire {
  readonly connection: {
    readonly stream: {
      readonly bytesRead: number
      destroy(cause: Error): void
      on(event: 'data', heard: () => void): void
      off(event: 'data', heard: () => void): void
    }
  }
}

interface Columns {
  readonly rows: (string | null)[][]
  readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[]
}

/** Every value as PostgreSQL wrote it. */
const RAW = { getTypeParser: () => (text: string) => text }

function ask(client: PoolClient, text: string, values: readonly unknown[] = []): Promise<Columns> {
  // The extended protocol takes one statement only.
  const query: QueryConfig = Object.assign({ text, values: [...values] }, { rowMode: 'array', types: RAW, queryMode: 'extended' })
  return client.query(query) as Promise<unknown> as Promise<Columns>
}

/** What may arrive beyond the bytes wanted: text grows when it becomes JSON, bytes shrink. */
const SLACK = 4 * 1024 * 1024

/**
 * Runs the statement as the inside of another: in that place PostgreSQL takes nothing but a query, and none that writes in a WITH. It hands out only as
 * many rows as are wanted.
 */
export async function runStatement(client: PoolClient, { sql, values, keys = 0, rows: most, bytes: room }: Statement): Promise<Rows> {
  const release = guardBytes(client, room * 4 + SLACK)
  try {
    const { rows: found, fields } = await ask(client, `SELECT * FROM (${sql}) AS oarlock LIMIT ${most + 1}`, values)
    const columns = fields.slice(keys)
    const rows: string[][] = []
    const keyed: string[] = []
    let bytes = 0
    const end = (stopped: Rows['stopped']): Rows => ({ columns: columns.map(({ name }) => name), rows, keys: keyed, stopped })
    for (const cells of found) {
      if (rows.length === most) return end('rows')
      const row = columns.map(({ dataTypeID }, index) => jsonOf(cells[index + keys] ?? null, dataTypeID))
      bytes += row.reduce((sum, cell) => sum + Buffer.byteLength(cell), 0)
      if (bytes > room) return end('bytes')
      rows.push(row)
      if (keys > 0) keyed.push(encodeKey(cells.slice(0, keys).map(cell => cell ?? '')))
    }
    return end(undefined)
  } finally {
    release()
  }
}

/** The first column of every row. */
export async function firstColumn(client: PoolClient, text: string, values: readonly unknown[]): Promise<readonly string[]> {
  const { rows } = await ask(client, text, values)
  return rows.map(([cell]) => cell ?? '')
}

/** One row can be larger than the memory for it: the connection is cut when too much arrives. */
function guardBytes(client: PoolClient, most: number): () => void {
  const { stream } = (client as unknown as Wire).connection
  const start = stream.bytesRead
  const heard = (): void => {
    if (stream.bytesRead - start > most) stream.destroy(new DatabaseFailure('size', `more than ${most} bytes arrived for one answer`))
  }
  stream.on('data', heard)
  return () => stream.off('data', heard)
}

/** Asks the server to stop what a connection is doing; whether it hears is not known. */
export function cancelOn(client: PoolClient): void {
  const { host, port, processID, secretKey } = client as unknown as Pick<Client, 'host' | 'port'> & {
    processID?: number
    secretKey?: number
  }
  if (processID === undefined || secretKey === undefined || secretKey === null) return
  const request = Buffer.alloc(16)
  request.writeInt32BE(16, 0)
  request.writeInt32BE(80877102, 4)
  request.writeInt32BE(processID, 8)
  request.writeInt32BE(secretKey, 12)
  const socket = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host)
  socket.on('error', () => {})
  socket.setTimeout(5_000, () => socket.destroy())
  socket.end(request)
}

/** What a thrown error of the driver means. */
export function failureOf(cause: unknown): DatabaseFailure {
  if (DatabaseFailure.is(cause)) return cause
  const { code, message } = cause as { code?: unknown; message?: unknown }
  const text = typeof message === 'string' && message !== '' ? message : String(cause)
  // SQLSTATE: five characters. Classes 08, 28, 53, 57P and 58 are about the connection or the server, not the statement.
  if (typeof code !== 'string' || !/^[0-9A-Z]{5}$/.test(code) || /^(?:08|28|3D|53|57P|58|E)/.test(code))
    return new DatabaseFailure('connection', text, { cause })
  if (code === '57014' || code === '55P03') return new DatabaseFailure('timeout', text, { cause })
  return new DatabaseFailure('statement', text, { cause })
}
