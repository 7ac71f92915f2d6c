/** Rewrites a schema for listing, in the words that the most clients and models understand. Values are still checked by the original. */

import { isObject, type JsonObject } from '@oarlock/protocol'
import { set } from './keyword.ts'
import { references, type References } from './reference.ts'

/** Schemas the rewritten form may hold; beyond, a reference is replaced by the bare type of its target. */
const MAX_SCHEMAS = 2_000
const MAX_DEPTH = 32

/**
 * The same schema without references, boolean schemas, type unions, arrays without `items` and, at the top, without `anyOf`, `oneOf` and `allOf`
 * (FACE.md, "Portability checks"). Where the portable words cannot say it all, the result is looser than the original. Only a tuple comes out stricter: as a
 * list of what its places take. A recursive reference ends in the bare type of its target.
 */
export function portableSchema(json: JsonObject): JsonObject {
  const rewritten = new Rewriting(json).schema(json, [], 0)
  const { $schema } = json
  const whole = { ...($schema === undefined ? {} : { $schema }), ...rewritten }
  return isObjectSchema(whole) ? flat(whole) : whole
}

/** Words that only serve references, or that few understand and that would say something stricter once what they hold has been loosened. */
const DROPPED: ReadonlySet<string> = new Set(
  (
    '$schema $id $anchor $dynamicAnchor $recursiveAnchor $ref $dynamicRef $recursiveRef $defs definitions $comment ' +
    'not if then else dependentSchemas dependencies prefixItems additionalItems unevaluatedItems unevaluatedProperties'
  ).split(' '),
)

class Rewriting {
  readonly #references: References
  #schemas = 0

  constructor(root: JsonObject) {
    this.#references = references(root)
  }

  /** @param through the references on the way here, to notice recursion */
  schema(json: JsonObject, through: readonly unknown[], depth: number): JsonObject {
    this.#schemas += 1
    const ref = json['$ref'] ?? json['$dynamicRef']
    const target = typeof ref === 'string' ? this.#references.resolve(json, ref) : undefined
    if (depth > MAX_DEPTH || this.#schemas > MAX_SCHEMAS || (target !== undefined && through.includes(target)))
      return bare(isObject(target) ? target : json)
    const inlined = isObject(target) ? this.schema(target, [...through, target], depth + 1) : {}
    const own: Record<string, unknown> = {}
    for (const word of Object.keys(json)) {
      if (!DROPPED.has(word))
        set(own, word === 'oneOf' && json['anyOf'] === undefined ? 'anyOf' : word, this.#word(word, json[word], through, depth + 1))
    }
    if (Array.isArray(json['items']) || Array.isArray(json['prefixItems'])) this.#tuple(json, own, through, depth + 1)
    for (const word of Object.keys(own)) if (own[word] === undefined) delete own[word]
    return split(
      listed(own['properties'] === undefined || inlined['properties'] === undefined ? { ...inlined, ...own } : both(own, inlined)),
    )
  }

  #word(word: string, value: unknown, through: readonly unknown[], depth: number): unknown {
    switch (word) {
      case 'properties':
      case 'patternProperties':
        return isObject(value) ? this.#named(value, through, depth) : value
      case 'additionalProperties':
        return isObject(value) ? this.schema(value, through, depth) : value
      case 'items':
      case 'contains':
      case 'propertyNames':
        return this.#one(value, through, depth)
      case 'anyOf':
      case 'oneOf':
      case 'allOf':
        return Array.isArray(value)
          ? value.filter(branch => branch !== false).map(branch => this.#one(branch, through, depth) ?? {})
          : value
      default:
        return value
    }
  }

  /** A schema in place of a boolean one; undefined where a value is forbidden or anything goes and the word can be left out. */
  #one(value: unknown, through: readonly unknown[], depth: number): unknown {
    return isObject(value) ? this.schema(value, through, depth) : undefined
  }

  #named(map: JsonObject, through: readonly unknown[], depth: number): JsonObject {
    const named: Record<string, unknown> = {}
    for (const name of Object.keys(map)) if (map[name] !== false) set(named, name, this.#one(map[name], through, depth) ?? {})
    return named
  }

  /** A tuple as a list of whatever its places take. */
  #tuple(json: JsonObject, own: Record<string, unknown>, through: readonly unknown[], depth: number): void {
    const old = Array.isArray(json['items'])
    const first = (old ? json['items'] : json['prefixItems']) as readonly unknown[]
    const rest = old ? json['additionalItems'] : json['items']
    const places = distinct([...first, rest].flatMap(place => this.#one(place, through, depth) ?? []))
    own['items'] = places.length > 1 ? { anyOf: places } : (places[0] ?? {})
    if (rest === false) own['maxItems'] ??= first.length
  }
}

/** Only the type of a schema, where its content cannot be said. */
function bare(json: JsonObject): JsonObject {
  const { type, title, description } = json
  const words = { type, title, description }
  return listed(Object.fromEntries(Object.entries(words).filter(([, value]) => value !== undefined)))
}

function listed(json: JsonObject): JsonObject {
  const type = json['type']
  return (type === 'array' || (Array.isArray(type) && type.includes('array'))) && !isObject(json['items']) ? { ...json, items: {} } : json
}

/** Words that speak about values of one type. */
const WORDS: ReadonlyMap<unknown, readonly string[]> = new Map([
  ['string', ['minLength', 'maxLength', 'pattern', 'format']],
  ['number', ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf']],
  ['integer', ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf']],
  ['array', ['items', 'minItems', 'maxItems', 'uniqueItems', 'contains', 'minContains', 'maxContains']],
  ['object', ['properties', 'required', 'additionalProperties', 'patternProperties', 'propertyNames', 'minProperties', 'maxProperties']],
])

/** `type: ['string', 'null']` as `anyOf`, each branch with the words that concern it. */
function split(json: JsonObject): JsonObject {
  const types = json['type']
  if (!Array.isArray(types)) return json
  if (types.length === 1) return { ...json, type: types[0] as unknown }
  const moved = new Set(types.flatMap(type => WORDS.get(type) ?? []))
  const outer = Object.fromEntries(Object.entries(json).filter(([word]) => word !== 'type' && !moved.has(word)))
  const branches = types.map(type => {
    const words = (WORDS.get(type) ?? []).filter(word => json[word] !== undefined)
    return { type: type as unknown, ...Object.fromEntries(words.map(word => [word, json[word]])) }
  })
  return outer['anyOf'] === undefined ? { ...outer, anyOf: branches } : { ...outer, allOf: [...many(outer['allOf']), { anyOf: branches }] }
}

/** The top of a schema without unions and intersections: all members of all branches, required where every branch requires them. */
function flat(json: JsonObject): JsonObject {
  const { allOf, anyOf, ...rest } = json
  const whole = many(allOf).filter(isObject).map(flat).reduce(both, rest)
  const alternatives = many(anyOf).filter(isObject).map(flat)
  return { ...(alternatives.length === 0 ? whole : both(whole, alternatives.reduce(either))), type: 'object' }
}

const MERGED: ReadonlySet<string> = new Set(['properties', 'required', 'additionalProperties'])

/** Words about members, merged; of the other words, those of the first win. */
function both(left: JsonObject, right: JsonObject): JsonObject {
  const required = distinct([...many(left['required']), ...many(right['required'])])
  const properties = joined(left['properties'], right['properties'], (one, other) => ({ ...(one as JsonObject), ...(other as JsonObject) }))
  const words = Object.entries({ ...right, ...left }).filter(([word]) => !MERGED.has(word))
  return {
    ...Object.fromEntries(words),
    ...(Object.keys(properties).length === 0 ? {} : { properties }),
    ...(required.length === 0 ? {} : { required }),
  }
}

function either(left: JsonObject, right: JsonObject): JsonObject {
  const required = many(left['required']).filter(name => many(right['required']).includes(name))
  const properties = joined(left['properties'], right['properties'], (one, other) => ({
    anyOf: distinct([...alternativesOf(one), ...alternativesOf(other)]),
  }))
  return { properties, required }
}

function joined(left: unknown, right: unknown, join: (one: unknown, other: unknown) => unknown): JsonObject {
  const result: Record<string, unknown> = {}
  for (const map of [left, right]) {
    for (const name of Object.keys(isObject(map) ? map : {})) {
      const schema = (map as JsonObject)[name]
      const known = Object.hasOwn(result, name) && JSON.stringify(result[name]) !== JSON.stringify(schema)
      set(result, name, known ? join(result[name], schema) : schema)
    }
  }
  return result
}

/** The branches of a schema that is nothing but `anyOf`; else the schema itself. */
function alternativesOf(schema: unknown): readonly unknown[] {
  return isObject(schema) && Object.keys(schema).length === 1 && Array.isArray(schema['anyOf']) ? schema['anyOf'] : [schema]
}

function isObjectSchema(schema: unknown): boolean {
  if (!isObject(schema)) return false
  const alternatives = many(schema['anyOf'])
  return (
    schema['type'] === 'object' ||
    many(schema['allOf']).some(isObjectSchema) ||
    (alternatives.length > 0 && alternatives.every(isObjectSchema))
  )
}

function distinct(values: readonly unknown[]): readonly unknown[] {
  const seen = new Map(values.map(value => [JSON.stringify(value), value]))
  return [...seen.values()]
}

function many(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
