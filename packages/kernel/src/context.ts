/** What a handler is given beside its arguments. One object per call; everything costly in it is made when first read. */

import type {
  CreateMessageRequestParams,
  CreateMessageResult,
  Duration,
  HeaderView,
  JsonObject,
  LoggingLevel,
  Peer,
  Principal,
  Root,
} from '@oarlock/protocol'
import type { Ask, Askable, Elicited, ElicitForm, ElicitUrl } from './ask.ts'
import type { Schema } from './schema/schema.ts'

/** Sends log messages to the client that made this call, at or above the level it asked for. */
export interface CallLog {
  debug(data: unknown, logger?: string): void
  info(data: unknown, logger?: string): void
  notice(data: unknown, logger?: string): void
  warning(data: unknown, logger?: string): void
  error(data: unknown, logger?: string): void
  critical(data: unknown, logger?: string): void
  alert(data: unknown, logger?: string): void
  emergency(data: unknown, logger?: string): void
  log(level: LoggingLevel, data: unknown, logger?: string): void
}

/** Values that live as long as the client's session. Absent where there is none (2026-07-28). */
export interface SessionValues {
  readonly id: string
  get(key: string): unknown
  /** Stores a plain JSON value; undefined deletes. */
  set(key: string, value: unknown): void
}

/** The context of one call. */
export interface Context {
  /** Aborts when the client cancels or goes away, the timeout passes, or the server closes. Made when first read. */
  readonly signal: AbortSignal
  /** The client in its own words. */
  readonly peer: Peer
  /** Who the call acts for; undefined without authentication. */
  readonly principal: Principal | undefined
  /** `params._meta` of the request: trace context, vendor keys. */
  readonly meta: JsonObject
  /** HTTP headers of the request, without credentials; undefined on transports without headers. */
  readonly headers: HeaderView | undefined
  /** Address of the client, for limits and audit; undefined where the transport knows none. */
  readonly remote: string | undefined
  readonly session: SessionValues | undefined
  /** Values that middleware leaves for handlers of the same request. */
  readonly state: Map<unknown, unknown>
  readonly log: CallLog
  /** An id that the log, events and a masked error share. */
  readonly correlationId: string
  /** Tells how far the work is. Dropped unless the client asked for progress and `done` grew. Resolves at once, or when the reader caught up. */
  progress(done: number, total?: number, message?: string): void | PromiseLike<void>
  /** Whether the client declared what is needed to ask it that. */
  can(what: Askable): boolean
  /**
   * Asks the user. The handler runs again from the top once the answer is there, so `key` names the question within this call.
   * @throws Fault MISSING_CAPABILITY when the client cannot be asked
   */
  elicit<S extends Schema>(key: string, form: ElicitForm<S>): Promise<Elicited<S>>
  elicit(key: string, url: ElicitUrl): Promise<Elicited<never>>
  /** Asks the client's model. Throws as `elicit`. */
  sample(key: string, params: CreateMessageRequestParams): Promise<CreateMessageResult>
  /** Asks for the client's roots. Throws as `elicit`. */
  roots(key?: string): Promise<readonly Root[]>
  /** Asks several things at once, in one round trip. */
  ask<A extends Readonly<Record<string, Ask>>>(asks: A): Promise<{ readonly [K in keyof A]: A[K] extends Ask<infer T> ? T : never }>
  /**
   * Does `work` once, however often the handler is re-entered; its result, plain JSON of bounded size, is remembered. Work under way when the run asks
   * is waited for; a run that has asked starts none. A client that re-sends an old `requestState` repeats it unless the server has a store for
   * single-use states.
   */
  once<T>(key: string, work: () => T | Promise<T>): Promise<T>
  /**
   * The id by which the client knows the url elicitation with this key (2025-11-25): the same in every run of the call, and nobody can guess it. Put
   * it into the URL, so that the page can name it to `server.elicitationComplete`.
   */
  elicitationId(key: string): string
  /**
   * Sends the client to a URL before the call can go on: error -32042 in 2025-11-25, a question of its own elsewhere. Ends the call when the user
   * does not agree to go there; whether they did there what they should is for the handler to find out.
   */
  requireUrl(key: string, url: ElicitUrl): Promise<void>
  /**
   * Lets a client of 2025-11-25 over HTTP go and come back for the rest of this call after `retry` (SEP-1699). False where that cannot be.
   */
  release(retry: Duration): boolean
}

/** The context of a tool call. */
export type ToolContext = Context
/** The context of a resource read. */
export type ResourceContext = Context
/** The context of a prompt rendering. */
export type PromptContext = Context
