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

/** TIMESTAMP WITH TIME ZONE. */
export function isTypeWith(items: readonly Token[], at: number): boolean {
  return isWord(items[at + 1], 'time') && isWord(items[at + 2], 'zone')
}

/** The name at `at` with the schema that stands before it. */
export function qualified(items: readonly Token[], at: number): readonly Token[] {
  let start = at
  while (isOperator(items[start - 1], '.') && start >= 2) start -= 2
  const path: Token[] = []
  for (let index = start; index <= at; index += 2) path.push(items[index] as Token)
  return path
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
