/** `_meta` that callers add to their requests: what may be in it, and its text (DIGEST 3.2, C-META-05 to 07). */

import { isObject, type JsonObject, META } from '@oarlock/protocol'

/** Keys that the client writes itself, here or never. */
const OURS: ReadonlySet<string> = new Set([META.version, META.capabilities, META.clientInfo, META.logLevel, 'progressToken'])

const LABEL = '[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?'
const KEY = new RegExp(`^(?:${LABEL}(?:\\.${LABEL})*/)?(?:[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)?$`)
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?$/

/**
 * The members of a caller's `_meta` as text, without braces; empty when nothing is left. Reserved keys are dropped, and so is trace context
 * that is not W3C's, because a request must never fail for it.
 * @throws TypeError for a key that the protocol's grammar does not allow
 */
export function metaText(meta: unknown): string {
  if (!isObject(meta)) return ''
  const members: string[] = []
  for (const [key, value] of Object.entries(meta)) {
    if (value === undefined || OURS.has(key) || !isTrace(key, value)) continue
    if (key.length > 512 || !KEY.test(key))
      throw new TypeError(`_meta key ${JSON.stringify(key)} is not a name with an optional dotted prefix and a slash`)
    const text = JSON.stringify(value) as string | undefined
    if (text !== undefined) members.push(`${JSON.stringify(key)}:${text}`)
  }
  return members.join(',')
}

/** The `_meta` of a request: what is in its params, then what its options add. */
export function callerMeta(params: JsonObject | undefined, added: JsonObject | undefined): unknown {
  const own = params?.['_meta']
  return isObject(own) && added !== undefined ? { ...own, ...added } : (added ?? own)
}

function isTrace(key: string, value: unknown): boolean {
  if (key === 'traceparent') return typeof value === 'string' && TRACEPARENT.test(value)
  return (key !== 'tracestate' && key !== 'baggage') || typeof value === 'string'
}
