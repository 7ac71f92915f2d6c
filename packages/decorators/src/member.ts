/** What all decorators of methods have in common: they stand on methods, and a class that has one offers its members. */

import type { ComponentNote, MemberNotes, ParameterNote } from './notes.ts'
import { isContext, placeOf, type Place } from './place.ts'
import { membersOf } from './reflect.ts'

/** The method by which a server finds the components of an object. One for all classes: it goes by what is noted about `this`. */
function offered(this: object): ReturnType<typeof membersOf> {
  return membersOf(this)
}

/** The notes of the method that a decorator stands on. @throws TypeError on anything but a method */
export function methodNotes(word: string, place: Place): MemberNotes {
  if (place.kind !== 'method') throw new TypeError(misplaced(word, place))
  place.offerMembers(offered)
  return place.member()
}

/** Notes a component on a method. */
export function describe(word: string, note: ComponentNote, args: readonly unknown[]): void {
  const place = placeOf(args)
  const { components } = methodNotes(word, place)
  if (components.some(each => each.kind === note.kind)) {
    throw new TypeError(`${place.label} has ${word} twice. Versions of one component are methods of their own, with the same name option.`)
  }
  components.push(note)
}

/** Notes what `@Arg` says about a parameter. */
export function noteParameter(word: string, args: readonly unknown[], note: Omit<ParameterNote, 'reflected'>): void {
  const place = placeOf(args)
  if (place.index === undefined || args[1] === undefined) throw new TypeError(`${place.label}: ${word} describes a parameter of a method.`)
  const types = place.reflected('design:paramtypes') as readonly unknown[] | undefined
  const member = place.member()
  member.parameterTypes = types
  member.parameters.set(place.index, { ...note, reflected: types?.[place.index] })
}

/** Refuses `@Tool` without parentheses: compilers then call it with the method and its place, where the options should be. */
export function refuseBare(word: string, [first, second]: readonly unknown[]): void {
  const isKey = typeof second === 'string' || typeof second === 'symbol'
  if (isContext(second) || (isKey && first !== null && (typeof first === 'object' || typeof first === 'function'))) {
    throw new TypeError(`Write ${word}(…) with parentheses: ${word} makes the decorator.`)
  }
}

const AS_FIELD: ReadonlyMap<string, string> = new Map([
  ['@Tool', 'tool({ … }, (args, ctx) => …)'],
  ['@Resource', 'resource({ … }, () => …)'],
  ['@ResourceTemplate', 'template({ … }, (args, ctx) => …)'],
  ['@Prompt', 'prompt({ … }, (args, ctx) => …)'],
])

function misplaced(word: string, { kind, label }: Place): string {
  const spelling = AS_FIELD.get(word)
  const isAccessor = kind === 'getter' || kind === 'setter' || kind === 'accessor'
  const cure = isAccessor
    ? 'Make the accessor a method: it is called, not read.'
    : kind === 'field' && spelling !== undefined
      ? `For a field write \`${label.split('.').at(-1)} = ${spelling}\`, without a decorator.`
      : kind === 'field' && spelling === undefined
        ? 'A field takes it as an option: tool({ guard, use, tags }, …).'
        : 'Put it on a method.'
  return `${label} is ${kind === 'accessor' ? 'an' : 'a'} ${kind}; ${word} describes a method. ${cure}`
}
