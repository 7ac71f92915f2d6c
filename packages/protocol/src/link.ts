/** The duplex transport port: whole messages in both directions. stdio, WebSocket, memory, sockets, and a session over HTTP are links. */

import type { Incoming, RequestId } from './message.ts'
import type { Spliced } from './ready.ts'

/** A message on its way out: encoded once, with what a transport may need to route it. */
export interface Frame {
  readonly kind: 'request' | 'notice' | 'reply'
  /** The message as JSON text on one line. The replies to a batch are one frame, an array; its `id` is that of the batch's first request. */
  readonly text: string
  /** The same in parts, where most of it has been ready for long. Whoever writes text may leave it. */
  readonly spliced?: Spliced
  /** Absent on replies. */
  readonly method?: string
  /** A request's own id; for a reply, the id it answers. */
  readonly id?: RequestId
  /** The request of the other side that this message belongs to. HTTP picks the stream by it; others ignore it. */
  readonly about?: RequestId
  /** HTTP status that a reply asks for, where the answer has not begun. 200 when absent. */
  readonly status?: number
  /** HTTP headers that this message asks for, such as `Mcp-Method` or `WWW-Authenticate`. Others ignore them. */
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * One connection, seen by the side that sends. Calls are never concurrent with themselves; order is kept.
 */
export interface Link {
  /**
   * Sends one message. Returns nothing when the transport took it at once, or a promise that settles when the other side can take more:
   * whoever sends many messages awaits it. Never throws; a link that is closed drops the message.
   */
  send(frame: Frame): void | PromiseLike<void>
  /** Ends the connection. The receiver's `closed` follows. */
  close(reason?: unknown): void
  /**
   * Client side of HTTP only: gives up on the answer to `id` by closing its response stream, which is how 2026-07-28 cancels over HTTP.
   * Absent where cancelling is a message.
   */
  abandon?(id: RequestId): void
  /**
   * Server side of HTTP sessions only: closes the connection that carries the answer to `about` but keeps its stream, so that the client
   * comes back for the rest after `retryMs` (2025-11-25, SEP-1699). Returns false where the client could not resume.
   */
  release?(about: RequestId, retryMs: number): boolean
}

/** One connection, seen by the side that listens. The transport calls it; one message at a time, in order of arrival. */
export interface Receiver {
  /** A frame of text arrived and was parsed. Must not throw. */
  receive(message: Incoming): void
  /**
   * The request with this id can no longer be answered, though the connection lives: a POST failed, a response stream broke. Over HTTP a
   * refusal without a usable JSON-RPC error has a cause with `status: number` and, for 401 and 403, `wwwAuthenticate?: string`.
   */
  failed?(id: RequestId, cause: unknown): void
  /**
   * The request with this id, or the opening of the connection when there is none, waits for credentials, and perhaps for a person who signs in: until
   * `work` settles, its time does not count.
   */
  held?(id: RequestId | undefined, work: PromiseLike<unknown>): void
  /** The connection ended, once. `cause` is absent for an orderly end. */
  closed(cause?: unknown): void
}

/** Client side: opens a connection. The custom transports that users write are this one method. */
export interface Connector {
  /** A name for messages and metrics: `stdio`, `http`, `ws`, `memory`, or the author's own. */
  readonly transport: string
  /** What is being connected to, for error texts and caches; without credentials. */
  readonly target?: string
  /** Whether messages may carry headers. Then the client mirrors names and parameters into `frame.headers` (DIGEST 3.7). */
  readonly headers?: boolean
  /**
   * A key that changes with whom messages are sent for, never a credential itself: what is cached for one is not given to another. Absent
   * where that never changes; undefined when it is not known, and then nothing private is cached (DIGEST 3.11).
   */
  principal?(): string | undefined
  /**
   * Opens one connection and delivers what arrives to `receiver`, `closed` included. Rejects when it cannot be opened, or `signal` aborts.
   * May be called again after the connection closed.
   */
  connect(receiver: Receiver, signal?: AbortSignal): Promise<Link> | Link
}
