/** What is asked of a log: which entries, how many, from where. */

import { duration, nearest } from '@oarlock/kernel'
import { excerpt, Fault, LOGGING_LEVELS, reaches, type LoggingLevel } from '@oarlock/protocol'
import { type LogEntry, levelOf } from './entry.ts'
import { timeOf } from './time.ts'

/** Names of the parts of a query, as they stand in URIs. */
export const QUERY_NAMES = ['level', 'component', 'since', 'until', 'text', 'limit', 'before'] as const

/** A query as it is written. */
export type QueryText = Readonly<Partial<Record<(typeof QUERY_NAMES)[number], string>>>

/** A query, read. */
export interface LogQuery {
  /** At least this severe. Entries that say no level do not count. */
  readonly level: LoggingLevel | undefined
  /** In lower case: the component, or the beginning of it up to a `.`, `:` or `/`. */
  readonly component: string | undefined
  /** Milliseconds; the first that counts, and the last. */
  readonly since: number | undefined
  readonly until: number | undefined
  /** In lower case. */
  readonly text: string | undefined
  readonly limit: number
  readonly before: string | undefined
}

/** How many entries a query gives. */
export interface Limits {
  readonly usual: number
  readonly most: number
}

/** Reads a query. @throws Fault INVALID_PARAMS saying what is wrong */
export function readQuery(given: QueryText, { usual, most }: Limits): LogQuery {
  return {
    level: given.level === undefined ? undefined : readLevel(given.level),
    component: given.component?.toLowerCase(),
    since: given.since === undefined ? undefined : readTime('since', given.since),
    until: given.until === undefined ? undefined : readTime('until', given.until),
    text: given.text === undefined || given.text === '' ? undefined : given.text.toLowerCase(),
    limit: given.limit === undefined ? usual : readLimit(given.limit, most),
    before: given.before,
  }
}

/** Whether an entry, redacted, is one that is asked for. */
export function matches(entry: LogEntry, { level, component, since, until, text }: LogQuery): boolean {
  if (level !== undefined && (entry.level === undefined || !reaches(entry.level, level))) return false
  if (since !== undefined && (entry.time === undefined || entry.time < since)) return false
  if (until !== undefined && (entry.time === undefined || entry.time > until)) return false
  if (component !== undefined && !isWithin(entry.component, component)) return false
  return text === undefined || holds(entry, text)
}

/** What can be told before an entry is redacted: neither levels nor times hold secrets. */
export function mayMatch(entry: LogEntry, { level, since, until }: LogQuery): boolean {
  return matches(entry, { level, since, until, component: undefined, text: undefined, limit: 0, before: undefined })
}

function isWithin(component: string | undefined, wanted: string): boolean {
  const name = component?.toLowerCase()
  return name !== undefined && name.startsWith(wanted) && (name.length === wanted.length || '.:/'.includes(name.charAt(wanted.length)))
}

function holds({ message, component, fields }: LogEntry, text: string): boolean {
  if (message.toLowerCase().includes(text) || component?.toLowerCase().includes(text) === true) return true
  return fields !== undefined && JSON.stringify(fields).toLowerCase().includes(text)
}

function readLevel(text: string): LoggingLevel {
  const level = levelOf(text)
  if (level !== undefined) return level
  throw new Fault('INVALID_PARAMS', `level ${quoted(text)} is none: ${LOGGING_LEVELS.join(', ')}.${nearest(text, LOGGING_LEVELS)}`)
}

/** A time, or how long ago: `15m`. */
function readTime(name: string, text: string): number {
  const time = timeOf(text) ?? timeOf(`${text}T00:00:00`) ?? timeOf(`${text}:00`)
  if (time !== undefined) return time
  try {
    return Date.now() - duration(text as '15m')
  } catch {
    throw new Fault('INVALID_PARAMS', `${name} ${quoted(text)} is no time: write 2026-11-21T10:00:00Z, or 15m for a quarter of an hour ago`)
  }
}

function readLimit(text: string, most: number): number {
  const limit = /^\d{1,9}$/.test(text) ? Number(text) : 0
  if (limit < 1) throw new Fault('INVALID_PARAMS', `limit ${quoted(text)} is no number of entries: 1 to ${most}`)
  return Math.min(limit, most)
}

function quoted(text: string): string {
  return JSON.stringify(excerpt(text, 60))
}
