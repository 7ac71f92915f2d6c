/** What is valid JSON Schema and still not understood by some client or model (FACE.md, "Portability checks"). */

import { isObject, type JsonObject } from '@oarlock/protocol'
import { innerSchemas } from './keyword.ts'
import type { SchemaProblem } from './schema.ts'

const REWRITES = "; schema: 'portable' rewrites it"

/** Keywords in which a boolean is understood everywhere. */
const BOOLEAN_HERE: ReadonlySet<string> = new Set(['additionalProperties', 'unevaluatedProperties', 'additionalItems', 'unevaluatedItems'])

/** The warnings for a schema that is listed to clients. */
export function portabilityProblems(json: JsonObject, role: 'input' | 'output', maxDepth: number): readonly SchemaProblem[] {
  const problems: SchemaProblem[] = []
  const warn = (path: string, message: string) => problems.push({ severity: 'warning', path, message })
  for (const word of ['anyOf', 'oneOf', 'allOf']) {
    if (json[word] !== undefined) warn(`/${word}`, `some clients refuse ${word} at the top of a schema${REWRITES}`)
  }
  if (role === 'output' && json['type'] !== 'object') {
    warn('/type', 'clients before 2026-07-28 take only objects as structured content and get this result as text alone')
  }
  const met = new Set<JsonObject>()
  const waiting: (readonly [JsonObject, string, number])[] = [[json, '', 0]]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [schema, path, depth] = next
    if (met.has(schema) || depth > maxDepth) continue
    met.add(schema)
    const { type } = schema
    if (Array.isArray(type) && type.length > 1) warn(`${path}/type`, `some clients do not understand a list of types${REWRITES}`)
    if (type === 'array' && (schema['items'] === undefined || Array.isArray(schema['items'])))
      warn(path, `some clients need items, one schema, in an array${REWRITES}`)
    for (const inner of innerSchemas(schema).toReversed()) {
      if (isObject(inner.schema)) waiting.push([inner.schema, path + inner.path, depth + 1])
      else if (!BOOLEAN_HERE.has(inner.keyword))
        warn(path + inner.path, `some clients do not understand true and false as schemas${REWRITES}`)
    }
  }
  return problems
}
