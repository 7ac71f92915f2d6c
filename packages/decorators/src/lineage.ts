/** The classes behind an object, parents first, with what was noted on each. */

import { notesOf, type LayerNotes, type MemberNotes } from './notes.ts'

/** One class of a lineage. */
export interface Level {
  readonly layers: LayerNotes | undefined
  readonly members: readonly MemberNotes[]
}

/** What error texts call an object: the name of its class. */
export function nameOf(owner: object): string {
  const named = typeof owner === 'function' ? owner : owner.constructor
  return named?.name || 'an anonymous class'
}

/** The classes of an instance, or for a class itself with its static members, parents first. */
export function lineageOf(owner: object): readonly Level[] {
  return typeof owner === 'function' ? classLineage(owner, true) : instanceLineage(owner)
}

/** The members noted on a class and its parents, parents first: static ones, or those of instances. */
export function classLineage(constructor: object, isStatic: boolean): readonly Level[] {
  const levels: Level[] = []
  for (
    let each: object | null = constructor;
    typeof each === 'function' && each !== Function.prototype;
    each = Object.getPrototypeOf(each) as object | null
  ) {
    levels.unshift(levelOf(each, each.prototype as object | undefined, isStatic))
  }
  return levels
}

function instanceLineage(owner: object): readonly Level[] {
  const levels: Level[] = []
  for (
    let each = Object.getPrototypeOf(owner) as object | null;
    each !== null && each !== Object.prototype;
    each = Object.getPrototypeOf(each) as object | null
  ) {
    const constructor = Object.getOwnPropertyDescriptor(each, 'constructor')?.value as unknown
    if (typeof constructor === 'function') levels.unshift(levelOf(constructor, each, false))
  }
  return levels
}

function levelOf(constructor: object, prototype: object | undefined, isStatic: boolean): Level {
  const { layers, members } = notesOf(constructor, prototype)
  return { layers, members: members.filter(member => member.isStatic === isStatic) }
}
