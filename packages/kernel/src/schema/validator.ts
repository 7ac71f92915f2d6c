/** The one validator, `typebox/schema`, behind a door of its own: this file is imported when a schema is first checked, and not before. */

import type { JsonObject } from '@oarlock/protocol'
import { Test } from 'typebox/format'
import { Compile } from 'typebox/schema'
import type { FormatTest } from './explain.ts'
import { mapSchemas, set } from './keyword.ts'
import { searchPattern } from './pattern/search.ts'

/** Whether a value fits a schema. */
export type Verdict = (value: unknown) => boolean

/** Compiles a schema; without `eval` it is interpreted. `formats: false` leaves `format` an annotation. */
export function verdict(schema: JsonObject, formats: boolean): Verdict {
  const compiled = Compile(!formats || mayStartFreely(schema) ? mapSchemas(schema, inner => adapted(inner, formats)) : schema)
  return value => compiled.Check(value)
}

/** Whether a text is of a format; true for formats nobody knows. */
export const formatTest: FormatTest = (format, text) => Test(format, text)

function mayStartFreely(schema: JsonObject): boolean {
  return JSON.stringify(schema).includes('"pattern":".*')
}

/** Changes the copy that it is given. */
function adapted(schema: JsonObject, formats: boolean): JsonObject {
  const { pattern } = schema
  if (!formats) delete (schema as { format?: unknown }).format
  if (typeof pattern === 'string') set(schema, 'pattern', searchPattern(pattern))
  return schema
}
