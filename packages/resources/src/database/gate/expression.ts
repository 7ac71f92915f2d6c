/** Expressions: a word is a keyword, a name, a type or the name of a function that is called, and each of them has to be one that may stand there. */

import { NEVER, ROW_FUNCTIONS, SAFE_FUNCTIONS } from './functions.ts'
import { quoteName, Refused, type Token } from './lexer.ts'
import type { Names } from './names.ts'
import { endsValue, isDistinctFrom, isGroup, isName, isOneOf, isOperator, isQuery, isWord, named, pathAt, spelled } from './tokens.ts'
import { typeAt, wantedType } from './types.ts'
import { AFTER_FROM, FORBIDDEN, GRAMMAR_FUNCTIONS, INTERVAL_FIELDS, KEYWORDS, placeBeforeGroup, WORDY } from './words.ts'
import type { Writer } from './writer.ts'

type Group = Token & { kind: 'group' }
/** Where an expression stands, when that lets it hold more than others: what is selected, and the arguments of TRIM (… FROM …) and its like. */
type Place = 'selected' | 'wordy' | undefined

/** Reads and writes expressions of one statement. */
export class Expressions<Scope> {
  readonly #writer: Writer
  /** Undefined where names are not looked up. */
  readonly #names: Names | undefined
  readonly #query: (items: readonly Token[], scope: Scope) => void
  readonly #postgres: boolean

  constructor(writer: Writer, names: Names | undefined, query: (items: readonly Token[], scope: Scope) => void) {
    this.#writer = writer
    this.#names = names
    this.#query = query
    this.#postgres = writer.rules.dialect === 'postgres'
  }

  /** All of them. */
  all(items: readonly Token[], scope: Scope, place?: Place): void {
    for (let at = 0; at < items.length;) at = this.one(items, at, scope, place)
  }

  /** One word, with the parentheses, the dots and the type that belong to it; returns where it ends. */
  one(items: readonly Token[], at: number, scope: Scope, place?: Place): number {
    const token = items[at] as Token
    const next = items[at + 1]
    if (token.kind === 'group') return this.#parenthesis(token, items, at, scope)
    if (token.kind === 'operator') return this.#operator(items, at)
    if (isName(token)) return this.#word(items, at, scope, place)
    if (next?.kind === 'group' || isOperator(next, '.')) throw new Refused(`${named(next as Token)} behind ${named(token)} is not expected`)
    this.#writer.token(token, isWord(next, 'is'))
    return at + 1
  }

  #parenthesis(group: Group, items: readonly Token[], at: number, scope: Scope): number {
    // In PostgreSQL what stands behind a dot can be a function of the value before it.
    if (isOperator(items[at + 1], '.')) throw new Refused('A dot may stand behind the name of a table, not behind a parenthesis')
    this.group(group, scope)
    return at + 1
  }

  #operator(items: readonly Token[], at: number): number {
    const token = items[at] as Token
    if (isOperator(token, ';')) throw new Refused('One statement at a time: there is a ; inside')
    if (isOperator(token, '.')) throw new Refused('A dot may stand between the names of a table and of a column, nowhere else')
    this.#writer.token(token)
    if (!this.#postgres || !isOperator(token, '::')) return at + 1
    return this.#type(items, at + 1)
  }

  #type(items: readonly Token[], at: number): number {
    const { dialect, trusted = false } = this.#writer.rules
    const type = wantedType(items, at, dialect, trusted)
    this.#writer.sql(type.sql)
    return type.end
  }

  #word(items: readonly Token[], at: number, scope: Scope, place: Place): number {
    const token = items[at] as Token
    const next = items[at + 1]
    const typed = this.#postgres ? this.#typed(items, at) : undefined
    if (typed !== undefined) return typed
    if (isOperator(next, '.')) return this.#path(items, at, scope, place)
    const keyword = token.kind === 'word' && KEYWORDS[this.#writer.rules.dialect].has(token.text)
    if (isGroup(next) && !(keyword && this.#standsBeforeGroup(items, at))) return this.#called([token], items, at + 1, scope)
    if (keyword) return this.#keyword(items, at, place === 'wordy')
    if (token.kind === 'word' && FORBIDDEN.has(token.text))
      throw new Refused(`${token.text.toUpperCase()} is not let through; a column of that name goes in double quotes`)
    // Behind a value it is a name that the statement gives.
    if (!endsValue(items, at - 1, KEYWORDS.postgres)) this.#names?.asked(token.text)
    this.#writer.name(token)
    return at + 1
  }

  /** `date '2026-01-01'`: the text becomes a value of the type. */
  #typed(items: readonly Token[], at: number): number | undefined {
    const { dialect, trusted = false } = this.#writer.rules
    if (isOneOf(items[at], KEYWORDS.postgres) && items[at + 1]?.kind === 'string') return undefined
    const type = typeAt(items, at, dialect, trusted)
    const text = items[type?.end ?? pathAt(items, at).end]
    if (text?.kind !== 'string') return undefined
    if (type === undefined) throw new Refused(`${pathAt(items, at).path.map(named).join('.')} before a text is not let through`)
    this.#writer.sql(type.sql)
    this.#writer.token(text)
    let end = type.end + 1
    for (; type.interval && isOneOf(items[end], INTERVAL_FIELDS); end += 1) this.#writer.token(items[end] as Token)
    return end
  }

  /** `b.title`, `b.*`, or the schema of a function that is called. */
  #path(items: readonly Token[], at: number, scope: Scope, place: Place): number {
    const { path, end } = pathAt(items, at)
    if (isGroup(items[end])) return this.#called(path, items, end, scope)
    const star = isOperator(items[end], '.') && isOperator(items[end + 1], '*')
    if (isOperator(items[end], '.') && !star) throw new Refused(`${path.map(named).join('.')} needs a name behind its dot`)
    if (this.#postgres && path.length + (star ? 1 : 0) > 2)
      throw new Refused(`Write ${path.map(named).join('.')} with the name behind FROM only: table.column`)
    const [first, second] = path as readonly [Token, Token]
    if (!star) this.#names?.asked(first.text, second.text)
    // Anywhere else it is a value, the whole row.
    else if (place !== 'selected' || !isWhole(items, at, end + 2)) this.#names?.asked(first.text)
    this.#writer.path(path)
    if (star) this.#writer.sql('. *')
    return star ? end + 2 : end
  }

  #keyword(items: readonly Token[], at: number, wordy: boolean): number {
    const token = items[at] as Token
    const { text } = token
    const next = items[at + 1]
    if (text === 'select' || text === 'values' || text === 'with')
      throw new Refused(`${text.toUpperCase()} may begin a query or a parenthesis, and stands elsewhere`)
    if ((text === 'from' && !wordy && !isDistinctFrom(items, at)) || (text === 'for' && !wordy))
      throw new Refused(`${text.toUpperCase()} is not let through here`)
    // `x IN table` reads a table without FROM.
    if (text === 'in' && !(wordy && this.#postgres) && !isGroup(next)) throw new Refused('IN needs a list or a query in parentheses')
    this.#writer.token(token)
    if ((text !== 'as' && text !== 'collate') || !isName(next)) return at + 1
    if (isOperator(items[at + 2], '.') && text === 'as') throw new Refused('AS gives a name without a dot')
    this.#writer.name(next)
    if (text === 'as') return at + 2
    // A collation with its schema: it compares text, and runs nothing.
    const { path, end } = pathAt(items, at + 1)
    for (const part of path.slice(1)) {
      this.#writer.sql('.')
      this.#writer.name(part)
    }
    return end
  }

  /** Whether a keyword is one here; elsewhere it could be the name of a function. */
  #standsBeforeGroup(items: readonly Token[], at: number): boolean {
    const place = placeBeforeGroup((items[at] as Token).text)
    const before = items[at - 1]
    if (place === undefined || place === 'anywhere') return place !== undefined
    if (place === 'group') return isGroup(before)
    if (place === 'value') return endsValue(items, isWord(before, 'not') ? at - 2 : at - 1, KEYWORDS[this.#writer.rules.dialect])
    return isOneOf(before, place)
  }

  #called(path: readonly Token[], items: readonly Token[], at: number, scope: Scope): number {
    if (isOperator(items[at + 1], '.')) throw new Refused('A dot may stand behind the name of a table, not behind a parenthesis')
    this.call(path, items[at] as Group, scope)
    return at + 1
  }

  /** A call of a function that may be called. `path` is its name with the schema before it. */
  call(path: readonly Token[], group: Group, scope: Scope): void {
    const last = path.at(-1) as Token
    const bare = path.length === 1 && last.kind === 'word'
    if (bare && last.text === 'cast') return this.#cast(last, group, scope)
    const sql = this.#callable(path)
    if (sql === undefined) throw new Refused(`The function ${path.map(named).join('.')} is not let through`)
    this.#writer.sql(sql)
    const name = this.#writer.fold(last.text)
    if (this.#names !== undefined && ROW_FUNCTIONS.has(name) && this.#isRow(group.items)) return this.#row(group, scope)
    this.group(group, scope, this.#postgres && bare && WORDY.has(name) ? 'wordy' : undefined)
  }

  /** A function as it is to be written; undefined when it may not be called. */
  #callable(path: readonly Token[]): string | undefined {
    const { dialect, functions, schema: home = 'public' } = this.#writer.rules
    const [name, schema, ...more] = path.toReversed().map(token => this.#writer.fold(token.text))
    if (name === undefined || more.length > 0 || NEVER.has(name)) return undefined
    if (!this.#postgres)
      return schema === undefined && (SAFE_FUNCTIONS[dialect].has(name) || functions?.has(name) === true)
        ? spelled(path[0] as Token)
        : undefined
    if (SAFE_FUNCTIONS[dialect].has(name) && (schema === undefined || schema === 'pg_catalog'))
      return path[0]?.kind === 'word' && path.length === 1 && GRAMMAR_FUNCTIONS.has(name) ? name : `pg_catalog . ${quoteName(name)}`
    if (functions === undefined) return undefined
    const given = (schema === undefined || schema === home) && functions.has(name) ? home : undefined
    const found =
      given ?? [...functions].map(each => each.split('.')).find(([where, what]) => what === name && (schema ?? where) === where)?.[0]
    return found === undefined ? undefined : `${quoteName(found)} . ${quoteName(name)}`
  }

  #cast(name: Token, group: Group, scope: Scope): void {
    const as = group.items.findIndex(token => isWord(token, 'as'))
    if (as <= 0) throw new Refused('CAST needs: CAST(value AS type)')
    this.#writer.token(name)
    this.#writer.inParentheses(group, () => {
      this.all(group.items.slice(0, as), scope)
      this.#writer.sql('AS')
      if (this.#type(group.items, as + 1) < group.items.length) throw new Refused('CAST needs: CAST(value AS type)')
    })
  }

  /** `b`, `b.*`, or either with an order. */
  #isRow(items: readonly Token[]): boolean {
    if (!isName(items[0])) return false
    const end = isOperator(items[1], '.') && isOperator(items[2], '*') ? 3 : 1
    return items.length === end || isWord(items[end], 'order')
  }

  #row(group: Group, scope: Scope): void {
    const [first, ...others] = group.items as readonly [Token, ...Token[]]
    const star = isOperator(others[0], '.')
    this.#writer.inParentheses(group, () => {
      this.#writer.name(first)
      if (star) this.#writer.sql('. *')
      this.all(others.slice(star ? 2 : 0), scope)
    })
  }

  /** What stands between parentheses: a query, or expressions. */
  group(group: Group, scope: Scope, place?: Place): void {
    this.#writer.inParentheses(group, () => {
      if (isQuery(group.items)) this.#query(group.items, scope)
      else this.all(group.items, scope, place)
    })
  }
}

/** Whether what stands there is selected by itself, and is no part of a value. */
function isWhole(items: readonly Token[], at: number, end: number): boolean {
  const before = items[at - 1]
  const begins = isOperator(before, ',') || isOneOf(before, BEGINS) || (isGroup(before) && isWord(items[at - 2], 'on'))
  const after = items[end]
  return begins && (after === undefined || isOperator(after, ',') || isWord(after, 'from') || isOneOf(after, AFTER_FROM))
}
const BEGINS: ReadonlySet<string> = new Set(['select', 'distinct', 'all'])
