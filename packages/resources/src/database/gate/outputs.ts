/** What the columns of a query are called, as far as that is certain: less is refused at worst, more could be wrong. */

import type { Token } from './lexer.ts'
import { columns, together, type Columns } from './names.ts'
import { betweenCommas, endsValue, isDistinctFrom, isGroup, isName, isOneOf, isOperator, isWord, pathAt } from './tokens.ts'
import { AFTER_FROM, GRAMMAR_FUNCTIONS, INTERVAL_FIELDS, KEYWORDS } from './words.ts'

/** The columns of what stands behind FROM, by its name. */
export type Sources = readonly (readonly [name: string, its: Columns])[]

/** The columns of VALUES. */
export function valuesColumns(first: Token | undefined): Columns {
  return columns(isGroup(first) ? betweenCommas(first.items).map((_, index) => `column${index + 1}`) : [])
}

/** The columns of a SELECT whose list begins at `start`. `sources` are those of its own FROM. */
export function selectColumns(items: readonly Token[], start: number, sources: Sources): Columns {
  let at = start
  if (isWord(items[at], 'all') || isWord(items[at], 'distinct')) at += 1
  if (isWord(items[at], 'on') && isGroup(items[at + 1])) at += 2
  let end = at
  while (end < items.length && !ends(items, end)) end += 1
  return together(betweenCommas(items.slice(at, end)).map(item => itemColumns(item, sources)))
}

function ends(items: readonly Token[], at: number): boolean {
  if (isWord(items[at], 'from')) return !isDistinctFrom(items, at)
  return isOneOf(items[at], AFTER_FROM) && !isWord(items[at - 1], 'within')
}

function itemColumns(item: readonly Token[], sources: Sources): Columns {
  if (item.length === 1 && isOperator(item[0], '*')) return together(sources.map(([, its]) => its))
  const { path, end } = pathAt(item, 0)
  if (path.length === 1 && isOperator(item[1], '.') && isOperator(item[2], '*') && item.length === 3)
    return together(sources.filter(([name]) => name === path[0]?.text).map(([, its]) => its))
  const name = nameOf(item, path, end)
  return columns(name === undefined ? [] : [name])
}

function nameOf(item: readonly Token[], path: readonly Token[], end: number): string | undefined {
  const last = item.at(-1)
  if (isWord(item.at(-2), 'as')) return isName(last) ? last.text : undefined
  const lastOfPath = path.at(-1)
  // A column, or the result of a function.
  if (end === item.length) return isPlain(lastOfPath) || path.length > 1 ? lastOfPath?.text : undefined
  if (end === item.length - 1 && isGroup(last))
    return isPlain(lastOfPath) && !GRAMMAR_FUNCTIONS.has(lastOfPath?.text ?? '') && !isWord(lastOfPath, 'cast')
      ? lastOfPath?.text
      : undefined
  // A name behind a value.
  if (
    !isPlain(last) ||
    !endsValue(item, item.length - 2, KEYWORDS.postgres) ||
    isOperator(item.at(-2), '.') ||
    isWord(item.at(-2), 'collate')
  )
    return undefined
  return item.at(-2)?.kind === 'string' && INTERVAL_FIELDS.has(last?.text ?? '') ? undefined : last?.text
}

function isPlain(token: Token | undefined): boolean {
  return isName(token) && !(token.kind === 'word' && KEYWORDS.postgres.has(token.text))
}
