/** Fetches what concerns authorization: small, quick, and without being led elsewhere (THREATS 8, T16). */

import { isObject, type JsonObject } from '@oarlock/protocol'
import { screenedFrom } from './address.ts'
import { AuthorizationFailed } from './error.ts'

/** The part of `fetch` that is used. */
export type AuthFetch = (url: string, init: RequestInit) => Promise<Response>

/** Bounds on what is fetched. */
export interface Fetching {
  readonly fetch: AuthFetch
  /** For one request with its body, in milliseconds. */
  readonly timeoutMs: number
  /** Most bytes of a body. */
  readonly maxBytes: number
}

const MAX_REDIRECTS = 3
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/**
 * The document at a URL; undefined where there is none (any 4xx). Redirects are followed by hand, only within the origin.
 * @throws AuthorizationFailed when it is not to be had, too large, or not a JSON object
 */
export async function getDocument(fetching: Fetching, address: URL, what: string): Promise<JsonObject | undefined> {
  let url = address.href
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const response = await send(fetching, url, { method: 'GET', headers: { Accept: 'application/json' } }, what)
    if (response.type !== 'opaqueredirect' && !REDIRECTS.has(response.status)) return document(response, what)
    const location = response.headers.get('location')
    const next = location !== null && URL.canParse(location, url) ? new URL(location, url) : undefined
    if (next?.origin !== address.origin) throw new AuthorizationFailed('address', `${what} redirects to another origin`)
    url = screenedFrom(address.href, next.href, what).href
  }
  throw new AuthorizationFailed('address', `${what} redirects too often`)
}

/** One request whose body is whole and small when this resolves. Redirects come back as what they are. */
export async function send({ fetch, timeoutMs, maxBytes }: Fetching, url: string, init: RequestInit, what: string): Promise<Response> {
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    const response = await fetch(url, { ...init, redirect: 'manual', cache: 'no-store', credentials: 'omit', signal })
    if (response.type === 'opaqueredirect') return response
    const body = await bodyOf(response, maxBytes, what)
    const { status, headers } = response
    return new Response(body.length === 0 ? null : body, { status, headers })
  } catch (cause) {
    if (AuthorizationFailed.is(cause)) throw cause
    throw new AuthorizationFailed('metadata', `${what} cannot be fetched`, cause)
  }
}

function document(response: Response, what: string): Promise<JsonObject | undefined> {
  if (response.status >= 400 && response.status < 500) return Promise.resolve(undefined)
  if (!response.ok) throw new AuthorizationFailed('metadata', `${what} cannot be fetched: HTTP status ${response.status}`)
  return objectIn(response, what)
}

/** The JSON object that a body holds. @throws AuthorizationFailed */
export async function objectIn(response: Response, what: string): Promise<JsonObject> {
  let value: unknown
  try {
    value = JSON.parse(await response.text())
  } catch (cause) {
    throw new AuthorizationFailed('metadata', `${what} is not JSON`, cause)
  }
  if (!isObject(value)) throw new AuthorizationFailed('metadata', `${what} is not a JSON object`)
  return value
}

async function bodyOf(response: Response, limit: number, what: string): Promise<Uint8Array<ArrayBuffer>> {
  const reader = response.body?.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  for (let piece = await reader?.read(); piece !== undefined && !piece.done; piece = await reader?.read()) {
    size += piece.value.byteLength
    if (size > limit) {
      void reader?.cancel().catch(() => {})
      throw new AuthorizationFailed('metadata', `${what} has more than ${limit} bytes`)
    }
    chunks.push(piece.value)
  }
  const body = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    body.set(chunk, at)
    at += chunk.byteLength
  }
  return body
}
