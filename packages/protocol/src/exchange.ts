/** The exchange port: one message in, notices and one answer out. A POST of a stateless revision is one; on a link, each request is. */

import type { Head } from './head.ts'
import type { RequestId } from './message.ts'
import type { Spliced } from './ready.ts'

/** The way back of one request. The transport implements it; the server calls it. */
export interface Exchange {
  readonly head: Head
  /**
   * Sends a notice ahead of the answer. Over HTTP the first one turns the answer into an event stream. Returns a promise while the reader
   * is behind; await it before sending more. Dropped once answered or cancelled.
   */
  notify(text: string): void | PromiseLike<void>
  /**
   * Sends the answer and ends the exchange. Called exactly once unless the exchange was cancelled; later calls are ignored. `spliced` is the same text in
   * parts, where most of it has been ready for long; whoever writes text may leave it.
   */
  answer(text: string, status: number, headers?: Readonly<Record<string, string>>, spliced?: Spliced): void
}

/** Work the server does for an exchange. */
export interface Running {
  readonly id: RequestId
  /** The peer no longer waits: stop, free everything, send nothing more. Safe to call at any time, any number of times. */
  cancel(reason: unknown): void
}
