/** One open connection: takes what the transport delivers to the request it answers or to the conversation, and sends what they say. */

import {
  ConnectionClosed,
  type Connector,
  excerpt,
  type Frame,
  type Incoming,
  isObject,
  type Link,
  type NoticeMessage,
  type Receiver,
  type ReplyMessage,
  type RequestId,
} from '@oarlock/protocol'
import type { Answers } from './answer/answers.ts'
import { Correlation, type CorrelationOwner } from './correlation.ts'
import { announce, type Events } from './events.ts'
import type { Settings } from './options.ts'
import { patiently } from './patiently.ts'
import type { Pending } from './pending.ts'
import { quietly } from './quietly.ts'
import type { News } from './subscription.ts'
import type { Talk } from './talk/talk.ts'

/** What a client lends to each of its connections. */
export interface Host {
  readonly settings: Settings
  readonly events: Events
  readonly answers: Answers
  /** Those that have not ended. */
  readonly connections: Set<Connection>
  /** A connection ended, once. */
  ended(connection: Connection, cause: unknown): void
  /** A connection waits for credentials, and perhaps for a person: nobody's patience is tried meanwhile. */
  held(work: PromiseLike<unknown>): void
  /** The server said that something changed, or it may have while nobody could hear. */
  news(news: News): void
  /** Results that came after answers to questions: they belong to one call (C-CACHE-03). */
  readonly personal: WeakSet<object>
}

/** A connection and the conversation on it. */
export class Connection implements Receiver, CorrelationOwner {
  readonly host: Host
  readonly connector: Connector
  readonly correlation: Correlation
  /** Why it ended. Absent when this side closed it, or its end was orderly. */
  cause: unknown
  /** How this connection speaks. Set before the first message is sent; negotiation may set another. */
  talk: Talk | undefined
  #link: Link | undefined
  #ended = false
  /** Requests that it took to agree how to speak. */
  #toAgree = 0
  #closing: Promise<void> | undefined
  #finished: () => void = () => {}

  private constructor(connector: Connector, host: Host) {
    this.connector = connector
    this.host = host
    this.correlation = new Correlation(host.settings.clock, host.settings, this)
  }

  /** Opens a connection. Rejects as the connector does. */
  static async open(connector: Connector, host: Host, signal?: AbortSignal): Promise<Connection> {
    const connection = new Connection(connector, host)
    connection.#link = await connector.connect(connection, signal)
    if (!connection.#ended) host.connections.add(connection)
    return connection
  }

  /** Whether the connection ended. */
  get ended(): boolean {
    return this.#ended
  }

  /** Whether anything was requested on it, except to agree how to speak. */
  get used(): boolean {
    return this.correlation.count > this.#toAgree
  }

  /** Both sides have agreed how to speak: what is requested from now on is somebody's. */
  agreed(): this {
    this.#toAgree = this.correlation.count
    return this
  }

  send(frame: Frame): void {
    // A link never fails to send. One that does cannot be relied on for anything else.
    try {
      const sent = this.#link?.send(frame)
      if (sent !== undefined) sent.then(undefined, (cause: unknown) => this.drop(cause))
    } catch (cause) {
      this.drop(cause)
    }
  }

  /** Gives up on the response stream of a request, where the transport has one for each. Returns whether it has. */
  abandon(id: number): boolean {
    const link = this.#link
    if (link?.abandon === undefined) return false
    link.abandon(id)
    return true
  }

  /** Ends the connection; what waits fails with `ConnectionClosed` at once. Resolves when the transport is done, or does not come to an end. */
  close(reason?: unknown): Promise<void> {
    if (this.#closing !== undefined) return this.#closing
    if (this.#ended) return Promise.resolve()
    const end = new Promise<void>(resolve => {
      this.#finished = resolve
    })
    this.#closing = patiently(end, this.host.settings.clock)
    this.#release(undefined, true)
    this.#link?.close(reason)
    return this.#closing
  }

  /** Gives the connection up as broken, before the transport notices. */
  drop(cause: unknown): void {
    this.#link?.close(cause)
    this.closed(cause)
  }

  receive(message: Incoming): void {
    switch (message.kind) {
      case 'reply':
        return this.correlation.settle(message)
      case 'notice':
        return this.#notice(message)
      case 'request':
        return this.talk?.question(message)
      case 'batch':
        if (this.talk?.batches !== true) return this.#warn('The server sent a batch, which this revision does not have')
        for (const item of message.items) this.receive(item)
        return
      case 'invalid':
        this.#warn(`The server sent something that is not a message: ${message.fault.message}`, message.fault)
        // Params are what only a call has; anything else that is broken and has our id is a broken answer.
        if (message.id !== undefined && message.fault.fault !== 'INVALID_PARAMS') this.correlation.fail(message.id, message.fault)
    }
  }

  failed(id: RequestId, cause: unknown): void {
    const reply = refusalIn(cause, id)
    if (reply === undefined) this.correlation.fail(id, cause)
    else this.correlation.settle({ ...reply, id }, cause)
  }

  held(id: RequestId | undefined, work: PromiseLike<unknown>): void {
    if (id !== undefined) this.correlation.hold(id, work)
    this.host.held(work)
  }

  closed(cause?: unknown): void {
    if (this.#ended) return
    this.#ended = true
    this.cause = cause
    this.host.connections.delete(this)
    this.#release(cause, false)
    this.host.ended(this, this.#closing === undefined ? cause : undefined)
    this.#finished()
  }

  abandoned(pending: Pending, cause: Error): void {
    this.talk?.abandoned(pending, cause)
  }

  stray(reply: ReplyMessage): void {
    this.#warn(
      `A reply to ${reply.id === undefined ? 'no request' : `request ${JSON.stringify(reply.id)}`}, which is not open, was ignored`,
      reply.error,
    )
  }

  #release(cause: unknown, byUs: boolean): void {
    this.correlation.close(new ConnectionClosed(closingText(this.connector, byUs, cause), cause))
    this.talk?.closed()
  }

  #notice(message: NoticeMessage): void {
    if (message.method === 'notifications/progress') this.#progress(message)
    else this.talk?.notice(message)
  }

  #progress({ params }: NoticeMessage): void {
    const pending = this.correlation.get(params?.['progressToken'])
    const progress = params?.['progress']
    if (pending === undefined || typeof progress !== 'number') return
    pending.extend(this.host.settings.clock.now())
    const total = typeof params?.['total'] === 'number' ? params['total'] : undefined
    const message = typeof params?.['message'] === 'string' ? params['message'] : undefined
    quietly(
      () => pending.onProgress?.({ progress, total, message }),
      cause => this.#warn('onProgress threw', cause),
    )
    announce(this.host.events, 'progress.received', { id: pending.id, method: pending.method, progress, total, message })
  }

  #warn(message: string, cause?: unknown): void {
    announce(this.host.events, 'warning.reported', { message, cause })
  }
}

/**
 * The server's own error in an HTTP refusal, also where it could not say which request it answers (C-HTTP-10). What its headers say besides,
 * as with 401 and 403, stays to be found in the cause.
 */
function refusalIn(cause: unknown, id: RequestId): ReplyMessage | undefined {
  if (!isObject(cause)) return undefined
  const reply = cause['reply'] as ReplyMessage | undefined
  return reply?.kind === 'reply' && reply.error !== undefined && (reply.id === undefined || reply.id === id) ? reply : undefined
}

function closingText({ transport, target }: Connector, byUs: boolean, cause: unknown): string {
  const where = target === undefined ? `The ${transport} connection` : `The ${transport} connection to ${target}`
  if (byUs) return `${where} is closed`
  return `${where} was closed by the other side${cause instanceof Error ? `: ${excerpt(cause.message, 400)}` : ''}`
}
