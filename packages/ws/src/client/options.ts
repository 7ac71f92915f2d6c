/** What can be chosen for a connection over WebSocket, and what is chosen when nobody does. */

import {
  type OptionNames,
  duration,
  MESSAGE_LIMITS,
  systemClock,
  type Authorizer,
  type Clock,
  type Duration,
  type MessageLimits,
} from '@oarlock/protocol'

/** Headers, or how to get them: a function is asked for each connection. */
export type HeaderSource =
  | Readonly<Record<string, string>>
  | (() => Readonly<Record<string, string>> | PromiseLike<Readonly<Record<string, string>>>)

/** A bearer token, or how to get it: a function is asked for each connection, and once more after a 401, so that a fresh one is used when the old one expired. */
export type TokenSource = string | (() => string | PromiseLike<string>)

/** Certificates of authorities, in PEM. */
export type Authorities = string | Uint8Array | readonly (string | Uint8Array)[]

/** Options of `wsConnector`, none of which is needed. */
export interface WsConnectorOptions {
  /** Sent with the request that opens the connection. In browsers only `Authorization` with a bearer token is possible. */
  readonly headers?: HeaderSource | undefined
  /** Sent as `Authorization: Bearer`; in browsers, which cannot set headers, as an entry of the subprotocols. */
  readonly token?: TokenSource | undefined
  /** Credentials that are got and renewed as the server asks. On Node; in browsers as far as they are a bearer token. They win over `headers`. */
  readonly auth?: Authorizer | undefined
  /**
   * For whom a connection is opened now: a key that changes with the account behind `headers`, `token` or `auth`, so that what is cached for one is
   * not given to another. Without it nothing private is cached where one of these may change.
   */
  readonly principal?: (() => string | undefined) | undefined
  /** Whom to trust beside the authorities that Node knows: certificates in PEM, for a wss server that a company vouches for itself. Not in browsers. */
  readonly ca?: Authorities | undefined
  /** The platform's own `WebSocket`, or that of the `ws` package. The package on Node, the platform's elsewhere, when absent. */
  readonly webSocket?: 'platform' | 'ws' | undefined
  /** How long opening may take. `30s` when absent. */
  readonly connectTimeout?: Duration | undefined
  /** Quiet time after which a ping asks whether the server is still there; without an answer in as long again the connection is given up. `30s` when absent; false for never. Browsers cannot ping. */
  readonly heartbeat?: Duration | false | undefined
  /** How long the server may take to say goodbye. `2s` when absent. */
  readonly closeTimeout?: Duration | undefined
  /** Longest message, in bytes (in browsers: characters). 10 Mi when absent; a longer one ends the connection. */
  readonly maxMessage?: number | undefined
  /** Bytes that may wait for a server that does not read, before the connection is given up. 64 Mi when absent. */
  readonly maxBacklog?: number | undefined
  /** Bounds on nesting and batches. */
  readonly limits?: Partial<MessageLimits> | undefined
  readonly clock?: Clock | undefined
}

/** The names of all options. */
export const WS_CONNECTOR_OPTIONS: OptionNames<WsConnectorOptions> = {
  headers: true,
  token: true,
  auth: true,
  principal: true,
  ca: true,
  webSocket: true,
  connectTimeout: true,
  heartbeat: true,
  closeTimeout: true,
  maxMessage: true,
  maxBacklog: true,
  limits: true,
  clock: true,
}

/** Options with nothing left open. */
export interface ClientSettings {
  readonly url: string
  /** The URL for people: without the query, which may hold secrets. */
  readonly target: string
  readonly headers: HeaderSource
  readonly token: TokenSource | undefined
  readonly auth: Authorizer | undefined
  readonly ca: Authorities | undefined
  readonly webSocket: 'platform' | 'ws'
  readonly connectMs: number
  readonly heartbeatMs: number | false
  readonly closeMs: number
  readonly maxMessage: number
  readonly maxBacklog: number
  readonly limits: MessageLimits
  readonly clock: Clock
}

/** Fills in what was left out. */
export function clientSettings(url: string, target: string, options: WsConnectorOptions): ClientSettings {
  return {
    url,
    target,
    headers: options.headers ?? {},
    token: options.token,
    auth: options.auth,
    ca: options.ca,
    webSocket: options.webSocket ?? (onNode() ? 'ws' : 'platform'),
    connectMs: duration(options.connectTimeout ?? '30s', 'connectTimeout'),
    heartbeatMs: options.heartbeat === false ? false : duration(options.heartbeat ?? '30s', 'heartbeat'),
    closeMs: duration(options.closeTimeout ?? '2s', 'closeTimeout'),
    maxMessage: options.maxMessage ?? 10 * 1024 * 1024,
    maxBacklog: options.maxBacklog ?? 64 * 1024 * 1024,
    limits: { ...MESSAGE_LIMITS, ...options.limits },
    clock: options.clock ?? systemClock,
  }
}

function onNode(): boolean {
  return typeof process === 'object' && typeof process.versions?.node === 'string'
}
