/** Which requests may be sent twice. */

import type { JsonObject } from '@oarlock/protocol'
import type { ToolBook } from './tool-book.ts'

/** They read, or set something to the same value again. */
const SAFE: ReadonlySet<string> = new Set([
  'server/discover',
  'ping',
  'tools/list',
  'resources/list',
  'resources/templates/list',
  'resources/read',
  'resources/subscribe',
  'resources/unsubscribe',
  'prompts/list',
  'prompts/get',
  'completion/complete',
  'logging/setLevel',
  'tasks/get',
  'tasks/list',
])

/** Whether sending this request twice does no more than sending it once, as far as anybody said. */
export function isRepeatable(method: string, params: JsonObject | undefined, tools: ToolBook): boolean {
  return SAFE.has(method) || (method === 'tools/call' && tools.get(params?.['name'])?.repeatable === true)
}
