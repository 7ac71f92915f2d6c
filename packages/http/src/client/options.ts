/** What can be chosen for an HTTP client, and what is chosen when nobody does. */

import {
  duration,
  type Duration,
  type OptionNames,
  MAX_SSE_EVENT,
  MESSAGE_LIMITS,
  systemClock,
  type Authorizer,
  type Clock,
  type MessageLimits,
} from '@oarlock/protocol'

/** Headers, or where to get them for each request: a token that is renewed from time to time. */
export type HeaderSource =
  | Readonly<Record<string, string>>
  | (() => Readonly<Record<string, string>> | PromiseLike<Readonly<Record<string, string>>>)

/** The part of `fetch` that is used. */
export type FetchLike = (url: string, init: RequestInit) => Promise<Response>

/** Options of `httpConnector`. */
export interface HttpConnectorOptions {
  /** Sent with every request to the server's origin, and to no other. What the protocol sets wins. */
  readonly headers?: HeaderSource | undefined
  /** Credentials that are got, renewed and widened as the server asks. They win over `headers`. */
  readonly auth?: Authorizer | undefined
  /**
   * For whom requests are sent now: a key that changes with the account behind `headers` or `auth`, so that what is cached for one is not
   * given to another. Without it nothing private is cached where headers come from a function or from `auth`.
   */
  readonly principal?: (() => string | undefined) | undefined
  /** The platform's when absent. */
  readonly fetch?: FetchLike | undefined
  readonly timeouts?: HttpTimeouts | undefined
  /** Most characters of one message. 10 Mi when absent. */
  readonly maxMessage?: number | undefined
  /** Bounds on the messages that arrive. */
  readonly limits?: MessageLimits | undefined
  /** Failed attempts in a row to take up a broken stream of a session. 5 when absent. */
  readonly attempts?: number | undefined
  /**
   * HTTP+SSE, the transport of 2024-11-05: `fallback` tries it when a server takes no `initialize` over Streamable HTTP, `only` begins with it,
   * `never` leaves it alone. `fallback` when absent.
   */
  readonly sse?: 'fallback' | 'only' | 'never' | undefined
  readonly clock?: Clock | undefined
}

/** The names of all options. */
export const HTTP_CONNECTOR_OPTIONS: OptionNames<HttpConnectorOptions> = {
  headers: true,
  auth: true,
  principal: true,
  fetch: true,
  timeouts: true,
  maxMessage: true,
  limits: true,
  attempts: true,
  sse: true,
  clock: true,
}

/** How long to wait for what nobody else times. How long an answer may take is the client's to say. */
export interface HttpTimeouts {
  /** For a notice or reply to be accepted. `30s` when absent. */
  readonly accept?: Duration | undefined
  /** For the goodbye to a session. `2s` when absent. */
  readonly close?: Duration | undefined
}

/** The names of all options. */
export const TIMEOUTS: OptionNames<HttpTimeouts> = {
  accept: true,
  close: true,
}

/** Options with nothing left open. */
export interface ClientSettings {
  readonly url: string
  readonly headers: HeaderSource
  readonly auth: Authorizer | undefined
  readonly fetch: FetchLike
  readonly acceptMs: number
  readonly closeMs: number
  readonly maxMessage: number
  readonly limits: MessageLimits
  readonly attempts: number
  readonly sse: 'fallback' | 'only' | 'never'
  readonly clock: Clock
}

/** Fills in what was left out. */
export function clientSettings(url: string, options: HttpConnectorOptions): ClientSettings {
  return {
    url,
    headers: options.headers ?? {},
    auth: options.auth,
    // Looked up now and called with the receiver that browsers insist on.
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    acceptMs: timer(options.timeouts?.accept ?? '30s', 'timeouts.accept'),
    closeMs: timer(options.timeouts?.close ?? '2s', 'timeouts.close'),
    maxMessage: options.maxMessage ?? MAX_SSE_EVENT,
    limits: options.limits ?? MESSAGE_LIMITS,
    attempts: options.attempts ?? 5,
    sse: options.sse ?? 'fallback',
    clock: options.clock ?? systemClock,
  }
}

/** The longest that a timer of the platform waits. */
const LONGEST_MS = 2_147_483_647

/** What `AbortSignal.timeout` takes: whole milliseconds, and not more than there are. */
function timer(value: Duration, option: string): number {
  return Math.min(Math.ceil(duration(value, option)), LONGEST_MS)
}
