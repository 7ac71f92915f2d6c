/** How a client that speaks HTTP gets its right to be heard: credentials for each request, and what to do when they are refused. */

import type { HeaderView } from '../head.ts'

/** One request, as far as credentials depend on it. The same object for every attempt at it. */
export interface AuthorizedRequest {
  /** URL of the server's endpoint, as configured, whatever address of it this request goes to. */
  readonly resource: string
  readonly method: string
  readonly url: string
  /** The method of the message and the name it is about, such as `tools/call add`. Absent where there is no message. */
  readonly operation: string | undefined
  readonly signal: AbortSignal
}

/** What the server answered. */
export interface AuthorizedResponse {
  readonly status: number
  readonly headers: HeaderView
}

/** Supplies credentials. Calls may overlap; many requests share one authorizer. */
export interface Authorizer {
  /** Headers for one attempt; asked for anew each time. Rejects when nothing can be had, and the request is not sent. */
  headers(request: AuthorizedRequest): Readonly<Record<string, string>> | PromiseLike<Readonly<Record<string, string>>>
  /**
   * Told of every response, with the headers that were supplied for it. True says that the attempt is worth repeating: other credentials are
   * there now. Rejects when it tried to get some and failed.
   */
  answered(request: AuthorizedRequest, sent: Readonly<Record<string, string>>, response: AuthorizedResponse): boolean | PromiseLike<boolean>
}
