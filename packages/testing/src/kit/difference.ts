/** Shows how two values differ, line by line, and whether they do. */

import { isDeepStrictEqual } from 'node:util'

/** Longest texts that are compared line by line; beyond, only the first lines that differ are shown. */
const MAX_LINES = 400
const CONTEXT = 2

/** Whether two JSON values say the same. What is undefined is absent. */
export function same(expected: unknown, actual: unknown): boolean {
  return isDeepStrictEqual(plain(expected), plain(actual))
}

/** Whether `actual` has everything that `part` has: members of objects, elements of lists at their place, equal values. */
export function holds(part: unknown, actual: unknown): boolean {
  if (part instanceof RegExp) return typeof actual === 'string' && part.test(actual)
  if (Array.isArray(part))
    return Array.isArray(actual) && part.length === actual.length && part.every((each, at) => holds(each, actual[at]))
  if (typeof part !== 'object' || part === null) return Object.is(part, actual)
  if (typeof actual !== 'object' || actual === null || Array.isArray(actual)) return false
  return Object.entries(part).every(([key, each]) => holds(each, (actual as Record<string, unknown>)[key]))
}

/** A value as people read it. */
export function shown(value: unknown): string {
  if (value instanceof RegExp || typeof value === 'function') return String(value)
  return JSON.stringify(value, showing) ?? String(value)
}

/** The lines that differ, with a few around them: `-` was expected, `+` came. */
export function difference(expected: unknown, actual: unknown): string {
  const [before, after] = [linesOf(expected), linesOf(actual)]
  const rows = before.length > MAX_LINES || after.length > MAX_LINES ? replaced(before, after) : aligned(before, after)
  const near = rows.map((_, at) => rows.slice(Math.max(0, at - CONTEXT), at + CONTEXT + 1).some(row => row[0] !== ' '))
  const kept = rows.flatMap((row, at) => (near[at] === true ? [row] : near[at - 1] === true ? ['  …'] : []))
  return kept.join('\n')
}

function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value) ?? 'null')
}

function linesOf(value: unknown): string[] {
  return (typeof value === 'string' ? value : (JSON.stringify(value, showing, 2) ?? String(value))).split('\n')
}

function showing(_key: string, value: unknown): unknown {
  return value instanceof RegExp || typeof value === 'function' ? String(value) : value
}

/** The longest common lines, by the usual table. */
function aligned(before: readonly string[], after: readonly string[]): string[] {
  const table = Array.from({ length: before.length + 1 }, () => new Uint16Array(after.length + 1))
  const at = (i: number, j: number): number => table[i]?.[j] ?? 0
  for (let i = before.length - 1; i >= 0; i--)
    for (let j = after.length - 1; j >= 0; j--)
      (table[i] as Uint16Array)[j] = before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  const rows: string[] = []
  let [i, j] = [0, 0]
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      rows.push(`  ${before[i]}`)
      i += 1
      j += 1
    } else if (j >= after.length || (i < before.length && at(i + 1, j) >= at(i, j + 1))) rows.push(`- ${before[i++]}`)
    else rows.push(`+ ${after[j++]}`)
  }
  return rows
}

function replaced(before: readonly string[], after: readonly string[]): string[] {
  let start = 0
  while (start < before.length && before[start] === after[start]) start += 1
  return [
    ...before.slice(Math.max(0, start - CONTEXT), start).map(line => `  ${line}`),
    ...before.slice(start, start + 20).map(line => `- ${line}`),
    ...after.slice(start, start + 20).map(line => `+ ${line}`),
  ]
}
