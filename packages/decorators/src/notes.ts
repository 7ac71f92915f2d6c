/** What decorators write down about a class: kept by class and key, read by `reflect.ts`, never on the functions themselves. */

import 'reflect-metadata'
import type { Guard, Middleware, PromptOptions, ResourceOptions, Schema, TemplateOptions, ToolOptions } from '@oarlock/kernel'

/** What one component decorator said. */
export type ComponentNote =
  | { readonly kind: 'tool'; readonly options: ToolOptions }
  | { readonly kind: 'resource'; readonly options: ResourceOptions }
  | { readonly kind: 'template'; readonly options: TemplateOptions }
  | { readonly kind: 'prompt'; readonly options: PromptOptions }

/** The argument that a method completes. */
export interface CompleteNote {
  readonly kind: 'prompt' | 'template'
  /** Name of the prompt; name or URI of the template. */
  readonly name: string
  readonly arg: string
}

/** What stands around a component, on a class or on a member: outermost first. */
export interface LayerNotes {
  readonly guards: Guard[]
  readonly use: Middleware[]
  readonly tags: string[]
  deprecated: string | boolean | undefined
}

/** What `@Field` and `@Arg` say about one value. */
export interface ValueNote {
  readonly schema: Schema | readonly [Schema] | undefined
  readonly optional: boolean | undefined
  readonly title: string | undefined
  readonly description: string | undefined
  /** The constructor that the compiler reflected as its type; undefined when it emits none. */
  readonly reflected: unknown
}

/** What `@Arg` said about one parameter. */
export interface ParameterNote extends ValueNote {
  readonly name: string
}

/** Everything said about one member of one class. */
export interface MemberNotes {
  readonly key: string | symbol
  readonly isStatic: boolean
  /** Reads a `#private` member; undefined for all others, which are read by key. */
  readonly access: ((owner: object) => unknown) | undefined
  readonly components: ComponentNote[]
  readonly completes: CompleteNote[]
  readonly layers: LayerNotes
  readonly parameters: Map<number, ParameterNote>
  /** What the compiler reflected about all parameters, where one has `@Arg`. */
  parameterTypes: readonly unknown[] | undefined
  field: ValueNote | undefined
}

// Registered symbols: two copies of this package in one process read each other's notes.
const NOTES = Symbol.for('oarlock.notes')
const LAYERS = Symbol.for('oarlock.layers')

/**
 * `Symbol.metadata`, which no engine has yet. Compilers look it up under this very name when a class is defined: what a decorator is imported
 * from has run by then.
 */
const METADATA: symbol = ((Symbol as { metadata?: symbol }).metadata ??= Symbol.for('Symbol.metadata'))

/** The part of a standard decorator's `context.metadata` that is ours. */
interface StandardNotes {
  layers?: LayerNotes
  readonly members: MemberNotes[]
  /** Whether someone waits for the class (true) or an instance (false) to exist. */
  readonly awaited: Set<boolean>
}

/** Layers with nothing in them. */
export function noLayers(): LayerNotes {
  return { guards: [], use: [], tags: [], deprecated: undefined }
}

function emptyNotes(key: string | symbol, isStatic: boolean, access?: MemberNotes['access']): MemberNotes {
  return {
    key,
    isStatic,
    access,
    components: [],
    completes: [],
    layers: noLayers(),
    parameters: new Map(),
    parameterTypes: undefined,
    field: undefined,
  }
}

function standardNotes(metadata: object): StandardNotes {
  const holder = metadata as { [NOTES]?: StandardNotes }
  // Own keys only: metadata inherits that of the parent class, and not with every compiler.
  if (!Object.hasOwn(holder, NOTES))
    Object.defineProperty(holder, NOTES, { value: { members: [], awaited: new Set() }, configurable: true })
  return holder[NOTES] as StandardNotes
}

/** The notes of the class that a standard decorator stands on, made when missing. */
export function standardLayers(metadata: object): LayerNotes {
  return (standardNotes(metadata).layers ??= noLayers())
}

/** True the first time it is asked about a class's static side, or its instances: one initializer is enough for all members. */
export function standardFirst(metadata: object, isStatic: boolean): boolean {
  const { awaited } = standardNotes(metadata)
  if (awaited.has(isStatic)) return false
  awaited.add(isStatic)
  return true
}

/** The notes of a member that a standard decorator stands on, made when missing. */
export function standardMember(metadata: object, context: ClassMemberDecoratorContext): MemberNotes {
  const { members } = standardNotes(metadata)
  const { name: key, static: isStatic } = context
  const known = members.find(each => each.key === key && each.isStatic === isStatic && (each.access !== undefined) === context.private)
  if (known !== undefined) return known
  const { access } = context
  const read = context.private && 'get' in access ? (owner: object) => access.get(owner) : undefined
  const notes = emptyNotes(key, isStatic, read)
  members.push(notes)
  return notes
}

/** The notes of the class that an experimental decorator stands on, made when missing. */
export function experimentalLayers(constructor: object): LayerNotes {
  const known = Reflect.getOwnMetadata(LAYERS, constructor) as LayerNotes | undefined
  if (known !== undefined) return known
  const notes = noLayers()
  Reflect.defineMetadata(LAYERS, notes, constructor)
  return notes
}

/** The notes of a member that an experimental decorator stands on, made when missing. `target` is the prototype, or the class for statics. */
export function experimentalMember(target: object, key: string | symbol): MemberNotes {
  const known = Reflect.getOwnMetadata(NOTES, target, key) as MemberNotes | undefined
  if (known !== undefined) return known
  const notes = emptyNotes(key, typeof target === 'function')
  Reflect.defineMetadata(NOTES, notes, target, key)
  Reflect.defineMetadata(NOTES, [...experimentalKeys(target), key], target)
  return notes
}

function experimentalKeys(target: object): readonly (string | symbol)[] {
  return (Reflect.getOwnMetadata(NOTES, target) as (string | symbol)[] | undefined) ?? []
}

/** What was noted on one class itself, in either dialect; nothing about its parents. */
export interface ClassNotes {
  readonly layers: LayerNotes | undefined
  /** In the order of declaration, static ones included. */
  readonly members: readonly MemberNotes[]
}

/** Reads the notes of a class. */
export function notesOf(constructor: object, prototype: object | undefined): ClassNotes {
  const metadata = Object.getOwnPropertyDescriptor(constructor, METADATA)?.value as { [NOTES]?: StandardNotes } | undefined
  const standard = metadata !== undefined && Object.hasOwn(metadata, NOTES) ? metadata[NOTES] : undefined
  const experimental = [constructor, prototype].flatMap(target =>
    target === undefined ? [] : experimentalKeys(target).map(key => experimentalMember(target, key)),
  )
  return {
    layers: standard?.layers ?? (Reflect.getOwnMetadata(LAYERS, constructor) as LayerNotes | undefined),
    members: [...(standard?.members ?? []), ...experimental],
  }
}
