/** SQLite's values as JSON. */

import { encodeKey } from '../key.ts'
import type { Cell } from './engine.ts'

/**
 * Whole numbers that JavaScript cannot hold exactly, and infinity, become text; bytes become `{ "base64": … }`. Everything else is what it is: SQLite has
 * no dates, truth values or JSON of its own.
 */
export function jsonOf(value: Cell): string {
  if (value === null) return 'null'
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'bigint') {
    const number = Number(value)
    return Number.isSafeInteger(number) ? `${number}` : `"${value}"`
  }
  if (typeof value === 'number') return Number.isFinite(value) ? JSON.stringify(value) : `"${value}"`
  return `{"base64":"${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')}"}`
}

/** A row's key. Keys hold no NULL: they are row ids or primary keys of tables without one. */
export function keyOf(values: readonly Cell[]): string {
  return encodeKey(values.map(value => value ?? ''))
}
