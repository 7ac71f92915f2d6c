/**
 * Lets one reading statement through and nothing else: SELECT, VALUES and WITH over known relations, calling known functions. What is let through is
 * written anew from what was read, so that the engine runs what was judged.
 */

import { NEVER, SAFE_FUNCTIONS } from './functions.ts'
import { foldAscii, lex, Refused, type Dialect, type Token } from './lexer.ts'
import { isDistinctFrom, isGroup, isName, isOneOf, isOperator, isQuery, isTypeWith, isWord, named, qualified, spelled } from './tokens.ts'
import { AFTER_FROM, FORBIDDEN, JOINS, NO_ALIAS, NO_CALL, SET_OPERATORS, WORDY } from './words.ts'

/** What a statement may do. */
export interface GateRules {
  readonly dialect: Dialect
  /** The SQL of a relation that may be read, quoted and with its schema; undefined for any other. */
  relation(name: string, schema: string | undefined): string | undefined
  /** Functions beside the safe ones, as the engine folds them. */
  readonly functions?: ReadonlySet<string>
  /** Turns a parameter into what the engine is given. Without it there may be none. `tested`: what follows is IS NULL, which tells no type. */
  parameter?(name: string, tested: boolean): string
}

type Scope = ReadonlySet<string>

/**
 * The statement as the engine is to run it.
 * @throws Refused with a text for whoever wrote the statement
 */
export function admit(sql: string, rules: GateRules): string {
  const tokens = lex(sql, rules.dialect)
  let end = tokens.length
  while (end > 0 && isOperator(tokens[end - 1], ';')) end -= 1
  if (end === 0) throw new Refused('There is no statement')
  const gate = new Gate(rules)
  gate.query(tokens.slice(0, end), new Set())
  return gate.out.join(' ')
}

class Gate {
  /** The words let through so far, as SQL. */
  readonly out: string[] = []
  readonly #rules: GateRules
  readonly #fold: (name: string) => string

  constructor(rules: GateRules) {
    this.#rules = rules
    // SQLite compares names without regard to case, quoted or not; PostgreSQL as written in quotes.
    this.#fold = rules.dialect === 'sqlite' ? foldAscii : name => name
  }

  /** A whole query: WITH …, then SELECTs, VALUES or parentheses, joined by set operators. */
  query(items: readonly Token[], outer: Scope): void {
    let at = 0
    let scope = outer
    if (isWord(items[0], 'with')) [at, scope] = this.#with(items, outer)
    for (;;) {
      const token = items[at]
      if (isGroup(token)) {
        this.#inParentheses(token, () => {
          if (!isQuery(token.items)) throw new Refused('A parenthesis at the beginning of a query must hold a query')
          this.query(token.items, scope)
        })
        at = this.#tail(items, at + 1, scope)
      } else if (isWord(token, 'select') || isWord(token, 'values')) {
        this.#emit(token as Token)
        at = this.#tail(items, at + 1, scope)
      } else throw new Refused(`Only SELECT, VALUES and WITH … SELECT are let through${token === undefined ? '' : `, not ${named(token)}`}`)
      if (at >= items.length) return
      this.#emit(items[at++] as Token)
      if (isWord(items[at], 'all') || isWord(items[at], 'distinct')) this.#emit(items[at++] as Token)
    }
  }

  /** What follows SELECT, up to a set operator or the end: expressions and one FROM clause. */
  #tail(items: readonly Token[], start: number, scope: Scope): number {
    let at = start
    let from = false
    while (at < items.length && !isOneOf(items[at], SET_OPERATORS)) {
      if (isWord(items[at], 'from') && !isDistinctFrom(items, at)) {
        if (from) throw new Refused('A SELECT has one FROM')
        from = true
        this.#emit(items[at] as Token)
        at = this.#from(items, at + 1, scope)
      } else at = this.#expression(items, at, scope, false)
    }
    return at
  }

  #with(items: readonly Token[], outer: Scope): [number, Scope] {
    let at = 1
    this.#emit(items[0] as Token)
    const recursive = isWord(items[at], 'recursive')
    if (recursive) this.#emit(items[at++] as Token)
    const scope = new Set(outer)
    // SQLite lets every table of a WITH see all others, itself included; PostgreSQL only with RECURSIVE.
    if (recursive || this.#rules.dialect === 'sqlite') for (const name of this.#heads(items, at)) scope.add(name)
    for (;;) {
      const name = items[at++]
      if (!isName(name)) throw new Refused('WITH needs a name')
      this.#emit(name)
      if (isGroup(items[at])) this.#names(items[at++] as Token & { kind: 'group' })
      if (!isWord(items[at], 'as')) throw new Refused('WITH needs: name AS (SELECT …)')
      this.#emit(items[at++] as Token)
      if (isWord(items[at], 'not')) this.#emit(items[at++] as Token)
      if (isWord(items[at], 'materialized')) this.#emit(items[at++] as Token)
      const body = items[at++]
      if (!isGroup(body)) throw new Refused('WITH needs: name AS (SELECT …)')
      this.#inParentheses(body, () => this.query(body.items, new Set(scope)))
      scope.add(this.#fold(name.text))
      if (!isOperator(items[at], ',')) return [at, scope]
      this.#emit(items[at++] as Token)
    }
  }

  /** The names a WITH defines, each before its columns and its query. */
  #heads(items: readonly Token[], start: number): string[] {
    const heads: string[] = []
    for (let at = start; ; at += 1) {
      const name = items[at++]
      if (!isName(name)) return heads
      if (isGroup(items[at])) at += 1
      if (!isWord(items[at++], 'as')) return heads
      while (isWord(items[at], 'not') || isWord(items[at], 'materialized')) at += 1
      if (!isGroup(items[at++])) return heads
      heads.push(this.#fold(name.text))
      if (!isOperator(items[at], ',')) return heads
    }
  }

  /** A FROM clause: relations, functions, queries and joins; returns where it ends. */
  #from(items: readonly Token[], start: number, scope: Scope): number {
    let at = start
    for (;;) {
      at = this.#alias(items, this.#source(items, at, scope), scope)
      at = this.#joined(items, at, scope)
      const token = items[at]
      if (token === undefined || isOneOf(token, AFTER_FROM)) return at
      const comma = isOperator(token, ',')
      if (!comma && !isOneOf(token, JOINS)) throw new Refused(`${named(token)} is not expected behind FROM`)
      while (isOneOf(items[at], JOINS) || (comma && isOperator(items[at], ','))) {
        this.#emit(items[at] as Token)
        at += 1
        if (isOperator(items[at - 1], ',')) break
      }
    }
  }

  #source(items: readonly Token[], start: number, scope: Scope): number {
    let at = start
    while (isWord(items[at], 'lateral') || (this.#rules.dialect === 'postgres' && isWord(items[at], 'only')))
      this.#emit(items[at++] as Token)
    const token = items[at]
    if (isGroup(token)) {
      this.#inParentheses(token, () => {
        if (isQuery(token.items)) this.query(token.items, scope)
        else if (this.#from(token.items, 0, scope) < token.items.length) throw new Refused('A join in parentheses ends too early')
      })
      return at + 1
    }
    const path: Token[] = []
    while (isName(items[at])) {
      path.push(items[at++] as Token)
      if (!isOperator(items[at], '.')) break
      at += 1
    }
    const last = path.at(-1)
    if (last === undefined || isOperator(items[at - 1], '.')) throw new Refused('FROM needs a table, a view or a query in parentheses')
    const arguments_ = items[at]
    if (isGroup(arguments_)) {
      this.#call(path, arguments_, scope)
      at += 1
      if (isWord(items[at], 'with') && isWord(items[at + 1], 'ordinality')) this.#write('WITH ORDINALITY')
      else return at
      return at + 2
    }
    this.#relation(path, scope)
    return at
  }

  #relation(path: readonly Token[], scope: Scope): void {
    const [first, second] = path.map(token => this.#fold(token.text))
    if (path.length > 2 || first === undefined) throw new Refused(`Write ${path.map(named).join('.')} as schema.table`)
    if (second === undefined && scope.has(first)) return this.#emit(path[0] as Token)
    const known = second === undefined ? this.#rules.relation(first, undefined) : this.#rules.relation(second, first)
    if (known === undefined) throw new Refused(`There is no table or view ${path.map(named).join('.')} to read`)
    this.#write(known)
  }

  #alias(items: readonly Token[], start: number, scope: Scope): number {
    let at = start
    const explicit = isWord(items[at], 'as')
    if (explicit) this.#emit(items[at++] as Token)
    const name = items[at]
    if (isName(name) && !(name.kind === 'word' && NO_ALIAS.has(name.text))) {
      this.#emit(name)
      at += 1
    } else if (!explicit) return at
    // Column names, or with their types behind json_to_recordset.
    const columns = items[at]
    if (isGroup(columns)) {
      this.#inParentheses(columns, () => this.#expressions(columns.items, scope, false))
      at += 1
    }
    return at
  }

  #joined(items: readonly Token[], start: number, scope: Scope): number {
    let at = start
    if (isWord(items[at], 'using')) {
      this.#emit(items[at++] as Token)
      const columns = items[at++]
      if (!isGroup(columns)) throw new Refused('USING needs columns in parentheses')
      this.#names(columns)
    } else if (isWord(items[at], 'on')) {
      this.#emit(items[at++] as Token)
      while (
        at < items.length &&
        !isOperator(items[at], ',') &&
        !isOneOf(items[at], AFTER_FROM) &&
        !(isOneOf(items[at], JOINS) && !isGroup(items[at + 1]))
      )
        at = this.#expression(items, at, scope, false)
    }
    return at
  }

  /** Nothing but names and commas. */
  #names(group: Token & { kind: 'group' }): void {
    this.#inParentheses(group, () => {
      for (const token of group.items) {
        if (!isName(token) && !isOperator(token, ',')) throw new Refused(`${named(token)} is not a column name`)
        this.#emit(token)
      }
    })
  }

  #expressions(items: readonly Token[], scope: Scope, wordy: boolean): void {
    for (let at = 0; at < items.length;) at = this.#expression(items, at, scope, wordy)
  }

  /** One word of an expression, with the parentheses that belong to it; returns where it ends. */
  #expression(items: readonly Token[], at: number, scope: Scope, wordy: boolean): number {
    const token = items[at] as Token
    const next = items[at + 1]
    if (token.kind === 'group') {
      this.#group(token, scope, false)
      return at + 1
    }
    if (isOperator(token, ';')) throw new Refused('One statement at a time: there is a ; inside')
    if (isName(token) && isGroup(next) && this.#isCall(items, at)) {
      this.#call(qualified(items, at), next, scope, true)
      return at + 2
    }
    if (token.kind === 'word') this.#keyword(items, at, wordy)
    else if (token.kind !== 'operator' && token.kind !== 'quoted' && isGroup(next))
      throw new Refused(`A parenthesis behind ${named(token)} is not expected`)
    this.#emit(token, isWord(next, 'is'))
    return at + 1
  }

  #keyword(items: readonly Token[], at: number, wordy: boolean): void {
    const { text } = items[at] as Token
    if (isOperator(items[at - 1], '.')) return
    if (FORBIDDEN.has(text)) throw new Refused(`${text.toUpperCase()} is not let through; a column of that name goes in double quotes`)
    if (text === 'select' || text === 'values' || (text === 'with' && !isTypeWith(items, at)))
      throw new Refused(`${text.toUpperCase()} may begin a query or a parenthesis, and stands elsewhere`)
    if ((text === 'from' && !wordy && !isDistinctFrom(items, at)) || (text === 'for' && !wordy))
      throw new Refused(`${text.toUpperCase()} is not let through here`)
    // `x IN table` reads a table without FROM.
    if (text === 'in' && !wordy && !isGroup(items[at + 1])) throw new Refused('IN needs a list or a query in parentheses')
  }

  /** Whether a name before a parenthesis is called, and is not a keyword, a type or an alias. */
  #isCall(items: readonly Token[], at: number): boolean {
    const token = items[at] as Token
    const before = items[at - 1]
    if (isOperator(before, '.')) return true
    if (token.kind === 'word' && NO_CALL.has(token.text)) return false
    return !(isOperator(before, '::') || isWord(before, 'as'))
  }

  /** A call of a function that may be called. `path` is its name with the schema before it. */
  #call(path: readonly Token[], group: Token & { kind: 'group' }, scope: Scope, written = false): void {
    const name = this.#fold((path.at(-1) as Token).text)
    const schema = path.length > 1 ? this.#fold((path[0] as Token).text) : undefined
    const known =
      this.#rules.functions?.has(name) === true ||
      (SAFE_FUNCTIONS[this.#rules.dialect].has(name) && (schema === undefined || schema === 'pg_catalog'))
    if (!known || NEVER.has(name) || path.length > 2) throw new Refused(`The function ${path.map(named).join('.')} is not let through`)
    // Inside an expression the schema has been written already.
    if (written) this.#emit(path.at(-1) as Token)
    else this.#write(path.map(spelled).join('.'))
    this.#group(group, scope, this.#rules.dialect === 'postgres' && WORDY.has(name))
  }

  #group(group: Token & { kind: 'group' }, scope: Scope, wordy: boolean): void {
    this.#inParentheses(group, () => {
      if (isQuery(group.items)) this.query(group.items, scope)
      else this.#expressions(group.items, scope, wordy)
    })
  }

  #inParentheses(group: Token & { kind: 'group' }, write: () => void): void {
    this.#write(group.text)
    write()
    this.#write(group.text === '(' ? ')' : ']')
  }

  #emit(token: Token, tested = false): void {
    if (token.kind !== 'parameter') return this.#write(spelled(token))
    const { parameter } = this.#rules
    if (parameter === undefined) throw new Refused(`Write the value itself instead of the parameter ${token.text}`)
    this.#write(parameter(token.text, tested))
  }

  #write(sql: string): void {
    this.out.push(sql)
  }
}
