/** What can be chosen for WebSockets on the server, and what is chosen when nobody does. */

import type { Server as HttpServer } from 'node:http'
import type { Server as HttpsServer } from 'node:https'
import {
  checkAuthenticate,
  checkBounds,
  checkOptions,
  duration,
  HOST_GATE_OPTIONS,
  type OptionNames,
  MESSAGE_LIMIT_OPTIONS,
  MESSAGE_LIMITS,
  systemClock,
  type Authenticate,
  type Clock,
  type Duration,
  type HostGateOptions,
  type MessageLimits,
  type QuotaBounds,
} from '@oarlock/protocol'

/** Options of the WebSockets of a server, whatever they come in by. Sizes are in bytes. */
export interface UpgradeOptions extends HostGateOptions {
  /** The path of the endpoint. `/mcp` when absent. */
  readonly path?: string | undefined
  /**
   * Establishes who a connection acts for, before it is opened. Asked once for each connection; a token that came as a subprotocol is shown as
   * the `Authorization` header it stands for. Without it connections are anonymous.
   */
  readonly authenticate?: Authenticate | undefined
  /** Refuses clients that do not offer the subprotocol `mcp`. Without it those that offer nothing are served too. */
  readonly requireSubprotocol?: boolean | undefined
  /** Largest message. 4 MiB when absent; a larger one closes the connection with 1009. */
  readonly maxPayload?: number | undefined
  /** Deepest nesting and longest batch. 64 levels and 100 messages when absent. */
  readonly limits?: Partial<MessageLimits> | undefined
  /** So many frames in a row that are no message close the connection with 1008. 10 when absent. */
  readonly maxStrikes?: number | undefined
  /** Messages read of one connection in a second; the rest waits. 20,000 when absent. */
  readonly messagesPerSecond?: number | undefined
  /** Most that waits for one slow reader; more closes the connection with 1013. One message alone is never too much. 16 MiB when absent. */
  readonly bufferLimit?: number | undefined
  /** How long a slow reader may take nothing at all before its connection is closed with 1013. `30s` when absent. */
  readonly stall?: Duration | undefined
  /** Quiet time after which a ping asks whether the client is still there. `30s` when absent. */
  readonly heartbeat?: Duration | undefined
  /** How long the answer to a ping may take before the connection is cut. `10s` when absent. */
  readonly pong?: Duration | undefined
  /** Ends connections with 1000 on which nothing was said and nothing is under way for so long. Never when absent. */
  readonly idle?: Duration | undefined
  /** How long `authenticate` may take. `10s` when absent. */
  readonly handshakeTimeout?: Duration | undefined
  /** How long a client may take to say goodbye before its connection is cut. `2s` when absent. */
  readonly closeTimeout?: Duration | undefined
  /** Most connections, those being opened included; further ones get 503. 10,000 when absent. */
  readonly maxSockets?: number | undefined
  /** Most connections of one principal; further ones get 429. 1,000 when absent. */
  readonly maxPerPrincipal?: number | undefined
  /**
   * Most connections of all callers together that `authenticate` lets pass as anonymous; further ones get 503, and the rest of `maxSockets` is for those who say who
   * they are. Half of `maxSockets` when absent.
   */
  readonly maxAnonymous?: number | undefined
  /**
   * Most connections of callers without a principal that come from one address; further ones get 429. Not bounded when absent: behind a proxy the address is the
   * proxy's, and all its clients are one.
   */
  readonly maxPerAddress?: number | undefined
  readonly clock?: Clock | undefined
}

/** The names of all options. */
export const UPGRADE_OPTIONS: OptionNames<UpgradeOptions> = {
  ...HOST_GATE_OPTIONS,
  path: true,
  authenticate: true,
  requireSubprotocol: true,
  maxPayload: true,
  limits: true,
  maxStrikes: true,
  messagesPerSecond: true,
  bufferLimit: true,
  stall: true,
  heartbeat: true,
  pong: true,
  idle: true,
  handshakeTimeout: true,
  closeTimeout: true,
  maxSockets: true,
  maxPerPrincipal: true,
  maxAnonymous: true,
  maxPerAddress: true,
  clock: true,
}

/** Options of the transport. Sizes are in bytes. */
export interface WsOptions extends UpgradeOptions {
  /** Serves on this server, beside what it serves already, instead of one of its own. Whoever made it binds and closes it. */
  readonly server?: HttpServer | HttpsServer | undefined
  /** 3001 when absent; 0 for any that is free. */
  readonly port?: number | undefined
  /** The address to bind. `127.0.0.1` when absent. Any other than loopback needs `allowedHosts` or `allowAnyHost`. */
  readonly host?: string | undefined
  /** Longest time the head of a request may take to arrive. `10s` when absent. */
  readonly headersTimeout?: Duration | undefined
  /** Largest head of a request. 16 KiB when absent. */
  readonly maxHeaderSize?: number | undefined
}

/** The names of all options. */
export const WS_OPTIONS: OptionNames<WsOptions> = {
  ...UPGRADE_OPTIONS,
  server: true,
  port: true,
  host: true,
  headersTimeout: true,
  maxHeaderSize: true,
}

const BOUNDS =
  'maxPayload maxStrikes messagesPerSecond bufferLimit maxSockets maxPerPrincipal maxAnonymous maxPerAddress maxHeaderSize'.split(' ')

/**
 * Refuses what is no option, what cannot authenticate, and what is no bound.
 * @param known the names that there are
 * @param of what they are options of, for the error
 * @throws TypeError
 */
export function checkServerOptions(options: WsOptions, known: Readonly<Record<string, true>>, of: string): void {
  checkOptions(options, known, of)
  checkAuthenticate(options.authenticate, of)
  checkOptions(options.limits, MESSAGE_LIMIT_OPTIONS, `limits of ${of}`)
  checkBounds(options.limits, 'limits.')
  checkBounds(options, '', BOUNDS)
}

/** Options with nothing left open. */
export interface Settings {
  readonly path: string
  readonly authenticate: Authenticate | undefined
  readonly requireSubprotocol: boolean
  readonly maxPayload: number
  readonly limits: MessageLimits
  readonly maxStrikes: number
  readonly messagesPerSecond: number
  readonly bufferLimit: number
  readonly stallMs: number
  readonly heartbeatMs: number
  readonly pongMs: number
  readonly idleMs: number
  readonly handshakeMs: number
  readonly closeMs: number
  readonly quota: QuotaBounds
  readonly clock: Clock
}

/** Fills in what was left out. */
export function settingsOf(options: UpgradeOptions): Settings {
  return {
    path: options.path ?? '/mcp',
    authenticate: options.authenticate,
    requireSubprotocol: options.requireSubprotocol ?? false,
    maxPayload: options.maxPayload ?? 4 * 1024 * 1024,
    limits: { ...MESSAGE_LIMITS, ...options.limits },
    maxStrikes: options.maxStrikes ?? 10,
    messagesPerSecond: options.messagesPerSecond ?? 20_000,
    bufferLimit: options.bufferLimit ?? 16 * 1024 * 1024,
    stallMs: duration(options.stall ?? '30s', 'stall'),
    heartbeatMs: duration(options.heartbeat ?? '30s', 'heartbeat'),
    pongMs: duration(options.pong ?? '10s', 'pong'),
    idleMs: options.idle === undefined ? Infinity : duration(options.idle, 'idle'),
    handshakeMs: duration(options.handshakeTimeout ?? '10s', 'handshakeTimeout'),
    closeMs: duration(options.closeTimeout ?? '2s', 'closeTimeout'),
    quota: {
      all: options.maxSockets ?? 10_000,
      each: options.maxPerPrincipal ?? 1000,
      anonymous: options.maxAnonymous,
      address: options.maxPerAddress ?? Infinity,
    },
    clock: options.clock ?? systemClock,
  }
}
