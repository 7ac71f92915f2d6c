/** Helpers for lists. */

import { inline, type Builtin, type BuiltinCall } from '../builtin.ts'
import { TemplateFailure } from '../failure.ts'
import { get, text } from '../values.ts'
import { count } from './words.ts'

/** A value as a list: nothing is the empty one, a value that is no list the list of it. Its members count as turns of a loop. */
function listOf(value: unknown, { rendering }: BuiltinCall): readonly unknown[] {
  const list = Array.isArray(value)
    ? (value as unknown[])
    : value === undefined || value === null
      ? []
      : value instanceof Set
        ? [...value]
        : [value]
  rendering.turn(list.length)
  return list
}

const members = (value: unknown): number => count(value, 'The number of members')

/** The first or last member; with a count, a list of so many. */
function end(values: readonly unknown[], call: BuiltinCall, which: 'first' | 'last'): unknown {
  const list = listOf(values[0], call)
  if (values.length === 1) return list.at(which === 'first' ? 0 : -1)
  const many = members(values[1])
  return which === 'first' ? list.slice(0, many) : list.slice(Math.max(0, list.length - many))
}

function length(value: unknown): number {
  if (typeof value === 'string' || Array.isArray(value)) return value.length
  if (value instanceof Map || value instanceof Set) return value.size
  return typeof value === 'object' && value !== null ? Object.keys(value).length : 0
}

/** By a member of each where one is named; numbers by their value, anything else as text in the order of the locale. */
function sorted([list, key]: readonly unknown[], call: BuiltinCall): readonly unknown[] {
  const { compare } = new Intl.Collator(call.locale, { numeric: true })
  const by = (item: unknown): unknown => (key === undefined ? item : get(item, text(key)))
  const inOrder = [...listOf(list, call)].sort((a, b) => {
    const [left, right] = [by(a), by(b)]
    return typeof left === 'number' && typeof right === 'number' ? left - right : compare(text(left), text(right))
  })
  return call.named['descending'] === true ? inOrder.toReversed() : inOrder
}

function bound(value: unknown): number {
  const number = Number(value)
  if (Number.isSafeInteger(number)) return number
  throw new TemplateFailure('helper', 'A range is from one whole number to another, in steps that are not 0')
}

/** Between two numbers of a range. */
const stride = (value: unknown): number => bound(Number(value) === 0 ? Number.NaN : value)

/** Whole numbers from the first to the last, both included. */
function range([from, to, step = 1]: readonly unknown[], { rendering }: BuiltinCall): readonly number[] {
  const [first, last, by] = [bound(from), bound(to), stride(step)]
  const length = Math.max(0, Math.floor((last - first) / by) + 1)
  rendering.turn(length)
  return Array.from({ length }, (_, index) => first + index * by)
}

function listStyle(style: unknown = 'bullets'): 'bullets' | 'numbered' {
  if (style === 'bullets' || style === 'numbered') return style
  throw new TemplateFailure('helper', "The style of a list is 'bullets' or 'numbered'")
}

/** One line per member; lines within one are indented to it. */
function listed([value]: readonly unknown[], call: BuiltinCall): string {
  const style = listStyle(call.named['style'])
  const lines = listOf(value, call).map((item, index) => {
    const mark = style === 'numbered' ? `${index + 1}. ` : '- '
    return mark + text(item).replaceAll('\n', `\n${' '.repeat(mark.length)}`)
  })
  return call.rendering.measured(lines.join('\n'))
}

/** Whether a list has a member, a text a part, an object a name. */
function includes([value, member]: readonly unknown[], call: BuiltinCall): boolean {
  if (typeof value === 'string') return value.includes(text(member))
  if (Array.isArray(value) || value instanceof Set) return listOf(value, call).some(item => item === member || text(item) === text(member))
  return get(value, text(member)) !== undefined
}

export const LISTS: readonly Builtin[] = [
  inline('join', [1, 2], ([list, between = ', '], call) => call.rendering.measured(listOf(list, call).map(text).join(text(between)))),
  inline('first', [1, 2], (values, call) => end(values, call, 'first'), { looks: [undefined, members] }),
  inline('last', [1, 2], (values, call) => end(values, call, 'last'), { looks: [undefined, members] }),
  inline('length', 1, ([value]) => length(value)),
  inline('sort', [1, 2], sorted, { named: ['descending'] }),
  inline('unique', 1, ([list], call) => [...new Set(listOf(list, call))]),
  inline('range', [2, 3], range, { looks: [bound, bound, stride] }),
  inline('list', 1, listed, { named: ['style'], looksAt: { style: listStyle } }),
  inline('includes', 2, includes),
  inline('lookup', 2, ([value, name]) => get(value, typeof name === 'number' ? name : text(name))),
]
