/** The part of a template from its first `?` on: parameters by name, whatever their order, instead of text by position. */

import type { Expression, Part } from './syntax.ts'

/** What a query parameter of this name must be. */
export type QueryRule =
  | { readonly kind: 'fixed'; readonly value: string }
  | { readonly kind: 'one'; readonly name: string; readonly required: boolean }
  | { readonly kind: 'list'; readonly name: string }

/** Parameters by their name in the URI. */
export interface QueryPlan {
  readonly rules: ReadonlyMap<string, QueryRule>
  /** How many of them must be there. */
  readonly required: number
}

/** A template cut where its query and its fragment begin. */
export interface SplitTemplate {
  readonly path: readonly Part[]
  /** From the `?` on, without it where it is literal. */
  readonly query: readonly Part[] | undefined
  readonly fragment: string | undefined
}

/** Cuts a template at its first `?`, literal or `{?…}`, and at `{#name}`. */
export function splitTemplate(parts: readonly Part[], problems: Set<string>): SplitTemplate {
  const fragment = parts.find(part => part.kind === 'expression' && part.operator === '#') as Expression | undefined
  if (fragment !== undefined) checkFragment(parts, fragment, problems)
  const rest = parts.filter(part => part !== fragment)
  const at = rest.findIndex(startsQuery)
  if (at === -1) return { path: rest, query: undefined, fragment: fragment?.variables[0]?.name }
  const path = rest.slice(0, at)
  const query = rest.slice(at)
  const first = query[0] as Part
  if (first.kind === 'literal') {
    const mark = first.text.indexOf('?')
    if (mark > 0) path.push({ kind: 'literal', text: first.text.slice(0, mark) })
    query[0] = { kind: 'literal', text: first.text.slice(mark + 1) }
  } else if (first.operator === '&') problems.add(`${first.text} has no query to continue; write {?${first.text.slice(2)}`)
  if (path.some(part => part.kind === 'literal' && part.text.includes('#'))) problems.add('its query stands after a "#"; put it before')
  return { path, query, fragment: fragment?.variables[0]?.name }
}

// A "?" after a "#" is part of the fragment and starts nothing.
function startsQuery(part: Part): boolean {
  if (part.kind === 'expression') return part.operator === '?' || part.operator === '&'
  const mark = part.text.indexOf('?')
  return mark !== -1 && !part.text.slice(0, mark).includes('#')
}

function checkFragment(parts: readonly Part[], fragment: Expression, problems: Set<string>): void {
  if (parts.at(-1) !== fragment) problems.add(`${fragment.text} is a fragment; nothing can follow it`)
  if (fragment.variables.length > 1) problems.add(`${fragment.text} has values that may contain the "," between them; write one {#name}`)
  if (parts.some(part => part.kind === 'literal' && part.text.includes('#')))
    problems.add(`${fragment.text} is a second fragment; keep one "#"`)
}

interface Pair {
  text: string
  value?: Expression
}

/** Plans the parameters of a query: `name=text`, `name={value}`, `{?a,b}` and `{&a,b}`. */
export function planQuery(parts: readonly Part[], problems: Set<string>): QueryPlan {
  const rules = new Map<string, QueryRule>()
  const add = (name: string, rule: QueryRule): void => {
    if (rules.has(name)) problems.add(`the query parameter ${name} occurs twice`)
    rules.set(name, rule)
  }
  let pair: Pair = { text: '' }
  const close = (): void => {
    addPair(pair, add, problems)
    pair = { text: '' }
  }
  for (const [index, part] of parts.entries()) {
    if (part.kind === 'literal') {
      const [joined = '', ...further] = part.text.split('&')
      if (joined !== '' && (pair.value !== undefined || follows(parts, index)))
        problems.add(`"${joined}" in the query has no "&" before it`)
      pair.text += joined
      for (const text of further) {
        close()
        pair.text = text
      }
    } else if (part.operator === '?' || part.operator === '&') {
      close()
      if (part.operator === '?' && index > 0) problems.add(`${part.text} begins a second query; write {&${part.text.slice(2)}`)
      for (const { name, explode } of part.variables) add(name, explode ? { kind: 'list', name } : { kind: 'one', name, required: false })
    } else if (part.operator === '' && part.variables.length === 1 && pair.value === undefined) pair.value = part
    else problems.add(`${part.text} cannot stand in a query; write name={value}, {?name} or {&name}`)
  }
  close()
  let required = 0
  for (const rule of rules.values()) if (rule.kind === 'fixed' || (rule.kind === 'one' && rule.required)) required++
  return { rules, required }
}

/** Whether the part before is an expression that ends its parameter by itself. */
function follows(parts: readonly Part[], index: number): boolean {
  const before = parts[index - 1]
  return before?.kind === 'expression' && before.operator !== ''
}

function addPair({ text, value }: Pair, add: (name: string, rule: QueryRule) => void, problems: Set<string>): void {
  const equals = text.indexOf('=')
  if (value === undefined) {
    if (text === '') return
    if (text.includes('#')) problems.add(`"${text}" ends the query with a "#"; a fragment behind a query is {#name}`)
    add(equals === -1 ? text : text.slice(0, equals), { kind: 'fixed', value: equals === -1 ? '' : text.slice(equals + 1) })
    return
  }
  const { text: expression, variables } = value
  const name = variables[0]?.name as string
  if (equals < 1 || equals !== text.length - 1)
    problems.add(`${expression} in the query is not the whole value of a parameter; write {?${name}} or ?${name}=${expression}`)
  add(text.slice(0, -1), { kind: 'one', name, required: true })
}
