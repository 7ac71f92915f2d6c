/** Schemas with members named as every object inherits one: `constructor`, `valueOf`, `toString`, … (THREATS 15). */

import { isObject } from '@oarlock/protocol'

/** Whether a schema speaks of such a member anywhere. Compiled checks read members as they are, and so would find the inherited ones. */
export function namesInherited(schema: unknown, seen = new Set<unknown>()): boolean {
  if (typeof schema !== 'object' || schema === null || seen.has(schema)) return false
  seen.add(schema)
  if (Array.isArray(schema)) return schema.some(part => (typeof part === 'string' ? isInherited(part) : namesInherited(part, seen)))
  return Object.entries(schema).some(([key, part]) => isInherited(key) || namesInherited(part, seen))
}

function isInherited(name: string): boolean {
  return Object.hasOwn(Object.prototype, name)
}

/** A copy that inherits nothing, all the way down. */
export function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare)
  if (!isObject(value)) return value
  const copy = Object.create(null) as Record<string, unknown>
  for (const [key, part] of Object.entries(value)) copy[key] = bare(part)
  return copy
}
