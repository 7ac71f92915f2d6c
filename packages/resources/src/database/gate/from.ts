/** A FROM clause: relations that may be read, functions, queries and joins. */

import type { Expressions } from './expression.ts'
import { RESULT_COLUMNS, SAFE_FUNCTIONS } from './functions.ts'
import { Refused, type Token } from './lexer.ts'
import { columns, type Columns, type Names } from './names.ts'
import { betweenCommas, isGroup, isName, isOneOf, isOperator, isQuery, isWord, named, pathAt } from './tokens.ts'
import { wantedType } from './types.ts'
import { AFTER_FROM, JOINS, NO_ALIAS } from './words.ts'
import type { Writer } from './writer.ts'

/** The names that WITH gave, where they are seen. */
export type Scope = ReadonlySet<string>

type Group = Token & { kind: 'group' }

/** What one source is: its name when none is given to it, and its columns. */
interface Source {
  readonly end: number
  readonly name?: string
  readonly columns: (alias: string) => Columns
  /** Whether its rows are of a type of their own. */
  readonly row?: boolean
  /** A join in parentheses: what is in it keeps its names. */
  readonly join?: boolean
}

/** Reads and writes FROM clauses of one statement. */
export class FromClauses {
  readonly #writer: Writer
  readonly #names: Names | undefined
  readonly #expressions: Expressions<Scope>
  readonly #query: (items: readonly Token[], scope: Scope) => Columns

  constructor(
    writer: Writer,
    names: Names | undefined,
    expressions: Expressions<Scope>,
    query: (items: readonly Token[], scope: Scope) => Columns,
  ) {
    this.#writer = writer
    this.#names = names
    this.#expressions = expressions
    this.#query = query
  }

  /** What stands behind FROM, put into `found`; returns where it ends. */
  read(items: readonly Token[], start: number, scope: Scope, found: [name: string, its: Columns][]): number {
    let at = start
    for (;;) {
      const source = this.#source(items, at, scope, found)
      at = this.#joined(items, this.#alias(items, source, found), scope)
      const token = items[at]
      if (token === undefined || isOneOf(token, AFTER_FROM)) return at
      const comma = isOperator(token, ',')
      if (!comma && !isOneOf(token, JOINS)) throw new Refused(`${named(token)} is not expected behind FROM`)
      if (comma) this.#writer.token(items[at++] as Token)
      else while (isOneOf(items[at], JOINS)) this.#writer.token(items[at++] as Token)
    }
  }

  #source(items: readonly Token[], start: number, scope: Scope, found: [string, Columns][]): Source {
    let at = start
    while (isWord(items[at], 'lateral') || (this.#writer.rules.dialect === 'postgres' && isWord(items[at], 'only')))
      this.#writer.token(items[at++] as Token)
    const token = items[at]
    if (isGroup(token)) return this.#inParentheses(token, at + 1, scope, found)
    const { path, end } = pathAt(items, at)
    if (path.length === 0 || isOperator(items[end], '.')) throw new Refused('FROM needs a table, a view or a query in parentheses')
    const call = items[end]
    return isGroup(call) ? this.#function(path, call, items, end + 1, scope) : this.#relation(path, end, scope)
  }

  #inParentheses(group: Group, end: number, scope: Scope, found: [string, Columns][]): Source {
    let its: Columns | undefined
    this.#writer.inParentheses(group, () => {
      if (isQuery(group.items)) its = this.#query(group.items, scope)
      else if (this.read(group.items, 0, scope, found) < group.items.length) throw new Refused('A join in parentheses ends too early')
    })
    return its === undefined ? { end, columns: () => columns([]), join: true } : { end, columns: () => its as Columns }
  }

  #function(path: readonly Token[], call: Group, items: readonly Token[], start: number, scope: Scope): Source {
    this.#expressions.call(path, call, scope)
    const name = this.#writer.fold((path.at(-1) as Token).text)
    const ordinality = isWord(items[start], 'with') && isWord(items[start + 1], 'ordinality')
    if (ordinality) this.#writer.sql('WITH ORDINALITY')
    // What a function of somebody's own brings is not known.
    const known = SAFE_FUNCTIONS.postgres.has(name) && (path.length === 1 || path[0]?.text === 'pg_catalog')
    return {
      end: ordinality ? start + 2 : start,
      name,
      columns: alias => columns([...(known ? (RESULT_COLUMNS.get(name) ?? [alias]) : []), ...(ordinality ? ['ordinality'] : [])]),
    }
  }

  #relation(path: readonly Token[], end: number, scope: Scope): Source {
    const [first, second] = path.map(token => this.#writer.fold(token.text))
    if (path.length > 2 || first === undefined) throw new Refused(`Write ${path.map(named).join('.')} as schema.table`)
    if (second === undefined && scope.has(first)) {
      this.#writer.name(path[0] as Token)
      const its = this.#names?.ofWith(first) ?? columns([])
      return { end, name: first, columns: () => its }
    }
    const { rules } = this.#writer
    const known = second === undefined ? rules.relation(first, undefined) : rules.relation(second, first)
    if (known === undefined) throw new Refused(`There is no table or view ${path.map(named).join('.')} to read`)
    this.#writer.sql(known.sql)
    return { end, name: second ?? first, columns: () => columns(known.columns), row: true }
  }

  #alias(items: readonly Token[], source: Source, found: [string, Columns][]): number {
    let at = source.end
    const explicit = isWord(items[at], 'as')
    if (explicit) this.#writer.token(items[at++] as Token)
    const name = items[at]
    const given = isName(name) && (explicit || !(name.kind === 'word' && NO_ALIAS.has(name.text))) ? name : undefined
    if (given !== undefined) {
      if (source.join === true) throw new Refused('A join in parentheses goes without a name: name what is in it')
      this.#writer.name(given)
      at += 1
    } else if (explicit && !isGroup(name)) throw new Refused('AS needs a name')
    const list = (explicit || given !== undefined) && isGroup(items[at]) ? (items[at++] as Group) : undefined
    const listed = list === undefined ? undefined : this.#definitions(list)
    const known = given?.text ?? source.name
    if (known !== undefined) {
      const its = listed ?? source.columns(known)
      found.push([known, its])
      this.#names?.source(known, its, source.row === true)
    }
    return at
  }

  /** Names of columns, or with their types behind json_to_recordset. */
  #definitions(list: Group): Columns {
    const { dialect, trusted = false } = this.#writer.rules
    const names: string[] = []
    this.#writer.inParentheses(list, () => {
      for (const [index, column] of betweenCommas(list.items).entries()) {
        const [name] = column
        if (!isName(name)) throw new Refused(`${name === undefined ? 'Nothing' : named(name)} is not a column name`)
        if (index > 0) this.#writer.sql(',')
        this.#writer.name(name)
        names.push(name.text)
        if (column.length === 1) continue
        const type = wantedType(column, 1, dialect, trusted)
        if (type.end < column.length) throw new Refused(`${named(column[type.end] as Token)} is not expected behind a column`)
        this.#writer.sql(type.sql)
      }
    })
    return columns(names)
  }

  #joined(items: readonly Token[], start: number, scope: Scope): number {
    let at = start
    if (isWord(items[at], 'using')) {
      this.#writer.token(items[at++] as Token)
      const list = items[at++]
      if (!isGroup(list)) throw new Refused('USING needs columns in parentheses')
      names(this.#writer, list)
    } else if (isWord(items[at], 'on')) {
      this.#writer.token(items[at++] as Token)
      while (
        at < items.length &&
        !isOperator(items[at], ',') &&
        !isOneOf(items[at], AFTER_FROM) &&
        !(isOneOf(items[at], JOINS) && !isGroup(items[at + 1]))
      )
        at = this.#expressions.one(items, at, scope)
    }
    return at
  }
}

/** Nothing but names and commas. */
export function names(writer: Writer, group: Group): Columns {
  const found = betweenCommas(group.items).map(parts => {
    const [name] = parts
    if (!isName(name) || parts.length > 1) throw new Refused(`${named(parts[1] ?? name ?? group)} is not a column name`)
    return name
  })
  writer.inParentheses(group, () => {
    for (const [index, name] of found.entries()) {
      if (index > 0) writer.sql(',')
      writer.name(name)
    }
  })
  return columns(found.map(({ text }) => text))
}
