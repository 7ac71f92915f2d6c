/** What a cached result is the answer to: the method and the params that matter to the result (DIGEST 3.11). */

import { isObject, type JsonObject } from '@oarlock/protocol'

/** Cacheable methods, and the one param that their result depends on. */
const DEPENDS_ON: ReadonlyMap<string, string | undefined> = new Map([
  ['server/discover', undefined],
  ['tools/list', 'cursor'],
  ['prompts/list', 'cursor'],
  ['resources/list', 'cursor'],
  ['resources/templates/list', 'cursor'],
  ['resources/read', 'uri'],
])

/** `_meta` that follows a request through systems and changes no result. */
const TRACE: ReadonlySet<string> = new Set(['traceparent', 'tracestate', 'baggage'])

/** A key, or undefined for a request whose result must not be kept: other methods, retries with answers, and params nobody knows. */
export function keyOf(method: string, params: JsonObject | undefined, meta: JsonObject | undefined): string | undefined {
  if (!DEPENDS_ON.has(method) || !isPlain(meta) || !isPlain(params?.['_meta'])) return undefined
  const name = DEPENDS_ON.get(method)
  for (const key in params) if (key !== name && key !== '_meta' && params[key] !== undefined) return undefined
  const value = name === undefined ? undefined : params?.[name]
  if (value === undefined) return method
  return typeof value === 'string' ? `${method} ${value}` : undefined
}

function isPlain(meta: unknown): boolean {
  return meta === undefined || (isObject(meta) && Object.keys(meta).every(key => TRACE.has(key)))
}
