/**
 * Finds where and why a value does not fit a schema, in words. It explains; the verdict is the validator's. It stops at five issues and at a
 * bounded amount of work, so that an answer never costs more than the question (THREATS 5).
 */

import { excerpt, isObject, type JsonObject } from '@oarlock/protocol'
import { searchPattern } from './pattern/search.ts'
import { issue, type Place } from './place.ts'
import { references, type References } from './reference.ts'
import type { Issue } from './schema.ts'
import { unionIssues } from './union.ts'
import { BOUNDS, isOfType, typesOf, unknownProperty, wrongFormat, wrongType, wrongValue } from './wording.ts'

/** Issues that are told at once: a model mends five mistakes as well as fifty, and the answer stays small. */
export const MAX_ISSUES = 5

/** Schemas applied to values before it gives up with what it has. */
const MAX_STEPS = 200_000

/** Asks whether a string is of a format; true for formats that nobody knows. Undefined where formats only annotate. */
export type FormatTest = (format: string, text: string) => boolean

/** Finds the issues of values with one schema. */
export interface Explainer {
  /** At most five issues; none when nothing wrong was found in time. */
  find(value: unknown): readonly Issue[]
  /** The same, and at least one. For values the validator refused. */
  explain(value: unknown): readonly Issue[]
}

/** The explainer of a schema. What it needs to know about the schema is found out with the first value it explains. */
export function explainer(schema: JsonObject, formats: FormatTest | undefined): Explainer {
  let known: References | undefined
  const find = (value: unknown): readonly Issue[] => {
    known ??= references(schema)
    return new Explanation(known, formats).of(schema, value, undefined).slice(0, MAX_ISSUES)
  }
  return {
    find,
    explain(value) {
      const issues = find(value)
      return issues.length === 0 ? [{ path: '', message: 'does not fit the schema' }] : issues
    },
  }
}

/** One value being explained. */
class Explanation {
  readonly #references: References
  readonly #formats: FormatTest | undefined
  readonly #patterns = new Map<string, RegExp>()
  #steps = 0

  constructor(known: References, formats: FormatTest | undefined) {
    this.#references = known
    this.#formats = formats
  }

  /** The issues of one schema with one value; empty when it fits, or nothing wrong was found in time. */
  of(schema: unknown, value: unknown, at: Place | undefined): readonly Issue[] {
    const issues: Issue[] = []
    this.#visit(schema, value, at, issues)
    return issues
  }

  /** The schema behind a reference, or the schema itself. */
  resolved(schema: unknown): unknown {
    let target = schema
    for (let hops = 0; hops < 16 && isObject(target); hops += 1) {
      const ref = target['$ref'] ?? target['$dynamicRef'] ?? target['$recursiveRef']
      if (typeof ref !== 'string') break
      target = this.#references.resolve(target, ref)
    }
    return target
  }

  #visit(schema: unknown, value: unknown, at: Place | undefined, issues: Issue[]): void {
    if (this.#full(issues)) return
    this.#steps += 1
    if (schema === false) issues.push(issue(at, 'is not allowed here'))
    if (!isObject(schema)) return
    const types = typesOf(schema)
    if (types !== undefined && !types.some(type => isOfType(type, value))) {
      issues.push(issue(at, wrongType(types, value)))
      return
    }
    const before = issues.length
    this.#scalar(schema, value, at, issues)
    if (issues.length > before) return
    if (isObject(value)) this.#object(schema, value, at, issues)
    if (Array.isArray(value)) this.#array(schema, value, at, issues)
    this.#combined(schema, value, at, issues)
    if (issues.length === before && isObject(value)) this.#unevaluated(schema, value, at, issues)
  }

  #full(issues: readonly Issue[]): boolean {
    return issues.length >= MAX_ISSUES || this.#steps > MAX_STEPS
  }

  #scalar(schema: JsonObject, value: unknown, at: Place | undefined, issues: Issue[]): void {
    const allowed = 'const' in schema ? [schema['const']] : schema['enum']
    if (Array.isArray(allowed) && !allowed.some(other => same(other, value))) {
      issues.push(issue(at, wrongValue(allowed, value)))
      return
    }
    const before = issues.length
    for (const { keyword, of, holds, text } of BOUNDS) {
      const limit = schema[keyword]
      if (typeof limit === 'number' && isOfType(of, value) && !holds(value as never, limit)) issues.push(issue(at, text(limit)))
    }
    // A text that is too long is not matched: its pattern may be affordable only within maxLength.
    if (typeof value === 'string' && issues.length === before) this.#text(schema, value, at, issues)
  }

  #text(schema: JsonObject, value: string, at: Place | undefined, issues: Issue[]): void {
    const { format, pattern } = schema as { format?: unknown; pattern?: unknown }
    if (typeof format === 'string' && this.#formats?.(format, value) === false) issues.push(issue(at, wrongFormat(format)))
    else if (typeof pattern === 'string' && !this.#matches(pattern, value)) {
      // Libraries send the pattern behind a format along with it; the format says more.
      const wanted =
        typeof format === 'string' ? wrongFormat(format) : `expected a string that matches ${excerpt(pattern, 100)}, found another string`
      issues.push(issue(at, wanted))
    }
  }

  #object(schema: JsonObject, value: JsonObject, at: Place | undefined, issues: Issue[]): void {
    const properties = isObject(schema['properties']) ? schema['properties'] : {}
    for (const name of names(schema['required'])) {
      if (!Object.hasOwn(value, name) && !this.#full(issues)) issues.push(issue({ outer: at, name }, 'required property is missing'))
    }
    for (const name of Object.keys(properties)) {
      if (Object.hasOwn(value, name) && value[name] !== undefined) this.#visit(properties[name], value[name], { outer: at, name }, issues)
    }
    this.#others(schema, properties, value, at, issues)
    this.#dependencies(schema, value, at, issues)
  }

  /** Members that `properties` does not name, and what their names must be. */
  #others(schema: JsonObject, properties: JsonObject, value: JsonObject, at: Place | undefined, issues: Issue[]): void {
    const patterns = Object.entries(isObject(schema['patternProperties']) ? schema['patternProperties'] : {})
    const { additionalProperties: rest, propertyNames } = schema
    if (patterns.length === 0 && propertyNames === undefined && (rest === undefined || rest === true)) return
    for (const name of Object.keys(value)) {
      if (this.#full(issues)) return
      const place = { outer: at, name }
      if (propertyNames !== undefined && this.of(propertyNames, name, undefined).length > 0)
        issues.push(issue(place, 'property name is not allowed'))
      const matching = patterns.filter(([pattern]) => this.#matches(pattern, name))
      for (const [, inner] of matching) this.#visit(inner, value[name], place, issues)
      if (matching.length > 0 || Object.hasOwn(properties, name)) continue
      if (rest === false) issues.push(issue(place, unknownProperty(name, Object.keys(properties), value)))
      else this.#visit(rest, value[name], place, issues)
    }
  }

  #dependencies(schema: JsonObject, value: JsonObject, at: Place | undefined, issues: Issue[]): void {
    for (const keyword of ['dependentRequired', 'dependentSchemas', 'dependencies']) {
      const map = schema[keyword]
      if (!isObject(map)) continue
      for (const name of Object.keys(map)) {
        if (!Object.hasOwn(value, name)) continue
        for (const needed of names(map[name])) {
          if (!Object.hasOwn(value, needed))
            issues.push(issue({ outer: at, name: needed }, `required property is missing, because \`${excerpt(name, 64)}\` is present`))
        }
        if (!Array.isArray(map[name])) this.#visit(map[name], value, at, issues)
      }
    }
  }

  #array(schema: JsonObject, value: readonly unknown[], at: Place | undefined, issues: Issue[]): void {
    const old = Array.isArray(schema['items'])
    const first = listOf(old ? schema['items'] : schema['prefixItems'])
    const rest = old ? schema['additionalItems'] : schema['items']
    for (const [index, item] of value.entries()) {
      if (this.#full(issues) || (index >= first.length && rest === undefined)) break
      this.#visit(index < first.length ? first[index] : rest, item, { outer: at, name: index }, issues)
    }
    if (schema['uniqueItems'] === true && !unique(value)) issues.push(issue(at, 'expected items that differ from one another'))
    const {
      contains,
      minContains = 1,
      maxContains = Number.POSITIVE_INFINITY,
    } = schema as { contains?: unknown; minContains?: number; maxContains?: number }
    if (contains === undefined || this.#full(issues)) return
    const fitting = value.filter(item => this.of(contains, item, undefined).length === 0).length
    if (fitting < minContains) issues.push(issue(at, `expected at least ${minContains} fitting items, found fewer`))
    if (fitting > maxContains) issues.push(issue(at, `expected at most ${maxContains} fitting items, found more`))
  }

  #combined(schema: JsonObject, value: unknown, at: Place | undefined, issues: Issue[]): void {
    const target = this.resolved(schema)
    if (target !== schema) this.#visit(target, value, at, issues)
    for (const branch of listOf(schema['allOf'])) this.#visit(branch, value, at, issues)
    for (const keyword of ['anyOf', 'oneOf']) {
      const branches = schema[keyword]
      if (!Array.isArray(branches) || this.#full(issues)) continue
      const trials = branches.map(branch => this.of(branch, value, at))
      const fitting = trials.filter(trial => trial.length === 0).length
      if (fitting === 0)
        issues.push(
          ...unionIssues(
            branches.map(branch => this.resolved(branch)),
            trials,
            value,
            at,
          ),
        )
      if (fitting > 1 && keyword === 'oneOf')
        issues.push(issue(at, `expected to fit exactly one of ${branches.length} alternatives, fits ${fitting}`))
    }
    if (schema['if'] !== undefined)
      this.#visit(this.of(schema['if'], value, at).length === 0 ? schema['then'] : schema['else'], value, at, issues)
    if (schema['not'] !== undefined && this.of(schema['not'], value, at).length === 0)
      issues.push(issue(at, 'is of a kind that is not allowed here'))
  }

  #unevaluated(schema: JsonObject, value: JsonObject, at: Place | undefined, issues: Issue[]): void {
    const rest = schema['unevaluatedProperties']
    if (rest === undefined || rest === true) return
    const known = new Set<string>()
    this.#collect(schema, value, known)
    for (const name of Object.keys(value)) {
      if (known.has(name) || this.#full(issues)) continue
      const place = { outer: at, name }
      if (rest === false) issues.push(issue(place, unknownProperty(name, [...known], value)))
      else this.#visit(rest, value[name], place, issues)
    }
  }

  /** Names that a schema and those beside it speak about. */
  #collect(schema: unknown, value: JsonObject, known: Set<string>): void {
    this.#steps += 1
    if (!isObject(schema) || this.#steps > MAX_STEPS) return
    for (const name of Object.keys(isObject(schema['properties']) ? schema['properties'] : {})) known.add(name)
    const patterns = Object.keys(isObject(schema['patternProperties']) ? schema['patternProperties'] : {})
    const open = schema['additionalProperties'] !== undefined
    for (const name of Object.keys(value)) if (open || patterns.some(pattern => this.#matches(pattern, name))) known.add(name)
    const target = this.resolved(schema)
    if (target !== schema) this.#collect(target, value, known)
    for (const branch of listOf(schema['allOf'])) this.#collect(branch, value, known)
    for (const branch of [...listOf(schema['anyOf']), ...listOf(schema['oneOf'])])
      if (this.of(branch, value, undefined).length === 0) this.#collect(branch, value, known)
    if (schema['if'] !== undefined)
      for (const branch of [schema['if'], schema['then'], schema['else']])
        if (this.of(branch, value, undefined).length === 0) this.#collect(branch, value, known)
  }

  #matches(pattern: string, text: string): boolean {
    const known = this.#patterns.get(pattern)
    const regex = known ?? new RegExp(searchPattern(pattern), 'u')
    if (known === undefined) this.#patterns.set(pattern, regex)
    return regex.test(text)
  }
}

function names(value: unknown): readonly string[] {
  return listOf(value).filter(name => typeof name === 'string')
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** Deep equality of JSON values. Both are bounded: one by the schema, the other by its weight. */
function same(left: unknown, right: unknown): boolean {
  if (left === right) return true
  if (Array.isArray(left))
    return Array.isArray(right) && left.length === right.length && left.every((item, index) => same(item, right[index]))
  if (!isObject(left) || !isObject(right)) return false
  const keys = Object.keys(left)
  return keys.length === Object.keys(right).length && keys.every(key => Object.hasOwn(right, key) && same(left[key], right[key]))
}

function unique(items: readonly unknown[]): boolean {
  return new Set(items.map(canonical)).size === items.length
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  if (!isObject(value)) return JSON.stringify(value) ?? ''
  return `{${Object.keys(value)
    .sort()
    .map(key => `${JSON.stringify(key)}:${canonical(value[key])}`)
    .join()}}`
}
