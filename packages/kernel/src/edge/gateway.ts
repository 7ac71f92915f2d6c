/** One duplex connection: decides for each message which conversation it belongs to. The only file that knows there are two. */

import {
  classify,
  classifyBatch,
  Fault,
  readEnvelope,
  unsupportedVersion,
  type BatchMessage,
  type Exchange,
  type Head,
  type Incoming,
  type Link,
  type NoticeMessage,
  type RequestId,
  type RequestMessage,
  type Revision,
  type ServerReceiver,
  type SessionRecord,
  type StatelessVerdict,
} from '@oarlock/protocol'
import { ToolError } from '../error.ts'
import { serveBatch } from './batch.ts'
import type { Connection, Desk } from './desk.ts'
import { serveExchange } from './exchange.ts'
import { InFlight } from './in-flight.ts'
import { Listening } from './listening.ts'
import { Session } from './session.ts'

/** The receiving end of a connection. */
export class Gateway implements ServerReceiver, Connection {
  readonly #running: InFlight
  /** It holds what the connection is made of, too. */
  readonly #session: Session
  #closed = false

  constructor(desk: Desk, link: Link, head: Head, resume: SessionRecord | undefined) {
    this.#running = new InFlight(desk.limits.inFlight)
    this.#session = new Session(desk, link, head, this.#running, resume)
    desk.connections.add(this)
    const { events } = desk.kernel
    if (events.wants('connection.opened')) events.emit('connection.opened', { head })
  }

  get session(): SessionRecord | undefined {
    return this.#session.record
  }

  get inFlight(): number {
    return this.#running.size
  }

  receive(message: Incoming, head: Head = this.#session.head): void {
    if (this.#closed) return
    try {
      this.#receive(message, head)
    } catch (error) {
      this.#session.desk.kernel.report(error, 'gateway')
    }
  }

  #receive(message: Incoming, head: Head): void {
    switch (message.kind) {
      case 'request':
        return this.#request(message, head)
      case 'notice':
        return this.#notice(message)
      case 'reply':
        return this.#session.reply(message)
      case 'batch':
        return this.#batch(message, head)
      case 'invalid':
        if (message.meant === undefined) return this.#refuse(message.id, message.fault, this.#session.spoken)
        if (message.meant === 'reply') this.#session.unreadable(message)
    }
  }

  #request(message: RequestMessage, head: Head): void {
    const { id } = message
    const verdict = classify(message, this.#session.desk.kernel.options.revisions)
    if (verdict.kind === 'ignore') return
    // A request that claims to be stateless is refused in the words of its own revision, or of the newest.
    const revision = verdict.kind === 'session' ? this.#session.spoken : verdict.kind === 'stateless' ? verdict.revision : undefined
    const fault =
      verdict.kind === 'refuse'
        ? verdict.fault
        : (this.#running.obstacle(id) ?? (verdict.kind === 'session' ? this.#foreign(message) : undefined))
    if (fault !== undefined) return this.#refuse(id, fault, revision)
    if (verdict.kind === 'session') this.#session.request(message, head)
    else if (verdict.kind === 'stateless') this.#exchange(message, head, verdict)
  }

  /** What a server without sessions says to a request that asks for one: its versions to a handshake, what is missing to all else (DIGEST S-VER-16). */
  #foreign({ method, params }: RequestMessage): Fault | undefined {
    if (this.#session.desk.spoken.length > 0) return undefined
    const version = params?.['protocolVersion']
    if (method === 'initialize' && typeof version === 'string')
      return unsupportedVersion(version, this.#session.desk.kernel.options.revisions)
    return readEnvelope(params) as Fault
  }

  #exchange(message: RequestMessage, head: Head, { revision, envelope }: StatelessVerdict): void {
    const exchange = new LinkExchange(this.#session.link, head, message.id, this.#running)
    const running = serveExchange(this.#session.desk, exchange, message, revision, envelope)
    if (running !== undefined && !exchange.answered) this.#running.add(message.id, running)
  }

  #notice(message: NoticeMessage): void {
    if (message.method !== 'notifications/cancelled') return this.#session.notice(message)
    const { requestId, reason } = message.params ?? {}
    const running = this.#running.get(requestId)
    if (running === undefined) return
    this.#running.delete(running.id)
    running.cancel(
      new Error(typeof reason === 'string' ? `Cancelled by the client: ${this.#session.desk.quote(reason)}` : 'Cancelled by the client'),
    )
  }

  #batch(message: BatchMessage, head: Head): void {
    const verdict = classifyBatch(message, this.#session.desk.kernel.options.revisions)
    const fault =
      verdict.kind === 'refuse' ? verdict.fault : this.#session.desk.spoken.length === 0 ? new Fault('INVALID_REQUEST') : undefined
    if (fault !== undefined) this.#refuse(undefined, fault, this.#session.spoken)
    else serveBatch(message, head, this.#session, this.#running, item => this.#notice(item))
  }

  #refuse(id: RequestId | undefined, fault: Fault, revision: Revision | undefined): void {
    const refusal = this.#session.desk.refusal(id, fault, 'gateway', revision)
    void this.#session.send({ kind: 'reply', ...refusal, ...(id === undefined ? {} : { id }) })
  }

  finish(): void {
    for (const running of this.#running.values()) if (running instanceof Listening) running.finish()
  }

  drain(): void {
    this.finish()
    this.#session.questions.close(new ToolError('The client left before it answered'))
  }

  /** Ends the connection from this side: no transport that listens for the server has done so. */
  end(reason: unknown): void {
    this.#session.link.close(reason)
    this.closed(reason)
  }

  closed(cause?: unknown): void {
    if (this.#closed) return
    this.#closed = true
    this.#session.desk.connections.delete(this)
    // An error costs more than all the rest of this, and where nothing is under way nobody gets to see it.
    const reason = cause ?? (this.#running.size === 0 ? undefined : new Error('The connection closed'))
    for (const running of this.#running.values()) running.cancel(reason)
    this.#running.clear()
    this.#session.close(reason)
    const { events } = this.#session.desk.kernel
    if (events.wants('connection.closed')) events.emit('connection.closed', { head: this.#session.head })
  }
}

/** The way back of a stateless request that came over a link. */
class LinkExchange implements Exchange {
  readonly head: Head
  readonly #link: Link
  readonly #id: RequestId
  readonly #running: InFlight
  answered = false

  constructor(link: Link, head: Head, id: RequestId, running: InFlight) {
    this.head = head
    this.#link = link
    this.#id = id
    this.#running = running
  }

  notify(text: string): void | PromiseLike<void> {
    return this.#link.send({ kind: 'notice', text, about: this.#id })
  }

  answer(text: string, status: number, headers?: Readonly<Record<string, string>>): void {
    this.answered = true
    this.#running.delete(this.#id)
    void this.#link.send({ kind: 'reply', text, id: this.#id, status, ...(headers === undefined ? {} : { headers }) })
  }
}
