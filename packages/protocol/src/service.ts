/** The server as transports see it, and the transport as the server sees it. */

import type { NameParams, StatelessVerdict } from './classify.ts'
import type { Exchange, Running } from './exchange.ts'
import type { Head } from './head.ts'
import type { Link, Receiver } from './link.ts'
import type { Incoming, RequestMessage } from './message.ts'
import type { SessionRecord } from './port/session-store.ts'
import type { Revision } from './revision.ts'

/** What a server offers to its transports. The kernel implements it; `http`, `stdio`, `ws` and custom transports call it. */
export interface Service {
  /** The revisions this server speaks, oldest first. */
  readonly revisions: readonly Revision[]
  /** Which member of params `Mcp-Name` mirrors, by method, where extensions add methods that have one. The core's when absent. */
  readonly nameParams?: NameParams
  /**
   * A duplex connection was opened: messages go to the returned receiver from now on. It serves every revision: each request is
   * classified on its own. With `resume`, the connection continues a session that another connection or process began.
   */
  connect(link: Link, head: Head, resume?: SessionRecord): ServerReceiver
  /** One stateless request that `classify` accepted. Returns the work, to be cancelled when the peer goes away; nothing if already done. */
  exchange(exchange: Exchange, message: RequestMessage, verdict: StatelessVerdict): Running | undefined
  /** Reports what went wrong inside a transport to the server's log and events. Never throws. */
  report(cause: unknown, where: string): void
}

/** The receiving end of one connection on the server. */
export interface ServerReceiver extends Receiver {
  /** As in `Receiver`. `head` is given where it differs per message, as over HTTP; else that of the connection holds. */
  receive(message: Incoming, head?: Head): void
  /** The session on this connection once `initialize` succeeded: what a store needs to continue it elsewhere. */
  readonly session: SessionRecord | undefined
  /** Requests of the peer that are not answered yet. */
  readonly inFlight: number
  /**
   * The peer will send nothing more but still reads, as after the end of standard input. Streams without end are finished, questions to the
   * peer fail, other requests under way go on; then `inFlight` falls to 0.
   */
  drain?(): void
  /** Streams without end are finished, as when the process is to end. The peer still speaks: what else is under way goes on, its questions included. */
  finish?(): void
}

/** A server-side transport: the one method that custom transports write. */
export interface Transport {
  /** Starts serving. Resolves when ready to accept. */
  listen(service: Service): Promise<Listener> | Listener
}

/** A transport at work. */
export interface Listener {
  /** Where it can be reached, for people: a URL, a path, `stdio`. */
  readonly address: string
  /** Accept no new connections and no new requests; what is under way goes on. */
  stop(): void
  /** End every connection and release everything. Called after `stop`, when work has finished or time is up. */
  close(): Promise<void> | void
  /** Resolves when the transport ended by itself, such as stdio at end of input. Absent where that cannot happen. */
  readonly ended?: Promise<void>
}
