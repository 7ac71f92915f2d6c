/** Requests to one server: headers put together, redirects followed by hand and never to another origin (THREATS 8). */

import { type AuthorizedRequest, ConnectionClosed, isObject, isThenable, reasonOf } from '@oarlock/protocol'
import { HttpError, shown } from './error.ts'
import type { ClientSettings } from './options.ts'

/** A request to the server. */
export interface Outgoing {
  readonly method: 'POST' | 'GET' | 'DELETE'
  /** Where to, if not to the endpoint itself. Of the same origin, as whoever gives it has made sure. */
  readonly url?: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** The message's method and what it names, for whoever decides about its credentials. */
  readonly operation?: string | undefined
  readonly signal: AbortSignal
  /** Milliseconds that one attempt may take. */
  readonly acceptMs?: number
  /** Told when the answer has to wait for credentials. */
  readonly held?: (work: PromiseLike<unknown>) => void
}

const MAX_REDIRECTS = 3
/** Attempts at one request with credentials of its own each: none, a first token, a nonce, wider scopes, their nonce. */
const MAX_ATTEMPTS = 5

/** Statuses after which other credentials are looked for. */
const REFUSED: ReadonlySet<number> = new Set([401, 403])

/** Sends requests as the settings say. */
export class Requester {
  readonly #settings: ClientSettings

  constructor(settings: ClientSettings) {
    this.#settings = settings
  }

  /**
   * The response, whatever its status.
   * @throws ConnectionClosed when there is none
   * @throws HttpError for a redirect that is not followed
   */
  async send(outgoing: Outgoing): Promise<Response> {
    const { auth, url } = this.#settings
    if (auth === undefined) return this.#send(outgoing, undefined)
    const { method, operation, signal } = outgoing
    const request: AuthorizedRequest = { resource: url, method, url: outgoing.url ?? url, operation, signal }
    for (let attempt = 1; ; attempt++) {
      const credentials = await within(signal, auth.headers(request))
      const response = await this.#send(outgoing, credentials)
      const again = auth.answered(request, credentials, { status: response.status, headers: viewOf(response.headers) })
      if (typeof again !== 'boolean' && REFUSED.has(response.status)) outgoing.held?.(again)
      const repeat = typeof again === 'boolean' ? again : await within(signal, again)
      if (!repeat || attempt === MAX_ATTEMPTS) return response
      void response.body?.cancel().catch(() => {})
    }
  }

  async #send({ method, url: to, headers, body, ...limits }: Outgoing, credentials: Credentials | undefined): Promise<Response> {
    const { headers: source, fetch } = this.#settings
    const signal = limits.acceptMs === undefined ? limits.signal : AbortSignal.any([limits.signal, AbortSignal.timeout(limits.acceptMs)])
    const all = new Headers(typeof source === 'function' ? await source() : source)
    if (credentials !== undefined) for (const name of Object.keys(credentials)) all.set(name, credentials[name] ?? '')
    for (const [name, value] of Object.entries(headers)) all.set(name, value)
    let url = to ?? this.#settings.url
    for (let redirects = 0; ; redirects++) {
      const response = await this.#once(fetch, url, {
        method,
        headers: all,
        signal,
        redirect: 'manual',
        cache: 'no-store',
        ...(body === undefined ? {} : { body }),
      })
      if (!isRedirect(response)) return response
      const next = redirects < MAX_REDIRECTS ? followed(response, url, method) : undefined
      void response.body?.cancel().catch(() => {})
      if (next === undefined)
        throw new HttpError(
          response.status,
          viewOf(response.headers),
          'A redirect that is not followed: to another origin, of another method, or one too many',
          undefined,
          url,
        )
      url = next
    }
  }

  async #once(fetch: ClientSettings['fetch'], url: string, init: RequestInit): Promise<Response> {
    try {
      return await fetch(url, init)
    } catch (cause) {
      throw new ConnectionClosed(`No answer from ${shown(url)}: ${reasonOf(cause)}`, cause, neverLeft(cause))
    }
  }
}

type Credentials = Readonly<Record<string, string>>

/** Whoever gave up does not wait for somebody at a login page; what was begun there goes on, for the next request. */
function within<T>(signal: AbortSignal, value: T | PromiseLike<T>): T | Promise<T> {
  if (!isThenable(value)) return value
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error)
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop)
    const settled = (): void => signal.removeEventListener('abort', stop)
    const waited = value as PromiseLike<T>
    waited.then(
      result => (settled(), resolve(result)),
      (cause: unknown) => (settled(), reject(cause as Error)),
    )
  })
}

/** Codes, of Node and of its fetch, for failures before the first byte of a request could leave. */
const NEVER_LEFT: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

function neverLeft(cause: unknown): boolean {
  const inner = isObject(cause) ? cause['cause'] : undefined
  return isObject(inner) && NEVER_LEFT.has(inner['code'])
}

/** The headers of a response, as the rest of Oarlock reads headers. */
export function viewOf(headers: Headers): { get(name: string): string | undefined } {
  return { get: name => headers.get(name) ?? undefined }
}

// A browser hides where a redirect leads, and with it whether it may be followed.
function isRedirect(response: Response): boolean {
  return response.type === 'opaqueredirect' || [301, 302, 303, 307, 308].includes(response.status)
}

/** Where a redirect leads, if it is safe to go there: the same origin, and the same method. */
function followed(response: Response, url: string, method: string): string | undefined {
  const location = response.headers.get('location')
  if (location === null || (method !== 'GET' && response.status !== 307 && response.status !== 308)) return undefined
  const next = URL.canParse(location, url) ? new URL(location, url) : undefined
  return next?.origin === new URL(url).origin && next.username === '' && next.password === '' ? next.href : undefined
}
