/** One message that must be refused, and what refusing it looks like over HTTP and over a connection. */
import { META } from '@oarlock/protocol'

type Json = Readonly<Record<string, unknown>>

/** An error as it comes back. */
export interface Refusal {
  readonly code: number
  /** The id that is echoed; absent where it could not be read or there was none, which before 2025-11-25 is null. */
  readonly id?: string | number | null
  /** What `error.data` holds at least. */
  readonly data?: Json
}

/** What a connection does with a message: refuses it, says nothing, or serves it because what is wrong is in the headers only. */
export type OnLink = Refusal | 'silence' | 'served'

export interface Case {
  readonly name: string
  /** `session` after a handshake of 2025-11-25; `exchange` with the headers of a good request where the case does not change them. */
  readonly conversation: 'exchange' | 'session'
  /** The bytes, as text or as they are. */
  readonly body: string | Uint8Array
  /** Changes to the headers that a good request of its conversation has. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly http: Refusal & { readonly status: number }
  readonly link: OnLink
  /** What the official server 2.4.0 answers over HTTP, where it was measured (DIGEST 3.20): status and code. */
  readonly official?: readonly [status: number, code: number]
  /** Why ours is another. */
  readonly departs?: string
}

export const M = '2026-07-28'

/** What a case says beside its message. */
export interface Outcome {
  readonly status: number
  readonly code: number
  /** The id of the messages below when absent; 'none' where no id comes back. */
  readonly id?: string | number | null
  readonly data?: Json
  readonly headers?: Case['headers']
  readonly link?: OnLink
  readonly official?: Case['official']
  readonly departs?: string
}

export const ID = 'the-id'

function refused(name: string, conversation: Case['conversation'], body: Case['body'], outcome: Outcome): Case {
  const { status, code, id = ID, data, headers = {}, link, official, departs } = outcome
  const refusal: Refusal = { code, ...(id === 'none' ? {} : { id }), ...(data === undefined ? {} : { data }) }
  return {
    name,
    conversation,
    body,
    headers,
    http: { status, ...refusal },
    link: link ?? refusal,
    ...(official === undefined ? {} : { official }),
    ...(departs === undefined ? {} : { departs }),
  }
}

/** Text or bytes as they are. */
export function raw(name: string, body: Case['body'], outcome: Outcome): Case {
  return refused(name, 'exchange', body, outcome)
}

/** The envelope of a good request. */
export const ENVELOPE: Json = {
  [META.version]: M,
  [META.capabilities]: {},
  [META.clientInfo]: { name: 'test', version: '1' },
}

/** A stateless request that is good but for what is changed: `undefined` takes a member away. */
export function exchange(name: string, method: unknown, params: Json, outcome: Outcome, message: Json = {}): Case {
  const named = params['name'] ?? params['uri']
  const headers = {
    'mcp-method': typeof method === 'string' ? method : 'x',
    ...(typeof named === 'string' && ['tools/call', 'prompts/get', 'resources/read'].includes(String(method)) ? { 'mcp-name': named } : {}),
    ...outcome.headers,
  }
  const body = JSON.stringify({
    jsonrpc: '2.0',
    id: ID,
    method,
    params: { ...params, ...('_meta' in params ? {} : { _meta: ENVELOPE }) },
    ...message,
  })
  return refused(name, 'exchange', body, { ...outcome, headers })
}

/** A request in a session that is good but for what is changed. */
export function session(name: string, method: string, params: unknown, outcome: Outcome, message: Json = {}): Case {
  return refused(name, 'session', JSON.stringify({ jsonrpc: '2.0', id: ID, method, params, ...message }), outcome)
}
