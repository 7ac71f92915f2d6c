/** Methods that answer for a client: what `@OnElicit` and its kin note, and how an object tells its handlers (`client.answerWith(object)`). */

import { lineageOf } from './lineage.ts'
import type { MemberNotes } from './notes.ts'
import { placeOf } from './place.ts'

/** What one decorator said about one method. */
export type OnNote =
  | { readonly kind: 'form' | 'url' }
  | { readonly kind: 'roots' }
  | { readonly kind: 'progress' }
  | { readonly kind: 'sample'; readonly options: { readonly tools?: boolean; readonly context?: boolean } }
  | { readonly kind: 'listChanged'; readonly list: string | undefined }
  | { readonly kind: 'resourceUpdated'; readonly uri: string | undefined }

type Method = (...args: unknown[]) => unknown

/** What all of them may stand on: a method of this type. */
export interface OnDecorator<M extends (...args: never) => unknown> {
  /** Standard decorators. */
  (method: M, context: ClassMethodDecoratorContext<never>): void
  /** Experimental decorators. */
  <T extends M>(prototype: object, key: string | symbol, descriptor: TypedPropertyDescriptor<T>): void
}

// Registered symbols: the client asks by the first, and copies of this package read each other's notes by the second.
const ANSWERS = Symbol.for('oarlock.answers')
const ON: unique symbol = Symbol.for('oarlock.on') as never

/** A member with what was said here. */
type Noted = MemberNotes & { [ON]?: OnNote[] }

/** Notes it on a method. @throws TypeError on anything but a method */
export function noteOn(word: string, note: OnNote, args: readonly unknown[]): void {
  const place = placeOf(args)
  if (place.kind !== 'method') throw new TypeError(`${place.label} is a ${place.kind}; ${word} stands on a method.`)
  place.offerUnder(ANSWERS, answersOf)
  const member = place.member() as Noted
  ;(member[ON] ??= []).push(note)
}

/** The handlers of an object, in the form in which a client takes them. The method that runs is the one the object has when it is called. */
function answersOf(this: object): object {
  const answers: Record<string, unknown> = {}
  const elicit: Record<string, Method> = {}
  const progress: Method[] = []
  const listChanged: object[] = []
  const resourceUpdated: object[] = []
  for (const [note, run] of methodsOf(this)) {
    if (note.kind === 'form' || note.kind === 'url') elicit[note.kind] = run
    else if (note.kind === 'sample') answers['sample'] = { ...note.options, handle: run }
    else if (note.kind === 'roots') answers['roots'] = run
    else if (note.kind === 'progress') progress.push(run)
    else if (note.kind === 'listChanged') listChanged.push({ kind: note.list, heard: run })
    else if (note.kind === 'resourceUpdated') resourceUpdated.push({ uri: note.uri, heard: run })
  }
  if (Object.keys(elicit).length > 0) answers['elicit'] = elicit
  return { answers, progress, listChanged, resourceUpdated }
}

/** Parents first, so that a class's own word on a question counts; an override without a decorator keeps its parent's. */
function methodsOf(owner: object): readonly (readonly [OnNote, Method])[] {
  const members = new Map<unknown, Noted>()
  for (const { members: own } of lineageOf(owner)) {
    for (const member of own)
      if ((member as Noted)[ON] !== undefined) members.set(member.access === undefined ? member.key : member, member)
  }
  return [...members.values()].flatMap(member => {
    const read = (): Method => (member.access?.(owner) ?? (owner as Record<PropertyKey, unknown>)[member.key]) as Method
    const run: Method = (...args) => read().apply(owner, args)
    return (member[ON] ?? []).map(note => [note, run] as const)
  })
}
