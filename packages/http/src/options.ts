/** What can be chosen for an endpoint, and what is chosen when nobody does. */

import {
  checkAuthenticate,
  checkBounds,
  checkOptions,
  duration,
  type Duration,
  type OptionNames,
  MESSAGE_LIMIT_OPTIONS,
  MESSAGE_LIMITS,
  systemClock,
  type Authenticate,
  type Clock,
  type EventLog,
  type MessageLimits,
  type SessionStore,
} from '@oarlock/protocol'
import type { StreamLimits } from './event-stream.ts'
import { GATE_OPTIONS, type GateOptions } from './gate.ts'

/** Options of an endpoint, whichever door it stands behind. Sizes are in bytes. */
export interface EndpointOptions extends GateOptions {
  /** Establishes who a request acts for, before its body is read. Without it requests are nobody's. */
  readonly authenticate?: Authenticate | undefined
  /** Sessions of the revisions before 2026-07-28; `false` serves each of their requests on its own, without a session. */
  readonly sessions?: SessionOptions | false | undefined
  /** Largest body. 4 MiB when absent. */
  readonly bodyLimit?: number | undefined
  /** Longest time a body may take to arrive. `30s` when absent. */
  readonly bodyTimeout?: Duration | undefined
  /** Deepest nesting and longest batch. 64 levels and 100 messages when absent. */
  readonly limits?: Partial<MessageLimits> | undefined
  /** Quiet time after which a comment keeps a stream open, and an answer that is still awaited becomes a stream. `15s` when absent. */
  readonly keepAlive?: Duration | undefined
  /** Most that is held for one slow reader before its stream is cut. 1 MiB when absent. */
  readonly bufferLimit?: number | undefined
  /** How long a slow reader may take nothing at all before its stream is cut. `30s` when absent. */
  readonly stall?: Duration | undefined
  /**
   * Whether large pages of lists leave in gzip for clients that take it, through the doors on `node:http`. True when absent. Not for pages in which one caller's entries stand next to
   * another's secrets: who can add entries and see how long answers to others are learns from lengths (docs/decisions/0025).
   */
  readonly gzip?: boolean | undefined
  readonly clock?: Clock | undefined
}

/** The names of all options. */
export const ENDPOINT_OPTIONS: OptionNames<EndpointOptions> = {
  ...GATE_OPTIONS,
  authenticate: true,
  sessions: true,
  bodyLimit: true,
  bodyTimeout: true,
  limits: true,
  keepAlive: true,
  bufferLimit: true,
  stall: true,
  gzip: true,
  clock: true,
}

/** How sessions are kept. */
export interface SessionOptions {
  /** Where sessions outlive this process. Requests of one session should still reach one process while it runs. */
  readonly store?: SessionStore | undefined
  /** Where events wait for clients that come back; `false` for nowhere. In memory when absent. */
  readonly eventLog?: EventLog | false | undefined
  /** How long a session may lie unused. `30m` when absent. */
  readonly idle?: Duration | undefined
  /** Most sessions in this process. 10,000 when absent. */
  readonly max?: number | undefined
  /** Most sessions of one principal in this process. 1,000 when absent. */
  readonly maxPerPrincipal?: number | undefined
  /**
   * Most sessions in this process of all callers together that `authenticate` lets pass as anonymous; the rest of `max` is for those who say who they are.
   * Half of `max` when absent.
   */
  readonly maxAnonymous?: number | undefined
  /**
   * Most sessions in this process of callers without a principal that come from one address. Not bounded when absent: behind a proxy the address is the proxy's, and
   * all its clients are one.
   */
  readonly maxPerAddress?: number | undefined
  /** What clients are told to wait before they come back for a stream that broke. `1s` when absent. */
  readonly retry?: Duration | undefined
}

/** The names of all options. */
const SESSION_OPTIONS: OptionNames<SessionOptions> = {
  store: true,
  eventLog: true,
  idle: true,
  max: true,
  maxPerPrincipal: true,
  maxAnonymous: true,
  maxPerAddress: true,
  retry: true,
}

/** Those of all doors, and of the transport. */
const BOUNDS = ['bodyLimit', 'bufferLimit', 'maxConnections', 'maxHeaderSize']
const SESSION_BOUNDS = ['max', 'maxPerPrincipal', 'maxAnonymous', 'maxPerAddress']

/**
 * Refuses what is no option of a door, or of its sessions, what is no length of time, and what is no bound.
 * @param known those of the door
 * @param door what they are given to, for the error
 * @throws TypeError
 */
export function checkEndpointOptions(options: EndpointOptions, known: OptionNames<EndpointOptions>, door: string): void {
  checkOptions(options, known, door)
  checkOptions(options.limits, MESSAGE_LIMIT_OPTIONS, `limits of ${door}`)
  checkAuthenticate(options.authenticate, door)
  checkBounds(options.limits, 'limits.')
  checkBounds(options, '', BOUNDS)
  if (options.sessions !== false) {
    checkOptions(options.sessions, SESSION_OPTIONS, `sessions of ${door}`)
    checkBounds(options.sessions, 'sessions.', SESSION_BOUNDS)
  }
  // What is no length of time is refused now, and not when the door is opened.
  settingsOf(options)
}

/** How sessions are kept, their times in milliseconds. */
export interface SessionSettings extends Omit<SessionOptions, 'idle' | 'retry'> {
  readonly idleMs: number
  readonly retryMs: number
}

/** Options with nothing left open. */
export interface Settings extends StreamLimits {
  readonly authenticate: Authenticate | undefined
  readonly sessions: SessionSettings | false
  readonly bodyLimit: number
  readonly bodyTimeoutMs: number
  readonly limits: MessageLimits
  readonly gzip: boolean
  readonly clock: Clock
}

/** Fills in what was left out. */
export function settingsOf(options: EndpointOptions): Settings {
  return {
    authenticate: options.authenticate,
    sessions: options.sessions !== false && sessionSettingsOf(options.sessions ?? {}),
    bodyLimit: options.bodyLimit ?? 4 * 1024 * 1024,
    bodyTimeoutMs: duration(options.bodyTimeout ?? '30s', 'bodyTimeout'),
    limits: { ...MESSAGE_LIMITS, ...options.limits },
    keepAliveMs: duration(options.keepAlive ?? '15s', 'keepAlive'),
    bufferLimit: options.bufferLimit ?? 1024 * 1024,
    stallMs: duration(options.stall ?? '30s', 'stall'),
    gzip: options.gzip ?? true,
    clock: options.clock ?? systemClock,
  }
}

function sessionSettingsOf({ idle = '30m', retry = '1s', ...rest }: SessionOptions): SessionSettings {
  // A stream tells clients whole milliseconds.
  return { ...rest, idleMs: duration(idle, 'sessions.idle'), retryMs: Math.ceil(duration(retry, 'sessions.retry')) }
}
