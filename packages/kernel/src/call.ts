/** One request as the heart of the server sees it, whatever conversation and transport it came by; and what comes of it. */

import type {
  Cancellation,
  Head,
  JsonObject,
  LoggingLevel,
  MaybePromise,
  Peer,
  Principal,
  Ready,
  RequestId,
  Revision,
} from '@oarlock/protocol'
import type { Ask } from './ask.ts'
import type { Entry } from './catalog/entry.ts'
import type { Context, SessionValues } from './context.ts'
import type { Hint } from './hint.ts'
import type { Journal } from './journal.ts'

/** A request without its conversation: everything a handler may need to know, and the ways back to the client. An edge makes it. */
export interface Call {
  readonly id: RequestId
  readonly method: string
  readonly params: JsonObject
  readonly revision: Revision
  readonly peer: Peer
  /** Whether the client declared anything that it can be asked. */
  readonly askable: boolean
  readonly principal: Principal | undefined
  readonly head: Head
  /** The least severe log level the client wants; undefined sends none. */
  readonly logLevel: LoggingLevel | undefined
  readonly session: SessionValues | undefined
  readonly cancellation: Cancellation
  /** What earlier runs of the same call left: answers, results of `once`, counts of what was sent. */
  readonly journal: Journal
  /** Whether HTTP headers mirror arguments and must agree with them (DIGEST 3.7 step 12). */
  readonly mirrored: boolean
  /** What the conversation itself does for a method of its own, such as `resources/subscribe`. It runs inside the server's layers. */
  readonly own?: (ctx: Context) => MaybePromise<object>
  /**
   * Asks the client and resolves with the answers by key. Present where the client can be asked in the middle of a call; without it a run that
   * asks ends as `asking`.
   */
  readonly answer?: (asks: ReadonlyMap<string, Ask>) => Promise<ReadonlyMap<string, unknown>>
  /** Sends a notice about this call, in the words of the peer's revision. Dropped once the call has ended. */
  notify(method: string, params: object): void | PromiseLike<void>
  /** The id by which the client knows the url elicitation with this key. The same for every run of the call. */
  elicitationId(key: string): string
  /** See `Context.release`. */
  release(retryMs: number): boolean
}

/** What came of a call. */
export type Outcome = Complete | Encoded | AskingOutcome

/** A result object, still in the newest words. */
export interface Complete {
  readonly kind: 'complete'
  readonly result: object
  /** The caching hint of methods that carry one. */
  readonly hint: Hint | undefined
  /** The component that made it, where the method has one. */
  readonly entry: Entry | undefined
}

/** A result that is JSON text in the peer's revision already. */
export interface Encoded {
  readonly kind: 'encoded'
  readonly ready: Ready
}

/** The handler asked, and the answers are not there yet. */
export interface AskingOutcome {
  readonly kind: 'asking'
  readonly asks: ReadonlyMap<string, Ask>
}
