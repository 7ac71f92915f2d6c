/** Named queries: each becomes a template whose variables are bound to its parameters. */

import { jsonSchemaOf } from '@oarlock/kernel'
import { checkOptions, Fault, isObject } from '@oarlock/protocol'
import { interval } from '../interval.ts'
import { whole } from '../whole.ts'
import type { SourceContent, SourceTemplate } from '../provider/contract.ts'
import { answerText, ENVELOPE } from './document.ts'
import { admit } from './gate/gate.ts'
import { quoteName, Refused, type Dialect } from './gate/lexer.ts'
import type { NamedQuery } from './options.ts'
import type { Bound, DatabaseSource, Statement } from './port.ts'

const MOST_ROWS = 1_000

/** A query, checked and ready. */
export interface ReadyQuery {
  readonly name: string
  readonly options: NamedQuery
  readonly template: SourceTemplate
  readonly sql: string
  /** The parameter of each place where a value is bound. */
  readonly places: readonly string[]
  readonly rows: number
  readonly timeoutMs: number
}

/** Makes queries ready. @throws TypeError that names every problem of all of them */
export function readyQueries(
  queries: Readonly<Record<string, NamedQuery>>,
  about: {
    readonly uri: string
    readonly dialect: Dialect
    readonly functions: ReadonlySet<string>
    readonly schema?: string | undefined
    readonly timeoutMs: number
  },
): readonly ReadyQuery[] {
  const problems: string[] = []
  const ready = Object.entries(queries).flatMap(([name, options]) => {
    try {
      return [readyQuery(name, options, about)]
    } catch (cause) {
      if (!(cause instanceof Refused) && !(cause instanceof TypeError)) throw cause
      problems.push(`query ${name}: ${cause.message}`)
      return []
    }
  })
  if (problems.length > 0) throw new TypeError(problems.join('\n'))
  return ready
}

function readyQuery(name: string, options: NamedQuery, about: Parameters<typeof readyQueries>[1]): ReadyQuery {
  if (!/^[\w.-]{1,100}$/.test(name)) throw new TypeError('its name may hold letters, digits, _, - and .')
  const { sql, params, title, description, icons, rows = MOST_ROWS, timeout } = options
  whole('rows', rows)
  const names = params === undefined ? [] : parametersOf(jsonSchemaOf(params))
  const used: Place[] = []
  const admitted = admit(sql, {
    dialect: about.dialect,
    functions: about.functions,
    ...(about.schema === undefined ? {} : { schema: about.schema }),
    // Its author decides what it reads.
    relation: (relation, schema) => ({
      sql: schema === undefined ? quoteName(relation) : `${quoteName(schema)}.${quoteName(relation)}`,
      columns: [],
    }),
    trusted: true,
    parameter: (written, tested) => place(written, tested, names, used, about.dialect),
  })
  const unused = names.filter(each => !used.some(({ name: known }) => known === each))
  if (unused.length > 0) throw new TypeError(`its parameters ${unused.join(', ')} are not in its SQL`)
  checkOptions(options.complete, Object.fromEntries(names.map(each => [each, true] as const)), 'complete of the query')
  const variables = names.length === 0 ? '' : `{?${names.join(',')}}`
  const template: SourceTemplate = {
    name: `query-${name}`,
    uriTemplate: `${about.uri}/queries/${name}${variables}`,
    mimeType: 'application/json',
    parts: false,
    unscreened: names,
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    ...(icons === undefined ? {} : { icons }),
    ...(params === undefined ? {} : { params }),
  }
  const timeoutMs = timeout === undefined ? about.timeoutMs : interval('timeout', timeout)
  return { name, options, template, sql: admitted, places: used.map(each => each.name), rows, timeoutMs }
}

function parametersOf(schema: object): readonly string[] {
  const properties = (schema as { properties?: unknown }).properties
  const names = isObject(properties) ? Object.keys(properties) : []
  const odd = names.filter(name => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || name === 'uri')
  if (odd.length > 0) throw new TypeError(`parameters cannot be named ${odd.join(', ')}`)
  return names
}

/** Where a parameter stands. */
interface Place {
  readonly name: string
  readonly tested: boolean
}

/**
 * What stands in the SQL for a parameter. SQLite binds each place by itself. PostgreSQL binds each parameter once, and finds out its type by the place; a
 * test for NULL tells none, so that it has a place of its own.
 */
function place(written: string, tested: boolean, names: readonly string[], used: Place[], dialect: Dialect): string {
  const name = /^\d/.test(written) ? names[Number(written) - 1] : written
  if (name === undefined || !names.includes(name)) throw new Refused(`its SQL has the parameter ${written}, and params have no such`)
  const known = dialect === 'sqlite' || tested ? -1 : used.findIndex(each => each.name === name && !each.tested)
  const number = known === -1 ? used.push({ name, tested }) : known + 1
  if (dialect === 'sqlite') return '?'
  return tested ? `$${number}::text` : `$${number}`
}

/** The statement for some values. */
export function statementOf(query: ReadyQuery, values: Readonly<Record<string, unknown>>, bytes: number): Statement {
  const bound = query.places.map(name => (Object.hasOwn(values, name) ? (values[name] as Bound) : null))
  return { sql: query.sql, values: bound, rows: query.rows, bytes, timeout: query.timeoutMs }
}

/** Runs a query. */
export async function runQuery(
  source: DatabaseSource,
  query: ReadyQuery,
  values: Readonly<Record<string, unknown>>,
  { maxBytes, signal }: { readonly maxBytes: number; readonly signal: AbortSignal },
): Promise<SourceContent> {
  const bytes = maxBytes - ENVELOPE
  const text = answerText(await source.run({ ...statementOf(query, values, maxBytes), signal }), bytes)
  if (text === undefined)
    throw new Fault('INTERNAL_ERROR', `The first row of the query ${query.name} is larger than the ${maxBytes} bytes of an answer`)
  return { text }
}
