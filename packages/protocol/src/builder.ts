/**
 * The few builders of TypeBox that the vocabulary is written with, making the same schemas. The library's own come with all of its engine,
 * which costs a program more at start than everything else in this package (SPEED.md); here only its types are used.
 */

import type { TSchema, Type as TypeBox } from 'typebox'

type Used =
  | 'Array'
  | 'Boolean'
  | 'Enum'
  | 'Integer'
  | 'Literal'
  | 'Null'
  | 'Number'
  | 'Object'
  | 'Optional'
  | 'String'
  | 'Union'
  | 'Unknown'

/** @param schema is the caller's own, made for this */
const made = (kind: string, schema: object, options?: object): object => hide(Object.assign(schema, options), '~kind', kind)

const of =
  (kind: string, type: string) =>
  (options?: object): object =>
    made(kind, { type }, options)

/** TypeBox, as far as the vocabulary needs it. */
export const Type = {
  String: of('String', 'string'),
  Number: of('Number', 'number'),
  Integer: of('Integer', 'integer'),
  Boolean: of('Boolean', 'boolean'),
  Null: of('Null', 'null'),
  Unknown: () => made('Unknown', {}),
  Literal: (value: unknown) => made('Literal', { type: typeof value, const: value }),
  Enum: (values: readonly unknown[]) => made('Enum', { enum: values }),
  Array: (items: object, options?: object) => made('Array', { type: 'array', items }, options),
  Union: (anyOf: readonly object[]) => made('Union', { anyOf }),
  Optional: (schema: object) => hide(copied(schema), '~optional', true),
  Object: (properties: Record<string, object>, options?: object) => {
    const required = Object.keys(properties).filter(name => !('~optional' in (properties[name] as object)))
    return made('Object', { type: 'object', ...(required.length === 0 ? {} : { required }), properties }, options)
  },
} as unknown as Pick<typeof TypeBox, Used>

/** A copy of a schema with everything that is kept on it out of sight. */
export function copied<T extends TSchema>(schema: T): T {
  // Written for start-up, where it runs some 200 times: copying all property descriptors costs several times as much.
  const copy = { ...schema }
  for (const key of Reflect.ownKeys(schema)) if (!Object.hasOwn(copy, key)) hide(copy, key, schema[key as keyof T])
  return copy
}

/** Keeps a value on a schema where neither JSON nor a loop sees it. Returns the schema. */
export function hide<T extends object>(schema: T, key: string | symbol, value: unknown): T {
  return Object.defineProperty(schema, key, { value, configurable: true, writable: true })
}
