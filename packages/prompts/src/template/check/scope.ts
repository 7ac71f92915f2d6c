/** Which names there are at a place in a template, as far as the arguments' JSON Schema tells. */

import { isObject, type JsonObject } from '@oarlock/protocol'

/** What is known of a value: its schema, or nothing. */
export type Known = JsonObject | undefined

/** A context: `this` of some stretch of a template. */
export interface Scope {
  /** Its members. Undefined: any name may be one. */
  readonly names: ReadonlyMap<string, Known> | undefined
  /** What `this` is. */
  readonly self: Known
  /** Of the arguments themselves: each use is noted. */
  readonly isRoot: boolean
  /** What `../` leads to. */
  readonly outer: Scope | undefined
  /** What a partial was given by name: `{{> header title="Hello"}}`. */
  readonly given: ReadonlyMap<string, Known>
  /** `as |item key|` of this block and those around it. */
  readonly aliases: ReadonlyMap<string, Known>
}

const PRIMITIVE: ReadonlySet<unknown> = new Set(['string', 'number', 'integer', 'boolean', 'null'])

export const NONE: ReadonlyMap<string, Known> = new Map()

/** Members of a value that has the schema; undefined when any name may be one. */
export function membersOf(schema: Known): ReadonlyMap<string, Known> | undefined {
  if (schema === undefined) return undefined
  const { type, properties, additionalProperties, patternProperties, items } = schema
  if (type === 'array' && isObject(items)) return new Map([['length', { type: 'integer' }]])
  if (type === 'string') return new Map([['length', { type: 'integer' }]])
  if (PRIMITIVE.has(type)) return new Map()
  if (type !== 'object' || !isObject(properties) || patternProperties !== undefined) return undefined
  if (additionalProperties !== undefined && additionalProperties !== false) return undefined
  return new Map(Object.entries(properties).map(([name, member]) => [name, isObject(member) ? member : undefined]))
}

/** What each member of a list or object is. */
export function itemOf(schema: Known): Known {
  if (schema === undefined) return undefined
  const { type, items, additionalProperties } = schema
  if (type === 'array' && isObject(items)) return items
  return type === 'object' && isObject(additionalProperties) ? additionalProperties : undefined
}

/** The schema of a member by its path; `unknown` names the first part that cannot be there. */
export function follow(
  schema: Known,
  parts: readonly string[],
): { readonly schema: Known; readonly unknown?: string; readonly among?: readonly string[] } {
  let at = schema
  for (const part of parts) {
    if (at !== undefined && at['type'] === 'array' && /^\d+$/.test(part)) {
      at = itemOf(at)
      continue
    }
    const members = membersOf(at)
    if (members !== undefined && !members.has(part)) return { schema: undefined, unknown: part, among: [...members.keys()] }
    at = members?.get(part)
  }
  return { schema: at }
}

/** The scope of a block that is rendered for another value. */
export function inner(self: Known, outer: Scope, aliases: ReadonlyMap<string, Known> = outer.aliases): Scope {
  return { names: membersOf(self), self, isRoot: false, outer, given: NONE, aliases }
}
