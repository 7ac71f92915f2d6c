/** Names of types: a value may become what the engine itself brings along. A type of somebody's own runs its own code when text becomes one. */

import { quoteName, Refused, type Dialect, type Token } from './lexer.ts'
import { isGroup, isOperator, isWord, named, pathAt, spelled } from './tokens.ts'

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter(word => word !== ''))

/** What PostgreSQL's grammar takes for its own types, whatever else has the name. */
const GRAMMAR_TYPES = words(
  'int integer smallint bigint real float double decimal dec numeric boolean bit character char varchar time timestamp interval',
)

/** Other types of PostgreSQL. None looks up a name (regclass), and none is somebody's own. */
const CATALOG_TYPES = words(`
  text bytea date timestamptz timetz uuid json jsonb jsonpath name bpchar bool int2 int4 int8 float4 float8 money inet cidr macaddr macaddr8 varbit
  point line lseg box path polygon circle tsvector tsquery
  int4range int8range numrange tsrange tstzrange daterange int4multirange int8multirange nummultirange tsmultirange tstzmultirange datemultirange
`)

/** Any word names a type in SQLite, and runs nothing. */
const SQLITE_TYPES = words(`
  int integer tinyint smallint mediumint bigint unsigned big int2 int8 character varchar varying native nchar nvarchar text clob blob real double
  precision float numeric decimal boolean bool date datetime time timestamp json any string
`)

/** A type as it is to be written, and where it ends. */
export interface TypeName {
  readonly sql: string
  readonly end: number
  readonly interval: boolean
}

/** The type that is named at `at`; undefined when nothing there is a type that may be named. `trusted` names may be of any type. */
export function typeAt(items: readonly Token[], at: number, dialect: Dialect, trusted: boolean): TypeName | undefined {
  if (dialect === 'sqlite') return sqliteType(items, at)
  const { path, end } = pathAt(items, at)
  const [first, second] = path
  if (first === undefined) return undefined
  if (path.length === 1 && first.kind === 'word' && GRAMMAR_TYPES.has(first.text)) return grammarType(items, at)
  const own = path.length === 1 ? first : first.text === 'pg_catalog' ? second : undefined
  if (own !== undefined && CATALOG_TYPES.has(own.text)) return listed(items, end, `pg_catalog . ${quoteName(own.text)}`)
  return trusted && path.length <= 2 ? listed(items, end, path.map(token => quoteName(token.text)).join(' . ')) : undefined
}

/** @throws Refused when no type may be named there */
export function wantedType(items: readonly Token[], at: number, dialect: Dialect, trusted: boolean): TypeName {
  const type = typeAt(items, at, dialect, trusted)
  if (type !== undefined) return type
  const token = items[at]
  throw new Refused(
    token === undefined
      ? 'A type is missing'
      : `The type ${pathAt(items, at).path.map(named).join('.') || named(token)} is not let through`,
  )
}

function sqliteType(items: readonly Token[], at: number): TypeName | undefined {
  let end = at
  const parts: string[] = []
  for (let token = items[end]; token?.kind === 'word' && SQLITE_TYPES.has(token.text); token = items[(end += 1)]) parts.push(token.raw)
  return parts.length === 0 ? undefined : sized(items, end, parts.join(' '))
}

/** The types of more than one word: DOUBLE PRECISION, BIT VARYING, TIMESTAMP (3) WITH TIME ZONE. */
function grammarType(items: readonly Token[], at: number): TypeName | undefined {
  const { text } = items[at] as Token
  let type: TypeName = { sql: text, end: at + 1, interval: text === 'interval' }
  const take = (word: string): boolean => {
    const found = isWord(items[type.end], word)
    if (found) type = { ...type, sql: `${type.sql} ${word}`, end: type.end + 1 }
    return found
  }
  if (text === 'double' && !take('precision')) return undefined
  if (text === 'bit' || text === 'character' || text === 'char') take('varying')
  type = { ...sized(items, type.end, type.sql), interval: type.interval }
  if ((text === 'time' || text === 'timestamp') && (isWord(items[type.end], 'with') || isWord(items[type.end], 'without'))) {
    if (!isWord(items[type.end + 1], 'time')) return undefined
    for (const word of ['with', 'without', 'time', 'zone']) take(word)
  }
  return { ...listed(items, type.end, type.sql), interval: type.interval }
}

/** With a size behind it, such as (10, 2). */
function sized(items: readonly Token[], at: number, sql: string): TypeName {
  const size = items[at]
  if (!isGroup(size) || !size.items.every(token => token.kind === 'number' || isOperator(token, ',') || isOperator(token, '-')))
    return { sql, end: at, interval: false }
  return { sql: `${sql} ( ${size.items.map(spelled).join(' ')} )`, end: at + 1, interval: false }
}

/** With what makes an array of it, such as [] or ARRAY. */
function listed(items: readonly Token[], at: number, sql: string): TypeName {
  const plain = sized(items, at, sql)
  if (isWord(items[plain.end], 'array')) return { ...plain, sql: `${plain.sql} ARRAY`, end: plain.end + 1 }
  let { end } = plain
  for (let token = items[end]; token?.kind === 'group' && token.text === '['; token = items[end]) {
    if (!token.items.every(each => each.kind === 'number')) break
    end += 1
  }
  return { ...plain, sql: `${plain.sql}${' [ ]'.repeat(end - plain.end)}`, end }
}
