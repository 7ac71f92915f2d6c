/** Compiles a schema in any spelling into the one form the kernel works with. */

import { checkOptions, isObject, type JsonObject, type OptionNames } from '@oarlock/protocol'
import { dtoSchema } from './dto.ts'
import { type Explainer, explainer, MAX_ISSUES } from './explain.ts'
import { type Fill, filling } from './fill.ts'
import { bare, namesInherited } from './inherited.ts'
import { set } from './keyword.ts'
import { references } from './reference.ts'
import { type Checked, type CompiledSchema, type Issue, type Schema, type SchemaOptions, type StandardSchema } from './schema.ts'
import { isStandard, jsonOfStandard, standardIssues, type Side } from './standard.ts'
import type { Verdict } from './validator.ts'
import { MAX_NODES, MAX_OUTPUT_NODES, overweight } from './weight.ts'
import { validateOf } from './zod.ts'

const SCHEMA_OPTIONS: OptionNames<SchemaOptions> = { coerce: true, defaults: true, formats: true, side: true, maxNodes: true }

/**
 * Compiles a schema. Cheap at registration: the validator is loaded, and code for this schema made, when a value is first checked.
 * @throws TypeError for what is no schema, and for a Standard Schema that cannot tell its JSON Schema; the message names the cure
 */
export function compileSchema(schema: Schema, options: SchemaOptions = {}): CompiledSchema {
  checkOptions(options, SCHEMA_OPTIONS, 'compileSchema()')
  const json = options.side === 'output' ? jsonSchemaOf(schema, 'output') : rooted(jsonSchemaOf(schema))
  const check = isStandard(schema) ? standardCheck(schema, json, options) : ownCheck(json, options)
  const most = options.maxNodes ?? (options.side === 'output' ? MAX_OUTPUT_NODES : MAX_NODES)
  return { json, check: weighed(check, most) }
}

/** The JSON Schema of a schema in any spelling. Throws as `compileSchema`. */
export function jsonSchemaOf(schema: Schema, side: Side = 'input'): JsonObject {
  const fields = dtoSchema(schema)
  if (fields !== undefined) return fields
  if (isStandard(schema)) return jsonOfStandard(schema, side)
  if (isObject(schema)) return schema
  if (typeof schema === 'function') throw new TypeError(`${schema.name || 'This class'} is no schema: none of its fields has @Field`)
  throw new TypeError('A schema must be an object: TypeBox, JSON Schema, a Standard Schema, or a class with @Field')
}

/**
 * A schema of arguments must say `type: 'object'` at its root (DIGEST S-TOOL-04). Intersections, unions and recursive schemas of objects mean it without
 * saying it.
 */
function rooted(json: JsonObject): JsonObject {
  if (json['type'] !== undefined || !meansObject(json, json, 0)) return json
  const copy = Object.create(Object.getPrototypeOf(json) as object | null, Object.getOwnPropertyDescriptors(json)) as JsonObject
  set(copy, 'type', 'object')
  return copy
}

function meansObject(schema: unknown, root: JsonObject, depth: number): boolean {
  if (!isObject(schema) || depth > 8) return false
  if (schema['type'] !== undefined) return schema['type'] === 'object'
  const { allOf, anyOf, oneOf, $ref } = schema
  const means = (branch: unknown) => meansObject(branch, root, depth + 1)
  if (typeof $ref === 'string' && means(references(root).resolve(schema, $ref))) return true
  if (Array.isArray(allOf) && allOf.some(means)) return true
  const branches: unknown = anyOf ?? oneOf
  return Array.isArray(branches) && branches.length > 0 && branches.every(means)
}

type Check = CompiledSchema['check']

/** Refuses what is too large to validate, before anything else looks at it. */
function weighed(check: Check, most: number): Check {
  return value => {
    const issue = overweight(value, most)
    return issue === undefined ? check(value) : { ok: false, issues: [issue] }
  }
}

/** Validation by typebox. The first check loads it and compiles; later ones answer at once. */
function ownCheck(json: JsonObject, options: SchemaOptions): Check {
  let compiled: Compiled | undefined
  return value => {
    if (compiled !== undefined) return run(compiled, value)
    if (loaded === undefined) return load().then(validator => run((compiled ??= compile(validator, json, options)), value))
    compiled = compile(loaded, json, options)
    return run(compiled, value)
  }
}

/** A schema that typebox checks. */
interface Compiled {
  readonly fits: Verdict
  readonly fill: Fill | undefined
  readonly explainer: Explainer
}

function compile({ verdict, formatTest }: Validator, json: JsonObject, options: SchemaOptions): Compiled {
  const formats = options.formats !== false
  const plain = verdict(json, formats)
  const fits: Verdict = namesInherited(json) ? value => plain(bare(value)) : plain
  return { fits, fill: filling(json, options), explainer: explainer(json, formats ? formatTest : undefined) }
}

function run({ fits, fill, explainer }: Compiled, value: unknown): Checked {
  const filled = fill === undefined ? value : fill(value)
  try {
    return fits(filled) ? { ok: true, value: filled } : { ok: false, issues: explainer.explain(filled) }
  } catch (error) {
    // The regular expression engine runs out of stack on texts of many megabytes.
    if (!(error instanceof RangeError)) throw error
    return { ok: false, issues: [{ path: '', message: 'holds a text too long to be checked' }] }
  }
}

/** Validation by the schema's own library, which fills in its defaults itself: they may be functions, to be called anew for each value. */
function standardCheck(schema: StandardSchema, json: JsonObject, options: SchemaOptions): Check {
  const validate = validateOf(schema)
  const fill = filling(json, { coerce: options.coerce ?? false })
  // The JSON Schema of the output side does not describe what goes in.
  const explains = options.side === 'output' ? undefined : explainer(json, undefined)
  const settle = (result: StandardResult, value: unknown): Checked => {
    if (result.issues === undefined) return { ok: true, value: result.value }
    return { ok: false, issues: merged(explains?.find(value) ?? [], standardIssues(result.issues, value)) }
  }
  return value => {
    const filled = fill === undefined ? value : fill(value)
    const result = validate(filled)
    return 'then' in result ? Promise.resolve(result).then(done => settle(done, filled)) : settle(result, filled)
  }
}

type StandardResult = Awaited<ReturnType<StandardSchema['~standard']['validate']>>

/** What the JSON Schema explains in our words, then what only the library knows of other places: refinements, formats. */
function merged(ours: readonly Issue[], theirs: readonly Issue[]): readonly Issue[] {
  const told = (path: string) =>
    ours.some(known => known.path === path || known.path.startsWith(`${path}/`) || path.startsWith(`${known.path}/`))
  return [...ours, ...theirs.filter(({ path }) => !told(path))].slice(0, MAX_ISSUES)
}

type Validator = typeof import('./validator.ts')

let loaded: Validator | undefined
let loading: Promise<Validator> | undefined

/** Loads the validator once for the process. A failed load is tried again. */
async function load(): Promise<Validator> {
  loading ??= import('./validator.ts')
  try {
    loaded = await loading
    return loaded
  } catch (error) {
    loading = undefined
    throw error
  }
}
