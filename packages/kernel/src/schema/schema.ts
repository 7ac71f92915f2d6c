/** What users may write where a schema is wanted, and the one compiled form the kernel works with. */

import type { JsonObject } from '@oarlock/protocol'

/** The Standard Schema contract (standardschema.dev, version 1), as far as we read it. */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>
    readonly types?: { readonly input: Input; readonly output: Output } | undefined
  }
}

type StandardResult<Output> = { readonly value: Output; readonly issues?: undefined } | { readonly issues: readonly StandardIssue[] }

interface StandardIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

/** A class whose fields carry `@Field` (decorators): it turns into a JSON Schema by this registered symbol. */
export const FIELDS: unique symbol = Symbol.for('oarlock.fields') as never

/** A DTO class: its instances' shape is the type, `[FIELDS]()` the JSON Schema. */
export interface DtoClass<T = unknown> {
  new (): T
  [FIELDS](): JsonObject
}

/**
 * A schema in any accepted spelling: TypeBox 1.x or 0.34 and raw JSON Schema (objects), a Standard Schema with a JSON Schema companion, or a DTO
 * class.
 */
export type Schema = object | StandardSchema | DtoClass

/** One thing wrong with a value. */
export interface Issue {
  /** Where, as a JSON Pointer of property names: `/items/3/name`; empty for the value itself. */
  readonly path: string
  /** What was expected there and what kind of value was found, in words a model can act on. Never the value itself. */
  readonly message: string
}

/** What a check found: the value to use (coerced, with defaults where asked for), or at most five issues. */
export type Checked = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly issues: readonly Issue[] }

/** Options of compilation. */
export interface SchemaOptions {
  /** Turn the strings of prompt arguments and template variables into what the schema wants: numbers, booleans, integers. */
  readonly coerce?: boolean | undefined
  /** Fill absent members from `default`. */
  readonly defaults?: boolean | undefined
  /**
   * Assert `format` (date, time, date-time, duration, email, hostname, ipv4, ipv6, uri, uri-reference, uuid, regex, …). On unless false: JSON Schema
   * 2020-12 would rather have it an annotation (DIGEST S-JS-09), but a model that is told `date` and sends `tomorrow` should hear of it.
   * Formats nobody knows are never asserted. A Standard Schema's own library decides for itself.
   */
  readonly formats?: boolean | undefined
  /** The side of a Standard Schema that the wire sees: `input` unless it describes what a handler returns. */
  readonly side?: 'input' | 'output' | undefined
  /**
   * Array elements and object members that a value may hold in all; 100,000 unless told otherwise, 10,000,000 on the output side. More is refused before
   * anything looks at it.
   */
  readonly maxNodes?: number | undefined
}

/** A schema at work: made once per component, at registration. */
export interface CompiledSchema {
  /** The JSON Schema as listed to clients: every keyword kept (DIGEST S-TOOL-27). */
  readonly json: JsonObject
  /** Checks a value. Answers at once except the very first time (the validator is loaded then) and for asynchronous Standard Schemas. */
  check(value: unknown): Checked | Promise<Checked>
}

/** Something a schema does that it should not, found at registration. */
export interface SchemaProblem {
  /** `error` stops registration; `warning` is listed by `server.check()`. */
  readonly severity: 'error' | 'warning'
  /** JSON Pointer into the schema. */
  readonly path: string
  /** What is wrong and how to fix it. */
  readonly message: string
}
