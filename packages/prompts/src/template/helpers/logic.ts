/** Helpers that compare and choose. */

import { inline, type Builtin } from '../builtin.ts'
import { isEmpty } from './truth.ts'

const isPlain = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'

/** Arguments come as text, so that `3` and `"3"` are the same. */
function same(a: unknown, b: unknown): boolean {
  return a === b || (isPlain(a) && isPlain(b) && String(a) === String(b)) || (isNothing(a) && isNothing(b))
}

const isNothing = (value: unknown): boolean => value === undefined || value === null

/** Below, at, or above zero; NaN when the two have no order. Numbers, and texts that are numbers, by their value. */
function order(a: unknown, b: unknown): number {
  if (isNothing(a) || isNothing(b)) return Number.NaN
  const [left, right] = [numeric(a), numeric(b)]
  if (!Number.isNaN(left) && !Number.isNaN(right)) return left - right
  if (typeof a !== 'string' || typeof b !== 'string') return Number.NaN
  return a < b ? -1 : Number(a > b)
}

function numeric(value: unknown): number {
  if (value instanceof Date) return value.getTime()
  return typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(isPlain(value) ? value : Number.NaN)
}

const ANY = [2, Number.POSITIVE_INFINITY] as const

export const LOGIC: readonly Builtin[] = [
  inline('eq', 2, ([a, b]) => same(a, b)),
  inline('ne', 2, ([a, b]) => !same(a, b)),
  inline('lt', 2, ([a, b]) => order(a, b) < 0),
  inline('lte', 2, ([a, b]) => order(a, b) <= 0),
  inline('gt', 2, ([a, b]) => order(a, b) > 0),
  inline('gte', 2, ([a, b]) => order(a, b) >= 0),
  inline('and', ANY, values => values.find(isEmpty) ?? (values.some(isEmpty) ? undefined : values.at(-1))),
  inline('or', ANY, values => values.find(value => !isEmpty(value)) ?? values.at(-1)),
  inline('not', 1, ([value]) => isEmpty(value)),
  inline('default', 2, ([value, fallback]) => (isNothing(value) || value === '' ? fallback : value)),
]
