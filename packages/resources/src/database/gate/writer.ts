/** Writes a statement anew: keywords as they are, names in quotes, so that the engine reads no name as a keyword. */

import { foldAscii, quoteName, quoteNameSqlite, Refused, type Token } from './lexer.ts'
import type { GateRules } from './rules.ts'
import { spelled } from './tokens.ts'

/** What has been let through so far. */
export class Writer {
  readonly rules: GateRules
  readonly #out: string[] = []

  constructor(rules: GateRules) {
    this.rules = rules
  }

  /** As the engine compares names: SQLite without regard to case, quoted or not; PostgreSQL as written in quotes. */
  fold(name: string): string {
    return this.rules.dialect === 'sqlite' ? foldAscii(name) : name
  }

  sql(sql: string): void {
    this.#out.push(sql)
  }

  /** A keyword, a value or an operator. */
  token(token: Token, tested = false): void {
    if (token.kind !== 'parameter') return this.sql(spelled(token))
    const { parameter } = this.rules
    if (parameter === undefined) throw new Refused(`Write the value itself instead of the parameter ${token.text}`)
    this.sql(parameter(token.text, tested))
  }

  name(token: Token): void {
    const text = token.kind === 'word' && this.rules.dialect === 'sqlite' ? token.raw : token.text
    this.sql(this.rules.dialect === 'sqlite' ? quoteNameSqlite(text) : quoteName(text))
  }

  /** Names with dots between them. */
  path(path: readonly Token[]): void {
    for (const [index, token] of path.entries()) {
      if (index > 0) this.sql('.')
      this.name(token)
    }
  }

  inParentheses(group: Token & { kind: 'group' }, write: () => void): void {
    this.sql(group.text)
    write()
    this.sql(group.text === '(' ? ')' : ']')
  }

  toString(): string {
    return this.#out.join(' ')
  }
}
