/** Messages as text: params are written once, and `_meta`, which is mostly the same from request to request, is spliced in behind them. */

import type { JsonObject } from '@oarlock/protocol'

/** The text of params without the closing brace, ready for one more member. */
export type OpenText = string

/** Writes params. A `_meta` in them is left to the caller, who merges it with its own. */
export function openText(params: JsonObject | undefined): OpenText {
  if (params === undefined) return '{'
  if (params['_meta'] === undefined) return JSON.stringify(params).slice(0, -1)
  const { _meta: _, ...rest } = params
  return JSON.stringify(rest).slice(0, -1)
}

/** The text of a request. `meta` holds the members of `_meta`; it is left out when empty, and so are params without any member. */
export function requestText(id: number, method: string, params: OpenText, meta: string): string {
  return `{"jsonrpc":"2.0","id":${id},"method":${JSON.stringify(method)}${paramsText(params, meta)}}`
}

/** The text of a notification. */
export function noticeText(method: string, params: OpenText, meta: string): string {
  return `{"jsonrpc":"2.0","method":${JSON.stringify(method)}${paramsText(params, meta)}}`
}

function paramsText(params: OpenText, meta: string): string {
  if (meta === '') return params === '{' ? '' : `,"params":${params}}`
  return `,"params":${params}${params === '{' ? '' : ','}"_meta":{${meta}}}`
}
