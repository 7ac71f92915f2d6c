/** The words of SQL that the gate has to know by their place. A word that is not here is a name, and is written in quotes. */

import type { Dialect } from './lexer.ts'

const list = (text: string): readonly string[] => text.split(/\s+/).filter(word => word !== '')
const words = (text: string): ReadonlySet<string> => new Set(list(text))

const COMMON = `
  select values with distinct all from where on and or not in is null true false like between case when then else end exists as collate escape
  asc desc nulls first last order group by having limit offset union intersect except
  over partition filter window rows range groups preceding following unbounded current row exclude others no ties
  isnull notnull current_date current_time current_timestamp
`

/** What an expression may hold beside names: nothing here names a relation, begins a query or calls a function by itself. */
export const KEYWORDS: Readonly<Record<Dialect, ReadonlySet<string>>> = {
  sqlite: words(`${COMMON} glob match regexp`),
  postgres: words(`${COMMON}
    ilike similar to symmetric asymmetric any some array unknown at time zone fetch next only within grouping sets rollup cube
    both leading trailing placing for overlaps localtime localtimestamp variadic
  `),
}

/** Keywords that may stand before a parenthesis. PostgreSQL takes none of these for the name of a function. */
const BEFORE_GROUP = words(`
  distinct all from where on and or not in exists case when then else as having limit offset union intersect except between
  any some array row group grouping symmetric asymmetric to both leading trailing placing for
  current_time current_timestamp localtime localtimestamp
`)

/** Those that have to stand behind one of these words; elsewhere they could be names of functions. */
const BEHIND: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['by', words('group order partition')],
  ['sets', words('grouping')],
  ['rollup', words('by')],
  ['cube', words('by')],
  ['zone', words('time')],
])

/** Those that have to stand behind what gives a value. */
const BEHIND_VALUE = words('like ilike glob match regexp is escape')

/** Those that have to stand behind a parenthesis. */
const BEHIND_GROUP = words('over filter overlaps')

/** How a keyword may stand before a parenthesis; undefined when it is none there, but the name of what is called. */
export function placeBeforeGroup(word: string): 'anywhere' | 'value' | 'group' | ReadonlySet<string> | undefined {
  if (BEFORE_GROUP.has(word)) return 'anywhere'
  if (BEHIND_VALUE.has(word)) return 'value'
  if (BEHIND_GROUP.has(word)) return 'group'
  return BEHIND.get(word)
}

/** Words that no statement may hold unquoted: what writes, locks, leaves the query, or reads a table without FROM. */
export const FORBIDDEN = words(`
  insert update delete merge into returning attach detach pragma vacuum copy truncate create drop alter grant revoke procedure execute raise
  table tablesample
`)

/** Words that end a FROM clause. */
export const AFTER_FROM = words('where group having window order limit offset fetch union intersect except')

/** Words that combine queries. */
export const SET_OPERATORS = words('union intersect except')

/** Words around JOIN. */
export const JOINS = words('natural inner left right full outer cross join')

/** Words that are no alias. */
export const NO_ALIAS = new Set([
  ...AFTER_FROM,
  ...JOINS,
  ...list('on using as lateral select values with tablesample indexed not for from set'),
])

/** What PostgreSQL's grammar itself calls so, unless in quotes; all others are written with their schema. */
export const GRAMMAR_FUNCTIONS = words('coalesce nullif greatest least extract trim substring overlay position')

/** Functions whose arguments hold the words FROM or FOR. */
export const WORDY = words('extract trim substring overlay position')

/** What an interval is counted in, behind its text. */
export const INTERVAL_FIELDS = words('year month day hour minute second to')
