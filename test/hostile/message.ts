/** The messages that cases are made of: good ones, to be spoiled. */
import type { Expected, Headers, Json, Step, TalkCase, Talk, Way } from './case.ts'
import { EVERYWHERE } from './case.ts'

export const M = '2026-07-28'

/** The words by which a request of 2026-07-28 says who asks. */
export const VERSION = 'io.modelcontextprotocol/protocolVersion'
export const CAPABILITIES = 'io.modelcontextprotocol/clientCapabilities'

export const ENVELOPE: Json = { [VERSION]: M, [CAPABILITIES]: { elicitation: { form: {} } } }

export const ID = 'the-id'

/** The revisions of the conversations. */
export const REVISION: Readonly<Record<Talk, string>> = { exchange: M, session: '2025-11-25', batch: '2025-03-26' }

/** A request in the words of a conversation. `message` changes its envelope; `undefined` takes a member away. */
export function request(talk: Talk, method: unknown, params: unknown = {}, message: Json = {}): Json {
  return { jsonrpc: '2.0', id: ID, method, params: talk === 'exchange' ? enveloped(params) : params, ...message }
}

function enveloped(params: unknown): unknown {
  if (typeof params !== 'object' || params === null || Array.isArray(params) || '_meta' in params) return params
  return { ...params, _meta: ENVELOPE }
}

/** A message that is written in each conversation's own words when it is sent. */
export class Worded {
  readonly make: (talk: Talk) => unknown

  constructor(make: (talk: Talk) => unknown) {
    this.make = make
  }
}

export const INITIALIZE: Json = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'hostile', version: '1' } }

/** The headers of a good request. */
export function headersFor(talk: Talk | 'none', body: unknown): Headers {
  const base = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
  if (talk === 'none') return base
  const { method, params } = (typeof body === 'object' && body !== null ? body : {}) as { method?: unknown; params?: unknown }
  const { name, uri } = (typeof params === 'object' && params !== null ? params : {}) as { name?: unknown; uri?: unknown }
  if (talk !== 'exchange') return { ...base, 'mcp-protocol-version': REVISION[talk] }
  const named = method === 'resources/read' ? uri : method === 'tools/call' || method === 'prompts/get' ? name : undefined
  return {
    ...base,
    'mcp-protocol-version': M,
    'mcp-method': typeof method === 'string' ? mirrored(method) : 'x',
    ...(typeof named === 'string' ? { 'mcp-name': mirrored(named) } : {}),
  }
}

const PLAIN = /^(?! )[\x20-\x7e]*(?<! )$/

/** Text as a header mirrors it (DIGEST 3.7). */
export function mirrored(text: string): string {
  return PLAIN.test(text) && !text.startsWith('=?base64?') ? text : `=?base64?${Buffer.from(text).toString('base64')}?=`
}

/** What there is to say about a case beside its messages. */
export interface About {
  readonly over?: readonly Way[]
  readonly headers?: Headers
  readonly onLink?: Expected
  readonly within?: number
  readonly size?: number
}

/** A case of one message. */
export function one(name: string, rule: string, send: unknown, expect: Expected, about: About = {}): TalkCase {
  const { over = EVERYWHERE, headers, onLink, within, size } = about
  const step: Step = { send, expect, ...(headers === undefined ? {} : { headers }), ...(onLink === undefined ? {} : { onLink }) }
  return {
    kind: 'talk',
    name,
    rule,
    over,
    steps: [step],
    ...(within === undefined ? {} : { within }),
    ...(size === undefined ? {} : { size }),
  }
}

/** A case of one request that is good but for what is said of it. */
export function asked(
  name: string,
  rule: string,
  method: unknown,
  params: unknown,
  expect: Expected,
  about: About & { readonly message?: Json } = {},
): TalkCase {
  return one(name, rule, new Worded(talk => request(talk, method, params, about.message)), expect, about)
}

/** Refusals by what is refused. The status is that of HTTP. */
const refused = (status: Expected['status'], code: Expected['code'], id?: Expected['id']): Expected => ({
  outcome: 'refused',
  ...(status === undefined ? {} : { status }),
  ...(code === undefined ? {} : { code }),
  ...(id === undefined ? {} : { id }),
})

/** An id that could not be read does not come back. */
export const NOT_JSON = refused(400, -32700, null)
export const NO_MESSAGE = refused(400, -32600, null)
/** The same of a message whose id could be read. */
export const NO_REQUEST = refused(400, -32600, ID)
export const BAD_PARAMS = refused(200, -32602, ID)
/** Params that are no params at all. */
export const NO_PARAMS = refused(400, -32602, ID)
export const NO_METHOD = refused({ exchange: 404, session: 200, batch: 200 }, -32601, ID)
export const NOT_THERE = refused(200, { exchange: -32602, session: -32002, batch: -32002 }, ID)
export const MISMATCH = refused(400, -32020, ID)
export const SERVED: Expected = { outcome: 'served', status: 200, id: ID }
export const FAILED: Expected = { outcome: 'failed', status: 200, id: ID }
export const SILENCE: Expected = { outcome: 'silence', status: 202 }
export const STREAM: Expected = { outcome: 'stream', status: 200 }
export { refused }
