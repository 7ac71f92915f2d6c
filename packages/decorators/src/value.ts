/** From described values (the fields of a DTO class, the parameters of a method) to the JSON Schema of an object. */

import { InvalidComponent, jsonSchemaOf, type Schema } from '@oarlock/kernel'
import type { JsonObject } from '@oarlock/protocol'
import type { ValueNote } from './notes.ts'

/** One member of the object: its description, and what error texts call it. */
export interface Described {
  readonly note: ValueNote
  /** Where it stands: `Person.age`, or `Images.resize, parameter 1 ('width')`. */
  readonly where: string
  /** What to write when the schema is missing, such as `@Arg('width', Type.Number())`. */
  readonly spelling: string
}

/** An object schema with a property for each entry, required unless optional. @throws InvalidComponent for a value without a schema */
export function objectOf(entries: ReadonlyMap<string, Described>): JsonObject {
  const properties = [...entries].map(([name, described]) => [name, propertyOf(described)] as const)
  const required = [...entries].flatMap(([name, { note }]) => (isOptional(note) ? [] : [name]))
  return { type: 'object', properties: Object.fromEntries(properties), ...(required.length === 0 ? {} : { required }) }
}

function propertyOf({ note, where, spelling }: Described): JsonObject {
  const { title, description } = note
  const json = note.schema === undefined ? reflectedJson(note.reflected, where, spelling) : given(note.schema, where)
  return title === undefined && description === undefined
    ? json
    : { ...json, ...(title === undefined ? {} : { title }), ...(description === undefined ? {} : { description }) }
}

function given(schema: Schema | readonly [Schema], where: string): JsonObject {
  try {
    return Array.isArray(schema) ? { type: 'array', items: jsonSchemaOf(schema[0] as Schema) } : jsonSchemaOf(schema)
  } catch (error) {
    if (error instanceof InvalidComponent || !(error instanceof TypeError)) throw error
    throw new InvalidComponent(where, [error.message])
  }
}

const PRIMITIVES: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  [String, 'string'],
  [Number, 'number'],
  [Boolean, 'boolean'],
])

/** The schema of a type that the compiler reflected. Only three of them, and DTO classes, say enough. */
function reflectedJson(reflected: unknown, where: string, spelling: string): JsonObject {
  const type = PRIMITIVES.get(reflected)
  if (type !== undefined) return { type }
  if (reflected === undefined) {
    throw new InvalidComponent(where, [
      `it has no schema, and this compiler told no type for it. Write ${spelling}, or set experimentalDecorators and emitDecoratorMetadata ` +
        `(esbuild and tsx ignore the latter).`,
    ])
  }
  try {
    return jsonSchemaOf(reflected as Schema)
  } catch (error) {
    if (error instanceof InvalidComponent) throw error
    const name = typeof reflected === 'function' ? reflected.name : typeof reflected
    throw new InvalidComponent(where, [`its reflected type, ${name}, does not say enough. Write ${spelling}.`])
  }
}

const OLD_OPTIONAL = Symbol.for('TypeBox.Optional')

/** By the option, or as TypeBox marks it (1.x by a key, 0.34 by a symbol). */
function isOptional({ optional, schema }: ValueNote): boolean {
  if (optional !== undefined) return optional
  return typeof schema === 'object' && ('~optional' in schema || OLD_OPTIONAL in schema)
}
