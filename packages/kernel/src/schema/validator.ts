/** The one validator, `typebox/schema`, behind a door of its own: this file is imported when a schema is first checked, and not before. */

import type { JsonObject } from '@oarlock/protocol'
import { Test } from 'typebox/format'
import { Compile } from 'typebox/schema'
import type { FormatTest } from './explain.ts'
import { mapSchemas } from './keyword.ts'

/** Whether a value fits a schema. */
export type Verdict = (value: unknown) => boolean

/** Compiles a schema; without `eval` it is interpreted. `formats: false` leaves `format` an annotation. */
export function verdict(schema: JsonObject, formats: boolean): Verdict {
  const compiled = Compile(formats ? schema : mapSchemas(schema, withoutFormat))
  return value => compiled.Check(value)
}

/** Whether a text is of a format; true for formats nobody knows. */
export const formatTest: FormatTest = (format, text) => Test(format, text)

function withoutFormat(schema: JsonObject): JsonObject {
  delete (schema as { format?: unknown }).format
  return schema
}
