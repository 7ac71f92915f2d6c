/** Where JSON Schema keeps schemas inside schemas: the one list that every walk over a schema uses. */

import { isObject, type JsonObject } from '@oarlock/protocol'

/** Keywords that hold one schema, or in older drafts a list of them (`items`). */
const ONE = [
  'items',
  'additionalProperties',
  'additionalItems',
  'contains',
  'not',
  'if',
  'then',
  'else',
  'propertyNames',
  'unevaluatedItems',
  'unevaluatedProperties',
  'contentSchema',
]

/** Keywords that hold a list of schemas. */
const LIST = ['allOf', 'anyOf', 'oneOf', 'prefixItems', 'items']

/** Keywords that hold schemas by name. */
const NAMED = ['properties', 'patternProperties', 'dependentSchemas', '$defs', 'definitions', 'dependencies']

/** How a keyword holds schemas. */
type Holding = 'one' | 'list' | 'named'

const HOLDING: ReadonlyMap<string, readonly Holding[]> = new Map(
  [...new Set([...ONE, ...LIST, ...NAMED])].map(word => [
    word,
    [
      ...(ONE.includes(word) ? ['one' as const] : []),
      ...(LIST.includes(word) ? ['list' as const] : []),
      ...(NAMED.includes(word) ? ['named' as const] : []),
    ],
  ]),
)

/** Keywords whose schemas apply to the very value their owner applies to, and not to a part of it. */
export const IN_PLACE: ReadonlySet<string> = new Set([
  'allOf',
  'anyOf',
  'oneOf',
  'not',
  'if',
  'then',
  'else',
  'dependentSchemas',
  'dependencies',
])

/** A schema found inside another. */
export interface Inner {
  /** The keyword of the outer schema. */
  readonly keyword: string
  /** JSON Pointer from the outer schema: `/properties/name`. */
  readonly path: string
  /** An object or a boolean. */
  readonly schema: unknown
}

/** The schemas directly inside `schema`, in the order of its keywords. */
export function innerSchemas(schema: JsonObject): readonly Inner[] {
  const found: Inner[] = []
  for (const keyword of Object.keys(schema)) {
    const holdings = HOLDING.get(keyword)
    if (holdings === undefined) continue
    const value = schema[keyword]
    for (const holding of holdings) {
      if (holding === 'one') push(found, keyword, `/${keyword}`, value)
      if (holding === 'list' && Array.isArray(value)) value.forEach((inner, index) => push(found, keyword, `/${keyword}/${index}`, inner))
      if (holding === 'named' && isObject(value))
        for (const name of Object.keys(value)) push(found, keyword, `/${keyword}/${segment(name)}`, value[name])
    }
  }
  return found
}

function push(found: Inner[], keyword: string, path: string, schema: unknown): void {
  if (isSchema(schema)) found.push({ keyword, path, schema })
}

/**
 * A copy of `schema` in which every schema, innermost first, is what `change` makes of it. Properties that are not enumerable and symbols are
 * kept. The schema must not contain itself as an object.
 */
export function mapSchemas(schema: JsonObject, change: (schema: JsonObject) => JsonObject): JsonObject {
  const deep = (value: unknown): unknown => (isObject(value) ? mapSchemas(value, change) : value)
  const copy = Object.create(Object.getPrototypeOf(schema) as object | null, Object.getOwnPropertyDescriptors(schema)) as Record<
    string,
    unknown
  >
  for (const keyword of Object.keys(schema)) {
    const value = schema[keyword]
    for (const holding of HOLDING.get(keyword) ?? []) {
      if (holding === 'one' && isObject(value)) set(copy, keyword, deep(value))
      if (holding === 'list' && Array.isArray(value)) set(copy, keyword, value.map(deep))
      if (holding === 'named' && isObject(value))
        set(copy, keyword, Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, deep(inner)])))
    }
  }
  return change(copy)
}

/** Writes an own property whatever its name: assigning to `__proto__` would change the prototype instead. */
export function set(target: object, key: PropertyKey, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true })
}

/** A name as a segment of a JSON Pointer (RFC 6901). */
export function segment(name: string): string {
  return /[~/]/.test(name) ? name.replaceAll('~', '~0').replaceAll('/', '~1') : name
}

/** The names that a JSON Pointer goes through. */
export function segments(pointer: string): readonly string[] {
  return pointer === ''
    ? []
    : pointer
        .slice(1)
        .split('/')
        .map(name => name.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function isSchema(value: unknown): boolean {
  return typeof value === 'boolean' || isObject(value)
}
