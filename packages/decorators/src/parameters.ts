/** Parameter-style methods: `@Arg` names the parameters, and their schemas together are the schema of the arguments. */

import { InvalidComponent, type Schema } from '@oarlock/kernel'
import { isObject } from '@oarlock/protocol'
import type { Member } from './inherit.ts'
import type { ComponentNote, ParameterNote } from './notes.ts'
import { objectOf, type Described } from './value.ts'

/** A component note whose arguments are those of the parameters. */
interface ByParameters {
  readonly note: ComponentNote
  /** The parameters in their places; undefined for a method that takes `(args, ctx)`. */
  readonly valuesOf?: (args: unknown, ctx: unknown) => unknown[]
}

/** Puts the schema that the parameters make into a component note. Without `@Arg` the note stays as it is. */
export function byParameters(member: Member, note: ComponentNote, origin: string): ByParameters {
  const { parameters } = member
  if (parameters.size === 0) return { note }
  checkOptions(note, origin)
  checkNames(member, origin)
  const inOrder = [...parameters].sort(([a], [b]) => a - b)
  const schema = objectOf(new Map(inOrder.map(([index, each]) => [each.name, described(index, each, origin)])))
  // Parameters without @Arg get the context, and so does the one behind the last.
  const length = Math.max(...parameters.keys()) + 2
  const names = Array.from({ length }, (_, index) => parameters.get(index)?.name)
  return {
    note: withSchema(note, schema),
    valuesOf(args, ctx) {
      const given = isObject(args) ? args : {}
      return names.map(name => (name === undefined ? ctx : Object.hasOwn(given, name) ? given[name] : undefined))
    },
  }
}

function described(index: number, note: ParameterNote, origin: string): Described {
  const where = `${origin}, parameter ${index + 1} ('${note.name}')`
  return { note, where, spelling: `@Arg('${note.name}', Type.String()) or another schema` }
}

/** Every parameter but the context has a name of its own; a forgotten `@Arg` shows where types are reflected. */
function checkNames({ parameters, parameterTypes = [] }: Member, origin: string): void {
  const names = [...parameters.values()].map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new InvalidComponent(origin, [`two parameters are @Arg('${twice}')`])
  for (const [index, type] of parameterTypes.entries()) {
    if (parameters.has(index) || !FORGOTTEN.has(type)) continue
    throw new InvalidComponent(`${origin}, parameter ${index + 1}`, [
      "it has no @Arg and is not the context. Write @Arg('name') before it.",
    ])
  }
}

const FORGOTTEN: ReadonlySet<unknown> = new Set<unknown>([String, Number, Boolean, Array])

/** The schema of the arguments stands in one place: on the parameters or in the options. */
function checkOptions(note: ComponentNote, origin: string): void {
  if (note.kind === 'resource') {
    throw new InvalidComponent(origin, ['a resource has no arguments, so it cannot have @Arg parameters. A @ResourceTemplate has.'])
  }
  const { input, params, args }: Partial<Record<'input' | 'params' | 'args', Schema>> = note.options
  if ((input ?? params ?? args) === undefined) return
  const option = input !== undefined ? 'input' : params !== undefined ? 'params' : 'args'
  throw new InvalidComponent(origin, [`it has both @Arg parameters and the option ${option}. Keep one.`])
}

function withSchema(note: ComponentNote, schema: Schema): ComponentNote {
  switch (note.kind) {
    case 'tool':
      return { kind: 'tool', options: { ...note.options, input: schema } }
    case 'template':
      return { kind: 'template', options: { ...note.options, params: schema } }
    case 'prompt':
      return { kind: 'prompt', options: { ...note.options, args: schema } }
    case 'resource':
      return note
  }
}
