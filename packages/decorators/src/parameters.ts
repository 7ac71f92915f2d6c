/** Parameter-style methods: `@Arg` names the parameters, and their schemas together are the schema of the arguments. */

import { InvalidComponent, type Schema } from '@oarlock/kernel'
import { isObject } from '@oarlock/protocol'
import type { Member } from './inherit.ts'
import type { ComponentNote, ParameterNote } from './notes.ts'
import { objectOf, type Described } from './value.ts'

type Run = (...args: unknown[]) => unknown

/** A component note with the schema that the parameters make, and the method called with its parameters in their places. */
export function byParameters(
  member: Member,
  note: ComponentNote,
  call: Run,
  origin: string,
): { readonly note: ComponentNote; readonly run: Run } {
  const { parameters } = member
  checkNames(member, origin)
  const schema = objectOf(
    new Map([...parameters].sort(([a], [b]) => a - b).map(([index, each]) => [each.name, described(index, each, origin)])),
  )
  const length = Math.max(...parameters.keys()) + 1
  const run: Run = (args, ctx) => {
    const given = isObject(args) ? args : {}
    // Parameters without @Arg get the context, and so does the one behind the last.
    const values = Array.from({ length: length + 1 }, (_, index) => {
      const parameter = parameters.get(index)
      return parameter === undefined ? ctx : Object.hasOwn(given, parameter.name) ? given[parameter.name] : undefined
    })
    return call(...values)
  }
  return { note: withSchema(note, schema, origin), run }
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

function withSchema(note: ComponentNote, schema: Schema, origin: string): ComponentNote {
  const refuse = (option: string): never => {
    throw new InvalidComponent(origin, [`it has both @Arg parameters and the option ${option}. Keep one.`])
  }
  switch (note.kind) {
    case 'tool':
      return note.options.input === undefined ? { kind: 'tool', options: { ...note.options, input: schema } } : refuse('input')
    case 'template':
      return note.options.params === undefined ? { kind: 'template', options: { ...note.options, params: schema } } : refuse('params')
    case 'prompt':
      return note.options.args === undefined ? { kind: 'prompt', options: { ...note.options, args: schema } } : refuse('args')
    case 'resource':
      throw new InvalidComponent(origin, ['a resource has no arguments, so it cannot have @Arg parameters. A @ResourceTemplate has.'])
  }
}
