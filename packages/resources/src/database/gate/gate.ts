/**
 * Lets one reading statement through and nothing else: SELECT, VALUES and WITH over known relations, calling known functions. What is let through is
 * written anew from what was read, so that the engine runs what was judged.
 */

import { Expressions } from './expression.ts'
import { FromClauses, names, type Scope } from './from.ts'
import { lex, Refused, type Token } from './lexer.ts'
import { columns, Names, type Columns } from './names.ts'
import { selectColumns, valuesColumns } from './outputs.ts'
import type { GateRules } from './rules.ts'
import { isDistinctFrom, isGroup, isName, isOneOf, isOperator, isQuery, isWord, named } from './tokens.ts'
import { SET_OPERATORS } from './words.ts'
import { Writer } from './writer.ts'

/**
 * The statement as the engine is to run it.
 * @throws Refused with a text for whoever wrote the statement
 */
export function admit(sql: string, rules: GateRules): string {
  const tokens = lex(sql, rules.dialect)
  let end = tokens.length
  while (end > 0 && isOperator(tokens[end - 1], ';')) end -= 1
  if (end === 0) throw new Refused('There is no statement')
  // In SQLite nothing but a column stands behind a dot.
  const asked = rules.dialect === 'postgres' && rules.trusted !== true ? new Names() : undefined
  const writer = new Writer(rules)
  new Gate(writer, asked).query(tokens.slice(0, end), new Set())
  asked?.check()
  return writer.toString()
}

class Gate {
  readonly #writer: Writer
  readonly #names: Names | undefined
  readonly #expressions: Expressions<Scope>
  readonly #from: FromClauses

  constructor(writer: Writer, asked: Names | undefined) {
    this.#writer = writer
    this.#names = asked
    const query = (items: readonly Token[], scope: Scope): Columns => this.query(items, scope)
    this.#expressions = new Expressions(writer, asked, query)
    this.#from = new FromClauses(writer, asked, this.#expressions, query)
  }

  /** A whole query: WITH …, then SELECTs, VALUES or parentheses, joined by set operators. Its columns are those of the first. */
  query(items: readonly Token[], outer: Scope): Columns {
    let at = 0
    let scope = outer
    let first: Columns | undefined
    if (isWord(items[0], 'with')) [at, scope] = this.#with(items, outer)
    for (;;) {
      const [end, its] = this.#part(items, at, scope)
      first ??= its
      at = end
      if (at >= items.length) return first
      this.#writer.token(items[at++] as Token)
      if (isWord(items[at], 'all') || isWord(items[at], 'distinct')) this.#writer.token(items[at++] as Token)
    }
  }

  #part(items: readonly Token[], at: number, scope: Scope): [end: number, its: Columns] {
    const token = items[at]
    if (isGroup(token)) {
      let its = columns([])
      this.#writer.inParentheses(token, () => {
        if (!isQuery(token.items)) throw new Refused('A parenthesis at the beginning of a query must hold a query')
        its = this.query(token.items, scope)
      })
      return [this.#tail(items, at + 1, scope, []), its]
    }
    if (!isWord(token, 'select') && !isWord(token, 'values'))
      throw new Refused(`Only SELECT, VALUES and WITH … SELECT are let through${token === undefined ? '' : `, not ${named(token)}`}`)
    this.#writer.token(token as Token)
    const sources: [string, Columns][] = []
    const end = this.#tail(items, at + 1, scope, sources)
    return [end, isWord(token, 'values') ? valuesColumns(items[at + 1]) : selectColumns(items, at + 1, sources)]
  }

  /** What follows SELECT, up to a set operator or the end: expressions and one FROM clause. */
  #tail(items: readonly Token[], start: number, scope: Scope, sources: [string, Columns][]): number {
    let at = start
    let from = false
    // VALUES and a parenthesis hold no list of what is selected.
    const selecting = isWord(items[start - 1], 'select')
    while (at < items.length && !isOneOf(items[at], SET_OPERATORS)) {
      if (isWord(items[at], 'from') && !isDistinctFrom(items, at)) {
        if (from) throw new Refused('A SELECT has one FROM')
        from = true
        this.#writer.token(items[at] as Token)
        at = this.#from.read(items, at + 1, scope, sources)
      } else at = this.#expressions.one(items, at, scope, selecting && !from ? 'selected' : undefined)
    }
    return at
  }

  #with(items: readonly Token[], outer: Scope): [number, Scope] {
    let at = 1
    this.#writer.token(items[0] as Token)
    const recursive = isWord(items[at], 'recursive')
    if (recursive) this.#writer.token(items[at++] as Token)
    const scope = new Set(outer)
    // SQLite lets every table of a WITH see all others, itself included; PostgreSQL only with RECURSIVE.
    if (recursive || this.#writer.rules.dialect === 'sqlite') for (const name of this.#heads(items, at)) scope.add(name)
    for (;;) {
      const name = items[at++]
      if (!isName(name)) throw new Refused('WITH needs a name')
      const folded = this.#writer.fold(name.text)
      // Where the name is not seen, PostgreSQL would find its own tables, and nothing else.
      if (/^(?:pg|sqlite)_/.test(folded)) throw new Refused(`WITH cannot define ${named(name)}: the engine has such names`)
      this.#writer.name(name)
      const listed = isGroup(items[at]) ? names(this.#writer, items[at++] as Token & { kind: 'group' }) : undefined
      if (!isWord(items[at], 'as')) throw new Refused('WITH needs: name AS (SELECT …)')
      this.#writer.token(items[at++] as Token)
      if (isWord(items[at], 'not')) this.#writer.token(items[at++] as Token)
      if (isWord(items[at], 'materialized')) this.#writer.token(items[at++] as Token)
      const body = items[at++]
      if (!isGroup(body)) throw new Refused('WITH needs: name AS (SELECT …)')
      this.#writer.inParentheses(body, () => {
        const its = this.query(body.items, new Set(scope))
        this.#names?.with(folded, listed ?? its)
      })
      scope.add(folded)
      if (!isOperator(items[at], ',')) return [at, scope]
      this.#writer.token(items[at++] as Token)
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
      heads.push(this.#writer.fold(name.text))
      if (!isOperator(items[at], ',')) return heads
    }
  }
}
