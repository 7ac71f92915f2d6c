/** Reads SQL into words, names, strings, numbers and operators, and refuses whatever the two engines could read differently. */

/** Which engine's spelling. */
export type Dialect = 'sqlite' | 'postgres'

/** One word of a statement. */
export type Token =
  /** A bare word: a keyword or a name. `text` as an engine folds it: lower case, ASCII only; `raw` as it was written. */
  | { readonly kind: 'word'; readonly text: string; readonly raw: string }
  /** A quoted name, without its quotes. */
  | { readonly kind: 'quoted'; readonly text: string }
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'blob'; readonly text: string }
  /** A bound value: `:name`, or the number of `$1`. */
  | { readonly kind: 'parameter'; readonly text: string }
  | { readonly kind: 'operator'; readonly text: string }
  /** What stands between parentheses or brackets. */
  | { readonly kind: 'group'; readonly text: '(' | '['; readonly items: readonly Token[] }

/** Thrown for a statement that is not let through; the text says what, and what to write instead. */
export class Refused extends Error {
  override readonly name = 'Refused'
}

/** The longest statement that is read. */
export const MAX_SQL = 100_000
const MAX_DEPTH = 64

const SPACE = /[ \t\r\n\f]+/y
const LINE_COMMENT = /--[^\r\n]*/y
const BLOCK_COMMENT = /\/\*(?:(?!\/\*|\*\/)[^])*\*\//y
const WORD = /[\p{L}_][\p{L}\p{M}\p{N}_$]*/uy
const NUMBER = /(?:0[xX][0-9a-fA-F]+|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)(?![\p{L}_$])/uy
const STRING = /'((?:[^']|'')*)'/y
const QUOTED = /"((?:[^"]|"")+)"/y
const BRACKETED = /\[([^\]]+)\]/y
const BACKTICKED = /`((?:[^`]|``)+)`/y
const BLOB = /[xX]'((?:[0-9a-fA-F]{2})*)'/y
const NAMED = /:([A-Za-z_][A-Za-z0-9_]*)/y
const NUMBERED = /\$([1-9]\d{0,3})(?![\p{L}\p{N}_$])/uy
const OPERATOR: Readonly<Record<Dialect, RegExp>> = {
  // `::` before `:`, comments before operators; a run of operator characters never holds the beginning of a comment.
  postgres: /::|:=|[.,;:]|(?:(?!--|\/\*)[-+*/<>=~!@#%^&|?])+/y,
  sqlite: /->>|->|\|\||<<|>>|<=|>=|==|!=|<>|[-.,;+*/%&|<>=~]/y,
}
/** Words that change how the string behind them is read; others may stand before a string. */
const STRING_PREFIX = new Set(['e', 'b', 'x', 'n'])

/** Lower case as engines see it: ASCII letters only. */
export const foldAscii = (text: string): string => text.replace(/[A-Z]/g, letter => letter.toLowerCase())

/** One reader for one statement. */
class Lexer {
  readonly #sql: string
  readonly #dialect: Dialect
  #at = 0

  constructor(sql: string, dialect: Dialect) {
    this.#sql = sql
    this.#dialect = dialect
  }

  /** Reads up to the closing sign, or to the end. */
  group(close: ')' | ']' | undefined, depth: number): readonly Token[] {
    if (depth > MAX_DEPTH) throw new Refused(`Parentheses may be nested ${MAX_DEPTH} deep`)
    const items: Token[] = []
    for (;;) {
      this.#skip()
      const char = this.#sql[this.#at]
      if (char === close) {
        this.#at += 1
        return items
      }
      if (char === undefined) throw new Refused(`A '${close ?? ''}' is missing`)
      if (char === ')' || char === ']') throw new Refused(`There is a '${char}' too many`)
      items.push(this.#token(char, depth))
    }
  }

  #skip(): void {
    while (this.#take(SPACE) !== undefined || this.#take(LINE_COMMENT) !== undefined || this.#take(BLOCK_COMMENT) !== undefined);
    if (this.#sql.startsWith('/*', this.#at)) throw new Refused('A comment does not end, or holds the beginning of another')
  }

  #token(char: string, depth: number): Token {
    if (char === '(' || (char === '[' && this.#dialect === 'postgres')) {
      this.#at += 1
      return { kind: 'group', text: char, items: this.group(char === '(' ? ')' : ']', depth + 1) }
    }
    const name = this.#name()
    if (name !== undefined) return name
    const literal = this.#literal()
    if (literal !== undefined) return literal
    const parameter = this.#take(NAMED) ?? this.#take(NUMBERED)
    if (parameter !== undefined) return { kind: 'parameter', text: parameter[1] as string }
    const operator = this.#take(OPERATOR[this.#dialect])
    if (operator !== undefined) return { kind: 'operator', text: operator[0] }
    throw new Refused(`Cannot read '${this.#sql.slice(this.#at, this.#at + 12)}'${char === '$' ? ": write strings as '…'" : ''}`)
  }

  #name(): Token | undefined {
    if (this.#dialect === 'sqlite') {
      const blob = this.#take(BLOB)
      if (blob !== undefined) return { kind: 'blob', text: blob[1] as string }
      const bracketed = this.#take(BRACKETED)
      if (bracketed !== undefined) return { kind: 'quoted', text: bracketed[1] as string }
      const backticked = this.#take(BACKTICKED)
      if (backticked !== undefined) return { kind: 'quoted', text: (backticked[1] as string).replaceAll('``', '`') }
    }
    const quoted = this.#take(QUOTED)
    if (quoted !== undefined) return { kind: 'quoted', text: (quoted[1] as string).replaceAll('""', '"') }
    const word = this.#take(WORD)
    if (word === undefined) return undefined
    const text = foldAscii(word[0])
    if (
      (this.#sql[this.#at] === "'" && STRING_PREFIX.has(text)) ||
      (text === 'u' && /&['"]/y.test(this.#sql.slice(this.#at, this.#at + 2)))
    )
      throw new Refused(`Write the string as '…', without ${word[0]} before it`)
    return { kind: 'word', text, raw: word[0] }
  }

  #literal(): Token | undefined {
    const string = this.#take(STRING)
    if (string !== undefined) return { kind: 'string', text: (string[1] as string).replaceAll("''", "'") }
    const number = this.#take(NUMBER)
    return number === undefined ? undefined : { kind: 'number', text: number[0] }
  }

  #take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#sql)
    if (found !== null) this.#at = pattern.lastIndex
    return found ?? undefined
  }
}

/**
 * The words of a statement, parentheses as trees.
 * @throws Refused
 */
export function lex(sql: string, dialect: Dialect): readonly Token[] {
  if (sql.length > MAX_SQL) throw new Refused(`A statement may have ${MAX_SQL} characters`)
  if (/[\0\p{Surrogate}]/u.test(sql)) throw new Refused('A statement may hold no NUL and no half of a character')
  return new Lexer(sql, dialect).group(undefined, 0)
}

/** A name as both engines quote it. */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`
/** A name as SQLite takes for nothing else: what stands in double quotes there becomes a string when no column is called so. */
export const quoteNameSqlite = (name: string): string => `\`${name.replaceAll('`', '``')}\``
/** A string as both engines write it, with PostgreSQL's `standard_conforming_strings`. */
export const quoteString = (text: string): string => `'${text.replaceAll("'", "''")}'`
