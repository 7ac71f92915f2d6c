/** Runs a template's plan over a URI: once forwards, once backwards, never again over the same characters. */

import type { LiteralStep, MatrixStep, Plan, SlotStep, Step } from './plan.ts'
import type { QueryPlan, QueryRule } from './query.ts'
import { isWellFormed } from './syntax.ts'

/** The longest URI that is matched, in characters (THREATS 3, T22). */
export const MAX_URI_LENGTH = 8192

/** The variables of a URI, decoded once: text, or a list for `{/name*}`, `{?name*}` and `{&name*}`. They know nothing by themselves, as objects without a prototype. */
export type UriVariables = Record<string, string | string[]>

/** Knows nothing by itself, as `Object.create(null)`, but has a shape: the other is a table, which takes several times as long to fill and to copy. */
const Variables = function () {} as unknown as new () => UriVariables
Variables.prototype = Object.freeze(Object.create(null)) as object

/** The variables that make `uri` of the plan's template, or undefined when it is none of its URIs. */
export function matchPlan(plan: Plan, uri: string): UriVariables | undefined {
  if (uri.length > MAX_URI_LENGTH) return undefined
  const out = new Variables()
  let end = uri.length
  if (plan.fragment !== undefined) {
    const hash = uri.indexOf('#')
    if (hash !== -1) {
      if (!put(out, plan.fragment, uri.slice(hash + 1))) return undefined
      end = hash
    }
  }
  if (plan.query !== undefined) {
    const mark = uri.indexOf('?')
    if (mark !== -1 && mark < end) {
      if (!readQuery(plan.query, uri.slice(mark + 1, end), out)) return undefined
      end = mark
    } else if (plan.query.required > 0) return undefined
  }
  return matchPath(plan, uri, end, out) ? out : undefined
}

function matchPath({ head, greedy, tail }: Plan, uri: string, length: number, out: UriVariables): boolean {
  let start = 0
  for (const step of head) {
    start = forward(step, uri, start, length, out)
    if (start === -1) return false
  }
  if (greedy === undefined) return start === length
  let end = length
  for (let i = tail.length - 1; i >= 0; i--) {
    end = backward(tail[i] as LiteralStep | SlotStep, uri, start, end, out)
    if (end === -1) return false
  }
  if (!greedy.list) return end > start && put(out, greedy.name, uri.slice(start, end))
  return end === start || (uri.startsWith('/', start) && putList(out, greedy.name, uri.slice(start + 1, end)))
}

/** Where the step ends that begins at `at`; -1 when it does not match. */
function forward(step: Step, uri: string, at: number, length: number, out: UriVariables): number {
  if (step.kind === 'literal') return at + step.text.length <= length && uri.startsWith(step.text, at) ? at + step.text.length : -1
  if (step.kind === 'matrix') return readMatrix(step, uri, at, length, out)
  const slot = step as SlotStep
  if (slot.lead !== '' && (at === length || !uri.startsWith(slot.lead, at))) return at
  const start = at + slot.lead.length
  const end = slotEnd(slot, uri, start, length)
  if (end === -1 || (end === start && slot.lead === '')) return -1
  return put(out, slot.name, uri.slice(start, end)) ? end : -1
}

function slotEnd({ ends, until, excludes }: SlotStep, uri: string, start: number, length: number): number {
  for (let i = start; i < length; i++) {
    const char = uri.charAt(i)
    if (ends.includes(char)) return i
    if (until !== '' && char === until.charAt(0) && uri.startsWith(until, i)) return i
    if (excludes.includes(char)) return -1
  }
  return length
}

/** Where the step begins that ends at `end`; -1 when it does not match. Never looks before `from`. */
function backward(step: LiteralStep | SlotStep, uri: string, from: number, end: number, out: UriVariables): number {
  if (step.kind === 'literal') {
    const start = end - step.text.length
    return start >= from && uri.startsWith(step.text, start) ? start : -1
  }
  const start = slotStart(step, uri, from, end)
  return start < end && start !== -1 && put(out, step.name, uri.slice(start, end)) ? start : -1
}

function slotStart({ until, excludes }: SlotStep, uri: string, from: number, end: number): number {
  const last = until.charAt(until.length - 1)
  for (let i = end; i > from; i--) {
    const char = uri.charAt(i - 1)
    if (char === last && uri.startsWith(until, i - until.length)) return i
    if (excludes.includes(char)) return -1
  }
  return -1
}

function readMatrix({ names }: MatrixStep, uri: string, at: number, length: number, out: UriVariables): number {
  const slash = uri.indexOf('/', at)
  const end = slash === -1 || slash > length ? length : slash
  if (at === end) return at
  if (!uri.startsWith(';', at)) return -1
  for (const pair of uri.slice(at + 1, end).split(';')) {
    const equals = pair.indexOf('=')
    const name = equals === -1 ? pair : pair.slice(0, equals)
    if (!names.includes(name)) continue
    if (name in out || !put(out, name, equals === -1 ? '' : pair.slice(equals + 1))) return -1
  }
  return end
}

function readQuery({ rules, required }: QueryPlan, query: string, out: UriVariables): boolean {
  if (query.includes('#')) return false
  const seen = new Set<string>()
  let missing = required
  for (const pair of query.split('&')) {
    const equals = pair.indexOf('=')
    const name = equals === -1 ? pair : pair.slice(0, equals)
    const rule = rules.get(name)
    if (rule === undefined) continue
    // Two values for one name: whoever looks at the first and whoever looks at the last would disagree.
    if (rule.kind !== 'list' && seen.has(name)) return false
    seen.add(name)
    if (!readParameter(rule, equals === -1 ? '' : pair.slice(equals + 1), out)) return false
    if (rule.kind === 'fixed' || (rule.kind === 'one' && rule.required)) missing--
  }
  return missing === 0
}

function readParameter(rule: QueryRule, raw: string, out: UriVariables): boolean {
  if (rule.kind === 'fixed') return raw === rule.value
  if (rule.kind === 'one') return put(out, rule.name, raw)
  const value = decodeOnce(raw)
  if (value === undefined) return false
  const list = out[rule.name]
  if (list === undefined) out[rule.name] = [value]
  else (list as string[]).push(value)
  return true
}

function put(out: UriVariables, name: string, raw: string): boolean {
  const value = decodeOnce(raw)
  if (value === undefined) return false
  out[name] = value
  return true
}

function putList(out: UriVariables, name: string, raw: string): boolean {
  const list: string[] = []
  for (const segment of raw.split('/')) {
    const value = decodeOnce(segment)
    if (value === undefined) return false
    list.push(value)
  }
  out[name] = list
  return true
}

/** Decodes percent-encoding, once; undefined when it is malformed or not UTF-8, and for half a surrogate pair, which could not be written again. */
function decodeOnce(raw: string): string | undefined {
  if (!isWellFormed(raw)) return undefined
  if (!raw.includes('%')) return raw
  try {
    return decodeURIComponent(raw)
  } catch {
    return undefined
  }
}
