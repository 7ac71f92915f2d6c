/** What each member of a prompt's description may hold: one table for files, documents and definitions in code. */

import { duration, nearest, type Duration } from '@oarlock/kernel'
import { isObject } from '@oarlock/protocol'
import { FORBIDDEN } from '../template/values.ts'

/** Where inside a description: `['variants', 0, 'weight']`. */
export type FieldPath = readonly (string | number)[]

/** Something wrong with a member. */
export interface FieldProblem {
  readonly path: FieldPath
  readonly code: 'unknown-key' | 'bad-value' | 'missing-key'
  readonly message: string
}

/** What is wrong with a value; undefined when nothing is. */
export type Check = (value: unknown, path: FieldPath) => Iterable<FieldProblem>

const bad = (path: FieldPath, message: string): FieldProblem => ({ path, code: 'bad-value', message: `${path.join('.')} ${message}` })

/** A check by one question. */
export function must(be: string, holds: (value: unknown) => boolean): Check {
  return (value, path) => (holds(value) ? [] : [bad(path, `must be ${be}`)])
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== ''

export const TEXT: Check = must('text', isText)
export const ANY_TEXT: Check = must('text', value => typeof value === 'string')
export const NAME: Check = must(
  '1 to 128 characters of A-Z a-z 0-9 _ . -',
  value => typeof value === 'string' && /^[A-Za-z0-9_.-]{1,128}$/.test(value),
)
export const VERSION: Check = must(
  'a version such as 1.2.0: letters, digits and . + - , at most 64 of them',
  value => typeof value === 'string' && /^[A-Za-z0-9][A-Za-z0-9.+-]{0,63}$/.test(value),
)
export const FLAG: Check = must('true or false', value => typeof value === 'boolean')
export const DEPRECATED: Check = must('a reason, or true', value => typeof value === 'boolean' || isText(value))
export const JSON_OBJECT: Check = must('a mapping of plain data, not too large', value => isObject(value) && isPlain(value))
export const FUNCTION: Check = must('a function', value => typeof value === 'function')
export const TIMEOUT: Check = must("a time such as '5s', or milliseconds, more than nothing", value => {
  try {
    return duration(value as Duration) > 0
  } catch {
    return false
  }
})
const WEIGHT: Check = must('a number, 0 or more', value => typeof value === 'number' && Number.isFinite(value) && value >= 0)

/** Members and items that plain data may have in all, anchors written out; and how deep it may be. */
const MOST_NODES = 10_000
const MOST_DEPTH = 32

/** Whether a value can be written as JSON and read again: no circles, nothing named like the language. */
function isPlain(value: unknown): boolean {
  let nodes = 0
  const holds = (at: unknown, depth: number): boolean => {
    nodes += 1
    if (nodes > MOST_NODES || depth > MOST_DEPTH) return false
    if (typeof at === 'number') return Number.isFinite(at)
    if (typeof at !== 'object' || at === null) return typeof at !== 'function' && typeof at !== 'symbol' && typeof at !== 'bigint'
    if (Array.isArray(at)) return at.every(item => holds(item, depth + 1))
    const prototype: unknown = Object.getPrototypeOf(at)
    if (prototype !== Object.prototype && prototype !== null) return false
    return Object.entries(at).every(([key, member]) => !FORBIDDEN.has(key) && holds(member, depth + 1))
  }
  return holds(value, 0)
}

/** A list whose items pass a check. */
export function listOf(check: Check, be: string): Check {
  return function* (value, path) {
    if (!Array.isArray(value)) return void (yield bad(path, `must be ${be}`))
    for (const [index, item] of value.entries()) yield* check(item, [...path, index])
  }
}

/** One of two. Says what the first says when neither holds. */
export function either(first: Check, second: Check): Check {
  return (value, path) => {
    const problems = [...first(value, path)]
    return problems.length === 0 || [...second(value, path)].length === 0 ? [] : problems
  }
}

/** More members than any mapping of ours has: told in one problem instead of as many. */
const MOST_MEMBERS = 100

/** An object with these members and no others; the names behind `needs` must be there. */
export function members(table: ReadonlyMap<string, Check>, needs: readonly string[] = []): Check {
  const known = [...table.keys()]
  return function* (value, path) {
    if (!isObject(value)) return void (yield bad(path, 'must be a mapping'))
    const entries = Object.entries(value)
    if (entries.length > MOST_MEMBERS) return void (yield bad(path, `must not have ${entries.length} members`))
    for (const [key, member] of entries) {
      const check = table.get(key)
      if (check !== undefined) {
        if (member !== undefined) yield* check(member, [...path, key])
      } else {
        // What YAML makes of `{ description: one, two }`.
        const isHalf = member === null && key.includes(' ')
        const message = `'${key}' means nothing here.${isHalf ? ' Within { } a text with a comma needs quotes.' : nearest(key, known)}`
        yield { path: [...path, key], code: 'unknown-key', message }
      }
    }
    for (const key of needs) {
      if (value[key] === undefined) yield { path, code: 'missing-key', message: `${[...path, key].join('.')} is missing` }
    }
  }
}

const ICON = members(
  new Map([
    ['src', TEXT],
    ['mimeType', TEXT],
    ['sizes', listOf(TEXT, 'a list of sizes such as 48x48')],
    ['theme', must("'light' or 'dark'", value => value === 'light' || value === 'dark')],
  ]),
  ['src'],
)

/** What files, documents and definitions have in common. */
export const COMMON: readonly (readonly [string, Check])[] = [
  ['name', NAME],
  ['title', TEXT],
  ['description', TEXT],
  ['icons', listOf(ICON, 'a list of icons, each with src')],
  ['meta', JSON_OBJECT],
  ['tags', listOf(TEXT, 'a list of words')],
  ['category', TEXT],
  ['version', VERSION],
  ['deprecated', DEPRECATED],
  ['extends', TEXT],
  ['timeout', TIMEOUT],
]

/** The members of a variant; what its text is called differs. */
export const variantOf = (...own: readonly (readonly [string, Check])[]): Check =>
  members(new Map([['name', NAME], ['weight', WEIGHT], ['template', ANY_TEXT], ['extends', TEXT], ...own]), ['name'])

const GUARD: Check = must('a rule, or the name of one', value => isText(value) || isObject(value))
const LAYER = must('middleware: a function', value => typeof value === 'function')
const COMPLETER = must('a function, or the name of a completer', value => isText(value) || typeof value === 'function')

const completers: Check = function* (value, path) {
  if (!isObject(value)) return void (yield bad(path, 'must be a mapping from arguments to completers'))
  for (const [key, member] of Object.entries(value)) yield* COMPLETER(member, [...path, key])
}

/** A definition in code. */
export const DEFINITION: Check = members(
  new Map<string, Check>([
    ...COMMON,
    ['args', must('a schema', value => (typeof value === 'object' && value !== null) || typeof value === 'function')],
    ['template', ANY_TEXT],
    ['variants', listOf(variantOf(['fragment', TEXT]), 'a list of variants')],
    ['complete', completers],
    ['guard', either(GUARD, listOf(GUARD, 'a list of rules'))],
    ['use', either(LAYER, listOf(LAYER, 'a list of middleware'))],
    ['values', FUNCTION],
  ]),
  ['name'],
)

const FRAGMENT_MEMBERS: readonly (readonly [string, Check])[] = [
  [
    'name',
    must('a path such as partials/header', value => typeof value === 'string' && /^[A-Za-z0-9_-][A-Za-z0-9_./-]{0,255}$/.test(value)),
  ],
  ['extends', TEXT],
]

/** The front matter of a fragment. */
export const FRAGMENT_COMMON: Check = members(new Map([...FRAGMENT_MEMBERS, ['description', TEXT]]))

/** A fragment in code or in a document. */
export const FRAGMENT: Check = members(new Map([...FRAGMENT_MEMBERS, ['template', ANY_TEXT]]), ['name', 'template'])
