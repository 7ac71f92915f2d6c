/** From what decorators wrote down to components: the one place where an object's members become what a server offers. */

import {
  definePrompt,
  defineResource,
  defineTemplate,
  defineTool,
  FIELD,
  InvalidComponent,
  type Completer,
  type Component,
  type Context,
  type FieldOffering,
  type Owner,
} from '@oarlock/kernel'
import { checkCompletions, completersFor, type Completion } from './completions.ts'
import { classLayers, joinLayers, layersOf, membersIn, ownerOf, type Member } from './inherit.ts'
import { classLineage, lineageOf, nameOf } from './lineage.ts'
import type { ComponentNote } from './notes.ts'
import { byParameters } from './parameters.ts'

type Method = (this: object, ...args: unknown[]) => unknown

/**
 * All components of an object, in the order of declaration: its decorated methods, then the fields that hold `tool(…)` and its kin. Of a class,
 * its static ones. The same as a server offers.
 * @throws InvalidComponent naming class, member and cure
 */
export function componentsOf(owner: object): readonly Component[] {
  const components = [...membersOf(owner), ...fieldComponentsOf(owner)]
  if (components.length === 0 && typeof owner === 'function' && membersIn(classLineage(owner, false)).some(isOffered)) {
    throw new InvalidComponent(nameOf(owner), [`it has no static components. Offer an instance: new ${nameOf(owner)}()`])
  }
  return components
}

/** The components of an object's decorated methods. What `[OFFERS]()` of a decorated class answers; a server reads the fields itself. */
export function membersOf(owner: object): readonly Component[] {
  const levels = lineageOf(owner)
  const members = membersIn(levels).filter(member => isOffered(member) && !isField((owner as Record<PropertyKey, unknown>)[member.key]))
  for (const { key, parameters, components } of members) {
    if (parameters.size > 0 && components.length === 0)
      throw new InvalidComponent(originOf(owner, key), ['it has @Arg parameters, but no @Tool, @Prompt or @ResourceTemplate'])
  }
  const around = classLayers(levels)
  const completions = completionsIn(owner, members)
  const components = members.flatMap(member => {
    const given = ownerOf(joinLayers([around, member.layers]), originOf(owner, member.key))
    return member.components.map(note => toComponent(owner, member, note, given, completions))
  })
  if (completions.length > 0) checkCompletions(nameOf(owner), completions, [...components, ...fieldComponentsOf(owner)])
  return components
}

/** What the class of an object adds to a field of it: its layers, those of a decorated method that the field overrides, and methods that complete it. */
export function aroundField(owner: object, key: string): { readonly owner: Owner; readonly completions: readonly Completion[] } {
  const levels = lineageOf(owner)
  const members = membersIn(levels)
  const overridden = members.filter(member => member.key === key).map(layersOf)
  return {
    owner: ownerOf(joinLayers([classLayers(levels), ...overridden]), originOf(owner, key)),
    completions: completionsIn(owner, members),
  }
}

function fieldComponentsOf(owner: object): readonly Component[] {
  return Object.entries(owner).flatMap(([name, value]) => (isField(value) ? [value[FIELD](name, owner)] : []))
}

function isField(value: unknown): value is FieldOffering {
  return typeof value === 'function' && FIELD in value
}

function isOffered({ components, completes, parameters }: Member): boolean {
  return components.length > 0 || completes.length > 0 || parameters.size > 0
}

function originOf(owner: object, key: string | symbol): string {
  return `${nameOf(owner)}.${String(key)}`
}

/** The name of a method's component where no option gives one. */
function nameIn(owner: object, key: string | symbol): string {
  const name = typeof key === 'symbol' ? key.description : key
  if (name) return name
  throw new InvalidComponent(originOf(owner, key), ['the symbol has no description to name it by. Give the name option.'])
}

/** Reads the method as it is when called: the last override, in whatever other decorators or a test wrapped around it. */
function reader(owner: object, { key, access }: Member): () => Method {
  const read = access === undefined ? () => (owner as Record<PropertyKey, unknown>)[key] : () => access(owner)
  if (typeof read() === 'function') return read as () => Method
  throw new InvalidComponent(originOf(owner, key), ['it is decorated, but the object has no method there any more'])
}

function completionsIn(owner: object, members: readonly Member[]): readonly Completion[] {
  return members.flatMap(member => {
    if (member.completes.length === 0) return []
    const read = reader(owner, member)
    const completer: Completer = (value, context) => read().call(owner, value, context) as ReturnType<Completer>
    return member.completes.map(note => ({ ...note, origin: originOf(owner, member.key), completer }))
  })
}

function toComponent(owner: object, member: Member, said: ComponentNote, given: Owner, completions: readonly Completion[]): Component {
  const read = reader(owner, member)
  const name = said.options.name ?? nameIn(owner, member.access === undefined ? member.key : String(member.key).slice(1))
  const { note, valuesOf } = byParameters(member, said, given.origin as string)
  const run =
    valuesOf === undefined
      ? (args: unknown, ctx: Context) => read().call(owner, args, ctx)
      : (args: unknown, ctx: Context) => read().apply(owner, valuesOf(args, ctx))
  switch (note.kind) {
    case 'tool':
      return defineTool(name, note.options, run, given)
    case 'resource':
      return defineResource(name, note.options, run, given)
    case 'template': {
      const { options } = note
      const complete = completersFor({ kind: 'template', name, uriTemplate: options.uri }, options.complete, completions)
      return defineTemplate(name, complete === undefined ? options : { ...options, complete }, run, given)
    }
    case 'prompt': {
      const { options } = note
      const complete = completersFor({ kind: 'prompt', name }, options.complete, completions)
      return definePrompt(name, complete === undefined ? options : { ...options, complete }, run, given)
    }
  }
}
