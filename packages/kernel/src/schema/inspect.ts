/** Looks a schema over when it is registered, so that its mistakes are found by its author and not by a caller. */

import { excerpt, headerParams, isObject, type JsonObject } from '@oarlock/protocol'
import { IN_PLACE, innerSchemas } from './keyword.ts'
import { keywordProblems } from './keyword-value.ts'
import { isOrdinary } from './ordinary.ts'
import { patternProblem } from './pattern/pattern-problem.ts'
import { searchPattern } from './pattern/search.ts'
import { portabilityProblems } from './portability.ts'
import { isExternal, references, type References } from './reference.ts'
import type { SchemaProblem } from './schema.ts'

/** What a schema describes: a tool's arguments, its result, a prompt's arguments, a template's variables. */
export type SchemaRole = 'input' | 'output' | 'args' | 'params'

/** Levels a schema may nest, and schemas it may hold (DIGEST S-JS-07). */
const MAX_DEPTH = 64
const MAX_SCHEMAS = 10_000

/** Characters a schema may have as JSON: it is sent with every list. */
const MAX_SIZE = 1_000_000

/** Problems that are told; a schema with more is wrong as a whole. */
const MAX_PROBLEMS = 50

/**
 * Supported dialects (DIGEST S-JS-02, S-JS-11). Of the required tests of the official suite (August 2026) whose schemas are not refused here, 1207 of
 * 1208 hold for 2020-12, 1180 of 1181 for 2019-09, 866 of 868 for draft-07, 778 of 780 for draft-06. The exceptions: a member `__proto__` is refused in
 * every value, and keywords beside `$ref` count in the older drafts too. Refused are external references, the metaschema's among them, and what the rules
 * below say.
 */
const DIALECTS: ReadonlySet<string> = new Set([
  'https://json-schema.org/draft/2020-12/schema',
  'https://json-schema.org/draft/2019-09/schema',
  'http://json-schema.org/draft-07/schema',
  'http://json-schema.org/draft-06/schema',
])

const NONE: readonly SchemaProblem[] = []

/** Everything wrong with a schema. Errors stop its registration; warnings are what some client or model will not understand. */
export function inspectSchema(json: JsonObject, role: SchemaRole): readonly SchemaProblem[] {
  return (role === 'input' || role === 'output') && isOrdinary(json) ? NONE : lookOver(json, role)
}

/** The same, whatever the schema looks like. */
export function lookOver(json: JsonObject, role: SchemaRole): readonly SchemaProblem[] {
  const inspection = new Inspection(json)
  inspection.root(role)
  inspection.walk()
  if (inspection.sound()) inspection.cycles()
  if (role === 'input') inspection.headers()
  const portability = role === 'input' || role === 'output' ? portabilityProblems(json, role, MAX_DEPTH) : []
  return [...inspection.problems, ...portability].slice(0, MAX_PROBLEMS)
}

class Inspection {
  readonly problems: SchemaProblem[] = []
  readonly #root: JsonObject
  readonly #references: References
  /** Every schema met, with its place. */
  readonly #met = new Map<JsonObject, string>()
  /** Whether any of them refers to another. */
  #refers = false

  constructor(root: JsonObject) {
    this.#root = root
    this.#references = references(root)
  }

  root(role: SchemaRole): void {
    const size = sizeOf(this.#root)
    if (size === undefined)
      this.#error('', 'the schema contains itself as an object, or a value that JSON cannot carry: use $ref for recursion')
    else if (size > MAX_SIZE) this.#error('', `the schema is longer than ${MAX_SIZE} characters`)
    const dialect = this.#root['$schema']
    if (typeof dialect === 'string' && !DIALECTS.has(dialect.replace(/#$/, ''))) {
      this.#error('/$schema', `the dialect ${excerpt(dialect)} is not supported: use ${[...DIALECTS].join(', ')}`)
    }
    if (role === 'output') return
    if (this.#root['type'] !== 'object') this.#error('/type', 'the root must have type "object": clients and models send named arguments')
    if (role !== 'input') this.#flat()
  }

  walk(): void {
    const waiting: (readonly [schema: JsonObject, path: string, depth: number])[] = [[this.#root, '', 0]]
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const [schema, path, depth] = next
      if (this.#met.has(schema)) continue
      if (this.#met.size >= MAX_SCHEMAS) return this.#error(path, `the schema holds more than ${MAX_SCHEMAS} schemas`)
      if (depth > MAX_DEPTH) return this.#error(path, `the schema nests more than ${MAX_DEPTH} levels`)
      this.#met.set(schema, path)
      this.#look(schema, path)
      const target = this.#target(schema, path)
      if (isObject(target)) waiting.push([target, `${path}/$ref`, depth])
      for (const inner of innerSchemas(schema).toReversed()) {
        if (isObject(inner.schema)) waiting.push([inner.schema, path + inner.path, depth + 1])
      }
    }
  }

  /** Whether the walk came to its end without errors, so that references can be followed. */
  sound(): boolean {
    return this.problems.every(({ severity }) => severity === 'warning')
  }

  #look(schema: JsonObject, path: string): void {
    for (const [keyword, message] of keywordProblems(schema)) this.#error(`${path}/${keyword}`, message)
    this.#plain(schema, path)
    const { pattern, maxLength } = schema
    if (typeof pattern === 'string')
      this.#pattern(searchPattern(pattern), typeof maxLength === 'number' ? maxLength : undefined, `${path}/pattern`)
    for (const name of Object.keys(isObject(schema['patternProperties']) ? schema['patternProperties'] : {})) {
      this.#pattern(name, nameLength(schema), `${path}/patternProperties`)
    }
    if (isObject(schema['properties'])) this.#properties(schema, schema['properties'], path)
  }

  #properties(schema: JsonObject, properties: JsonObject, path: string): void {
    if (Object.hasOwn(properties, '__proto__')) this.#error(`${path}/properties`, 'a property must not be called __proto__')
    const required: readonly unknown[] = Array.isArray(schema['required']) ? schema['required'] : []
    const closed = schema['additionalProperties'] === false && schema['patternProperties'] === undefined
    const missing = required.find((name): name is string => typeof name === 'string' && !Object.hasOwn(properties, name))
    if (closed && missing !== undefined) {
      this.#error(`${path}/required`, `${excerpt(missing, 40)} is required, but is no property and no others are allowed: no value can fit`)
    }
  }

  #pattern(pattern: string, maxLength: number | undefined, path: string): void {
    const problem = patternProblem(pattern, maxLength)
    if (problem !== undefined) this.problems.push({ path, ...problem })
  }

  /** Values that JSON would leave out or change would make the listed schema another than the one that validates. */
  #plain(schema: JsonObject, path: string): void {
    for (const keyword of ['default', 'const', 'enum', 'examples']) {
      if (schema[keyword] !== undefined && !isPlain(schema[keyword], 0))
        this.#error(`${path}/${keyword}`, `${keyword} holds a value that JSON cannot carry`)
    }
  }

  #target(schema: JsonObject, path: string): unknown {
    let found: unknown
    for (const keyword of ['$ref', '$dynamicRef']) {
      const ref = schema[keyword]
      if (typeof ref !== 'string') continue
      this.#refers = true
      const target = this.#references.resolve(schema, ref)
      found ??= target
      if (isObject(target) || typeof target === 'boolean') continue
      const why = isExternal(ref)
        ? 'points outside of the schema, and nothing is ever fetched: copy it into $defs'
        : 'points to nothing in this schema'
      this.#error(`${path}/${keyword}`, `${keyword} ${excerpt(ref)} ${why}`)
    }
    return found
  }

  /** A reference that leads back to itself without going into a property or an item never ends. */
  cycles(): void {
    if (!this.#refers) return
    const done = new Set<JsonObject>()
    const open = new Set<JsonObject>()
    const visit = (schema: JsonObject): void => {
      if (done.has(schema)) return
      if (open.has(schema) || open.size > MAX_SCHEMAS / 10) {
        this.#error(
          this.#met.get(schema) ?? '',
          'the schema refers to itself without going into a property or an item: no check of it would end',
        )
        return
      }
      open.add(schema)
      for (const next of this.#inPlace(schema)) if (isObject(next)) visit(next)
      open.delete(schema)
      done.add(schema)
    }
    for (const schema of this.#met.keys()) visit(schema)
  }

  #inPlace(schema: JsonObject): readonly unknown[] {
    const inner = innerSchemas(schema)
      .filter(({ keyword }) => IN_PLACE.has(keyword))
      .map(found => found.schema)
    const refs = [schema['$ref'], schema['$dynamicRef']]
      .filter(ref => typeof ref === 'string')
      .map(ref => this.#references.resolve(schema, ref))
    return [...inner, ...refs]
  }

  /** Prompt arguments and template variables arrive as text: a member can be read from it, or a list of them, but no object. */
  #flat(): void {
    const properties = isObject(this.#root['properties']) ? this.#root['properties'] : {}
    for (const name of Object.keys(properties)) {
      const schema = properties[name]
      const type = isObject(schema) ? schema['type'] : undefined
      if (type === 'object')
        this.#error(
          `/properties/${excerpt(name, 40)}`,
          'arrives as text and cannot be an object: use a string, number, integer, boolean, or a list of them',
        )
    }
  }

  headers(): void {
    const { problems, warnings } = headerParams(this.#root)
    for (const message of problems) this.#error('', message)
    for (const message of warnings) this.problems.push({ severity: 'warning', path: '', message })
  }

  #error(path: string, message: string): void {
    this.problems.push({ severity: 'error', path, message })
  }
}

/** Length of the schema as JSON; undefined when it has no JSON. */
function sizeOf(schema: JsonObject): number | undefined {
  try {
    return JSON.stringify(schema).length
  } catch {
    return undefined
  }
}

function nameLength(schema: JsonObject): number | undefined {
  const names = schema['propertyNames']
  const limit = isObject(names) ? names['maxLength'] : undefined
  return typeof limit === 'number' ? limit : undefined
}

function isPlain(value: unknown, depth: number): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object' || depth > MAX_DEPTH) return false
  if (Array.isArray(value)) return value.every(item => isPlain(item, depth + 1))
  const prototype: unknown = Object.getPrototypeOf(value)
  return (
    (prototype === Object.prototype || prototype === null) &&
    Object.values(value).every(member => member === undefined || isPlain(member, depth + 1))
  )
}
