/**
 * Inheritance: a method overridden without a decorator keeps what its parent's said. A decorated override replaces the description of the same
 * kind whole (name, schemas, annotations: what stands there is what is offered), while guards, middleware and tags add up, the parent's first:
 * an override cannot lose a guard.
 */

import type { CommonOptions, Owner } from '@oarlock/kernel'
import type { Level } from './lineage.ts'
import { noLayers, type CompleteNote, type ComponentNote, type LayerNotes, type MemberNotes, type ParameterNote } from './notes.ts'

/** A member as the last class of a lineage has it. */
export interface Member {
  readonly key: string | symbol
  readonly access: MemberNotes['access']
  readonly components: readonly ComponentNote[]
  readonly completes: readonly CompleteNote[]
  readonly layers: LayerNotes
  readonly parameters: ReadonlyMap<number, ParameterNote>
  readonly parameterTypes: readonly unknown[] | undefined
}

/** The members of a lineage, each once, in the order in which they were first declared. */
export function membersIn(levels: readonly Level[]): readonly Member[] {
  const members = new Map<unknown, Member>()
  // A set, because a class decorator may have put the notes of one class on two.
  for (const notes of new Set(levels.flatMap(level => level.members))) {
    // `#name` of a parent and `#name` of a child are two members.
    const identity = notes.access === undefined ? notes.key : notes
    const parent = members.get(identity)
    members.set(identity, parent === undefined ? notes : override(parent, notes))
  }
  return [...members.values()]
}

function override(parent: Member, own: MemberNotes): Member {
  const replaced = parent.components.filter(each => own.components.some(({ kind }) => kind === each.kind))
  const described = own.components.length > 0
  const parameters = described || own.parameters.size > 0 ? own : parent
  return {
    key: own.key,
    access: own.access,
    components: [...parent.components.filter(each => !replaced.includes(each)), ...own.components],
    completes: [...parent.completes.filter(each => !own.completes.some(other => sameTarget(each, other))), ...own.completes],
    layers: {
      ...joinLayers([layersOf({ layers: parent.layers, components: replaced }), own.layers]),
      deprecated: own.layers.deprecated ?? (described ? undefined : parent.layers.deprecated),
    },
    parameters: parameters.parameters,
    parameterTypes: parameters.parameterTypes,
  }
}

function sameTarget(a: CompleteNote, b: CompleteNote): boolean {
  return a.kind === b.kind && a.name === b.name && a.arg === b.arg
}

const listOf = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T]

function layersIn({ guard, use, tags = [] }: CommonOptions): LayerNotes {
  return { guards: [...listOf(guard)], use: [...listOf(use)], tags: [...tags], deprecated: undefined }
}

/** The layers of a member that is overridden: those of its decorators, and those of its options. */
export function layersOf({ layers, components }: Pick<Member, 'layers' | 'components'>): LayerNotes {
  return { ...joinLayers([layers, ...components.map(({ options }) => layersIn(options))]), deprecated: undefined }
}

/** Layers within layers, outermost first. The innermost word on deprecation counts. */
export function joinLayers(layers: readonly LayerNotes[]): LayerNotes {
  const joined = noLayers()
  for (const { guards, use, tags, deprecated } of layers) {
    joined.guards.push(...guards)
    joined.use.push(...use)
    joined.tags.push(...tags.filter(tag => !joined.tags.includes(tag)))
    joined.deprecated = deprecated ?? joined.deprecated
  }
  return joined
}

/** What the classes of a lineage put around each of their members. */
export function classLayers(levels: readonly Level[]): LayerNotes {
  return joinLayers([...new Set(levels.flatMap(({ layers }) => layers ?? []))])
}

/** Layers in the form in which the kernel takes them. */
export function ownerOf({ guards, use, tags, deprecated }: LayerNotes, origin: string): Owner {
  return { guards, use, tags, origin, ...(deprecated === undefined ? {} : { deprecated }) }
}
