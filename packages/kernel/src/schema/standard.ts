/** Standard Schemas (zod, arktype, valibot, …): their own validation, the JSON Schema of their companion, and their issues in our words. */

import { excerpt, isObject, type JsonObject } from '@oarlock/protocol'
import { MAX_ISSUES } from './explain.ts'
import { issue, type Place } from './place.ts'
import type { Issue, StandardSchema } from './schema.ts'
import { kindOf } from './wording.ts'
import { validateOf } from './zod.ts'

/** Which side of a schema the wire sees: what goes into validation, or what comes out of it. */
export type Side = 'input' | 'output'

const TARGET = { target: 'draft-2020-12' }

/** The contract by which a Standard Schema tells its JSON Schema (Standard JSON Schema, version 1). */
interface JsonSchemas {
  readonly input: (options: { readonly target: string }) => JsonObject
  readonly output: (options: { readonly target: string }) => JsonObject
}

/** Whether a value is a Standard Schema; some are functions. */
export function isStandard(schema: unknown): schema is StandardSchema {
  if ((typeof schema !== 'object' && typeof schema !== 'function') || schema === null || !('~standard' in schema)) return false
  const standard = schema['~standard']
  return isObject(standard) && typeof standard['validate'] === 'function'
}

/**
 * Gives a Standard Schema the JSON Schema that its library cannot tell. Validation stays the library's.
 *
 *     withJsonSchema(v.object({ a: v.number() }), toJsonSchema(…))
 */
export function withJsonSchema<S extends StandardSchema>(schema: S, input: JsonObject, output: JsonObject = input): S {
  const standard = { ...schema['~standard'], validate: validateOf(schema), jsonSchema: { input: () => input, output: () => output } }
  return { '~standard': standard } as unknown as S
}

/** The JSON Schema of a Standard Schema. @throws TypeError that names the cure when it has none */
export function jsonOfStandard(schema: StandardSchema, side: Side): JsonObject {
  const { vendor, jsonSchema } = schema['~standard'] as StandardSchema['~standard'] & { readonly jsonSchema?: JsonSchemas }
  const make = jsonSchema === undefined ? method(schema) : () => jsonSchema[side](TARGET)
  if (make === undefined) throw new TypeError(`This ${vendor} schema cannot tell its JSON Schema. ${CURES.get(vendor) ?? CURE}`)
  try {
    return make()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const cure = side === 'output' ? OUTPUT_CURE : (FAILED_CURES.get(vendor) ?? CURE)
    throw new TypeError(`This ${vendor} schema has no JSON Schema (${excerpt(reason, 300)}). ${cure}`, { cause: error })
  }
}

const CURE = 'Give it one: withJsonSchema(schema, { type: "object", … }).'
const OUTPUT_CURE =
  'As an output schema it must say what it turns values into: end a transform with a pipe to a schema, or use withJsonSchema(schema, input, output).'
const CURES: ReadonlyMap<string, string> = new Map([
  ['zod', 'Use zod 4.2 or newer, or withJsonSchema(schema, json).'],
  ['arktype', 'Use arktype 2.1.28 or newer, or withJsonSchema(schema, schema.toJsonSchema()).'],
  ['valibot', "Wrap it: toStandardJsonSchema(schema) from '@valibot/to-json-schema'."],
])

const FAILED_CURES: ReadonlyMap<string, string> = new Map([
  ['valibot', "Leave out what JSON Schema cannot say: withJsonSchema(schema, toJsonSchema(schema, { errorMode: 'ignore' }))."],
])

/** What libraries had before the contract existed. */
function method(schema: object): (() => JsonObject) | undefined {
  const { toJSONSchema, toJsonSchema } = schema as { readonly toJSONSchema?: unknown; readonly toJsonSchema?: unknown }
  const found = typeof toJSONSchema === 'function' ? toJSONSchema : toJsonSchema
  return typeof found === 'function' ? () => found.call(schema) as JsonObject : undefined
}

/** A library's issues, at most five, with the values they quote taken out. */
export function standardIssues(
  found: readonly { readonly message: string; readonly path?: readonly unknown[] | undefined }[],
  value: unknown,
): readonly Issue[] {
  return found.slice(0, MAX_ISSUES).map(({ message, path = [] }) => {
    let at: Place | undefined
    let part = value
    for (const step of path) {
      const key = isObject(step) ? step['key'] : step
      const name = typeof key === 'number' ? key : String(key)
      at = { outer: at, name }
      part = typeof part === 'object' && part !== null && Object.hasOwn(part, name) ? (part as Record<string, unknown>)[name] : undefined
    }
    return issue(at, discreet(message, part))
  })
}

/** A message without the value it may quote: arktype says `(was "x")`, valibot `received "x"`. */
function discreet(message: string, value: unknown): string {
  const kind = kindOf(value)
  const text = message.replace(/ \(was .*\)$/s, `, found ${kind}`).replace(/\b(but )?received .*$/is, `found ${kind}`)
  const quoted = JSON.stringify(value) as string | undefined
  return quoted === undefined || quoted.length < 3 || quoted === 'null' || quoted === 'true' ? text : text.replaceAll(quoted, kind)
}
