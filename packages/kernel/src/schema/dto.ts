/** The schema that a class with `@Field` fields offers, whichever decorator dialect it was compiled in. */

import type { JsonObject } from '@oarlock/protocol'
import { FIELDS } from './schema.ts'

/**
 * The JSON Schema of a class; undefined for anything else. `[FIELDS]()` is a static method of the class or of a parent; standard decorators of
 * fields cannot reach their class, and leave it in the class's metadata instead.
 */
export function dtoSchema(schema: unknown): JsonObject | undefined {
  const metadata = (Symbol as { metadata?: symbol }).metadata ?? Symbol.for('Symbol.metadata')
  for (let each = schema; typeof each === 'function'; each = Object.getPrototypeOf(each) as unknown) {
    const method = own(each, FIELDS) ?? own(own(each, metadata), FIELDS)
    if (typeof method === 'function') return method.call(schema) as JsonObject
  }
  return undefined
}

function own(holder: unknown, key: symbol): unknown {
  return (typeof holder === 'object' && holder !== null) || typeof holder === 'function'
    ? Object.getOwnPropertyDescriptor(holder, key)?.value
    : undefined
}
