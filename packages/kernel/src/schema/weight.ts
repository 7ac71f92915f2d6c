/** How much of a value there is, looked at before it is validated: validation must not cost more than it can bear (THREATS 5, T23). */

import type { Issue } from './schema.ts'

/** Elements and members a value may hold in all, unless told otherwise. */
export const MAX_NODES = 100_000

/** The same for what a handler returns: it is ours, and only kept from going on for ever. */
export const MAX_OUTPUT_NODES = 10_000_000

/** Levels a value may nest. Parsers stop at 64; values that never were text come here unparsed. */
const MAX_DEPTH = 128

/**
 * Why `value` must not be validated, or undefined. Stops counting at `most`, so the cost has a bound whatever the size of the value.
 *
 * A member called `__proto__` is refused: `JSON.parse` makes it an own property, and the first handler that copies its arguments with
 * `Object.assign` would turn it into a prototype (THREATS 15, T8).
 */
export function overweight(value: unknown, most: number): Issue | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const left = measure(value, most, 0)
  if (left >= 0) return undefined
  if (left === TOO_DEEP) return { path: '', message: `expected at most ${MAX_DEPTH} levels of nesting` }
  if (left === UNSAFE) return { path: '', message: 'property name `__proto__` is not allowed' }
  return { path: '', message: `expected at most ${grouped(most)} elements in all, found more` }
}

const TOO_MANY = -1
const TOO_DEEP = -2
const UNSAFE = -3

/** What is left of `budget` after `value`, or one of the negative answers above. */
function measure(value: object, budget: number, depth: number): number {
  if (depth === MAX_DEPTH) return TOO_DEEP
  return Array.isArray(value) ? measureItems(value, budget, depth) : measureMembers(value as Record<string, unknown>, budget, depth)
}

function measureItems(items: readonly unknown[], budget: number, depth: number): number {
  let left = budget - items.length
  if (left < 0) return TOO_MANY
  for (const item of items) {
    if (typeof item !== 'object' || item === null) continue
    left = measure(item, left, depth + 1)
    if (left < 0) return left
  }
  return left
}

function measureMembers(members: Record<string, unknown>, budget: number, depth: number): number {
  let left = budget
  for (const name in members) {
    if (--left < 0) return TOO_MANY
    if (name === '__proto__') return UNSAFE
    const member = members[name]
    if (typeof member !== 'object' || member === null) continue
    left = measure(member, left, depth + 1)
    if (left < 0) return left
  }
  return left
}

/** `100,000`. Not by Intl, whose first use costs 20 ms. */
function grouped(number: number): string {
  return String(number).replace(/\B(?=(?:\d{3})+$)/g, ',')
}
