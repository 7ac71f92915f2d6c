/** Keys of rows: what a row is found by, as text for URIs. Each value keeps its type, so that it compares as it did in the database. */

import type { Bound } from './port.ts'

/** i: whole number, r: number, t: text, b: bytes in base64. */
type KeyValue = `${'i' | 'r' | 't' | 'b'}${string}`

/** A value of a key. */
export function keyValue(value: string | number | bigint | Uint8Array): KeyValue {
  if (typeof value === 'string') return `t${value}`
  if (typeof value === 'bigint') return `i${value}`
  if (typeof value === 'number') return `r${value}`
  return `b${Buffer.from(value).toString('base64')}`
}

/** A key as it stands in a URI. */
export function encodeKey(values: readonly (string | number | bigint | Uint8Array)[]): string {
  return Buffer.from(JSON.stringify(values.map(keyValue))).toString('base64url')
}

const READ: Readonly<Record<string, (text: string) => Bound | undefined>> = {
  i: text => (/^-?\d{1,19}$/.test(text) ? BigInt.asIntN(64, BigInt(text)) : undefined),
  r: text => (text === '' || Number.isNaN(Number(text)) ? undefined : Number(text)),
  t: text => text,
  b: text => Buffer.from(text, 'base64'),
}

/** The values of a key of `length` values; undefined for anything else. */
export function decodeKey(text: string, length: number): readonly Bound[] | undefined {
  if (!/^[\w-]+$/.test(text)) return undefined
  let parsed: unknown
  try {
    parsed = JSON.parse(Buffer.from(text, 'base64url').toString())
  } catch {
    return undefined
  }
  if (!Array.isArray(parsed) || parsed.length !== length) return undefined
  const values = (parsed as readonly unknown[]).map(each =>
    typeof each === 'string' && Object.hasOwn(READ, each[0] ?? '') ? READ[each[0] as string]?.(each.slice(1)) : undefined,
  )
  return values.every(value => value !== undefined) ? values : undefined
}
