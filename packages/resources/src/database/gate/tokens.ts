/** Questions to the words of a statement, and how they are written. */

import { quoteName, quoteString, type Token } from './lexer.ts'
import { AFTER_FROM, SET_OPERATORS } from './words.ts'

export const isOperator = (token: Token | undefined, text: string) => token?.kind === 'operator' && token.text === text
export const isWord = (token: Token | undefined, text: string) => token?.kind === 'word' && token.text === text
export const isOneOf = (token: Token | undefined, set: ReadonlySet<string>) => token?.kind === 'word' && set.has(token.text)
export const isName = (token: Token | undefined): token is Token => token?.kind === 'word' || token?.kind === 'quoted'
export const isGroup = (token: Token | undefined): token is Token & { kind: 'group' } => token?.kind === 'group' && token.text === '('
const QUERY = new Set(['select', 'values', 'with'])

/** Whether what stands in parentheses is a query, not an expression or a join. */
export function isQuery(items: readonly Token[]): boolean {
  if (isOneOf(items[0], QUERY)) return true
  return (
    isGroup(items[0]) &&
    isQuery(items[0].items) &&
    (items.length === 1 || isOneOf(items[1], SET_OPERATORS) || isOneOf(items[1], AFTER_FROM))
  )
}

/** IS DISTINCT FROM, IS NOT DISTINCT FROM. */
export function isDistinctFrom(items: readonly Token[], at: number): boolean {
  if (!isWord(items[at - 1], 'distinct')) return false
  return isWord(items[at - 2], 'is') || (isWord(items[at - 2], 'not') && isWord(items[at - 3], 'is'))
}

/** Whether a value ends at `at`, so that a name behind it is one that the statement gives, and a word an operator. */
export function endsValue(items: readonly Token[], at: number, keywords: ReadonlySet<string>): boolean {
  const token = items[at]
  if (token === undefined || token.kind === 'operator') return false
  if (token.kind === 'group') return !isWord(items[at - 1], 'on')
  return token.kind !== 'word' || !keywords.has(token.text) || VALUES.has(token.text)
}
const VALUES = new Set([
  'end',
  'null',
  'true',
  'false',
  'unknown',
  'current_date',
  'current_time',
  'current_timestamp',
  'localtime',
  'localtimestamp',
])

/** The names at `at`, joined by dots, and where they end. */
export function pathAt(items: readonly Token[], at: number): { readonly path: readonly Token[]; readonly end: number } {
  const path: Token[] = []
  let end = at
  while (isName(items[end])) {
    path.push(items[end] as Token)
    end += 1
    if (!isOperator(items[end], '.') || !isName(items[end + 1])) break
    end += 1
  }
  return { path, end }
}

/** What stands between commas. */
export function betweenCommas(items: readonly Token[]): readonly (readonly Token[])[] {
  const parts: Token[][] = [[]]
  for (const token of items) {
    if (isOperator(token, ',')) parts.push([])
    else parts.at(-1)?.push(token)
  }
  return parts
}

/** A token as SQL. */
export function spelled(token: Token): string {
  switch (token.kind) {
    case 'quoted':
      return quoteName(token.text)
    case 'string':
      return quoteString(token.text)
    case 'blob':
      return `x'${token.text}'`
    case 'word':
      return token.raw
    default:
      return token.text
  }
}

/** A token for an error text. */
export function named(token: Token): string {
  const text = token.kind === 'word' ? token.text : token.kind === 'group' ? '(…)' : spelled(token)
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
