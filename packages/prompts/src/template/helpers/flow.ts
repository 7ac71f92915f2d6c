/** if, unless, each and with: Handlebars' own words, with loops that are counted and members that are the value's own. */

import { block, type Builtin, type BuiltinCall } from '../builtin.ts'
import { FORBIDDEN, get } from '../values.ts'
import { isEmpty } from './truth.ts'

/** Runs a block once per member. `@index`, `@key`, `@first` and `@last` are of this loop, `@../index` of the one around it. */
function each([subject]: readonly unknown[], call: BuiltinCall): string {
  const members = membersOf(subject, call)
  if (members.length === 0) return call.otherwise()
  const data: Record<string, unknown> = { ...call.data, _parent: call.data }
  let out = ''
  for (const [index, [key, value]] of members.entries()) {
    data['index'] = index
    data['key'] = key
    data['first'] = index === 0
    data['last'] = index === members.length - 1
    out = call.rendering.measured(out + call.body({ value, data, names: [value, key] }))
  }
  return out
}

function membersOf(subject: unknown, { rendering }: BuiltinCall): readonly (readonly [key: unknown, value: unknown])[] {
  if (typeof subject !== 'object' || subject === null) return []
  if (Array.isArray(subject)) {
    rendering.turn(subject.length)
    return subject.map((value, index) => [index, value])
  }
  const iterable = subject as { [Symbol.iterator]?: () => Iterator<unknown> }
  const members: [unknown, unknown][] = []
  if (typeof iterable[Symbol.iterator] === 'function') {
    for (const value of subject as Iterable<unknown>) {
      rendering.turn(1)
      members.push([members.length, value])
    }
    return members
  }
  for (const key of Object.keys(subject)) {
    if (FORBIDDEN.has(key)) continue
    rendering.turn(1)
    members.push([key, get(subject, key)])
  }
  return members
}

function branch(call: BuiltinCall, holds: boolean): string {
  return holds ? call.body() : call.otherwise()
}

const truth = (value: unknown, { named }: BuiltinCall): boolean => (named['includeZero'] === true && value === 0) || !isEmpty(value)

export const FLOW: readonly Builtin[] = [
  block('if', 1, ([value], call) => branch(call, truth(value, call)), { named: ['includeZero'] }),
  block('unless', 1, ([value], call) => branch(call, !truth(value, call)), { named: ['includeZero'] }),
  block('each', 1, each, { enters: 'members' }),
  block('with', 1, ([value], call) => (isEmpty(value) ? call.otherwise() : call.body({ value, data: call.data, names: [value] })), {
    enters: 'value',
  }),
  // Inheritance is resolved before a template is compiled; what is left is a block in its place.
  block('block', 1, (_values, call) => call.body()),
]
