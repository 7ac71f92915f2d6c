/** The edge of the revisions with a handshake: requests of one session, the methods that only sessions have, and what the client is told. */

import {
  callerOf,
  encodeResult,
  Fault,
  type Frame,
  type Head,
  type InvalidMessage,
  isLoggingLevel,
  isThenable,
  type JsonObject,
  type Link,
  type LoggingLevel,
  type MaybePromise,
  method as methodOf,
  type NoticeMessage,
  numbersOf,
  type Peer,
  type Ready,
  type ReplyMessage,
  type RequestId,
  type RequestMessage,
  type Revision,
  type SessionRecord,
  spliceResult,
  textOf,
} from '@oarlock/protocol'
import type { Call } from '../call.ts'
import { CallContext } from '../call-context.ts'
import type { ListKind } from '../catalog/catalog.ts'
import type { Context, SessionValues } from '../context.ts'
import type { Fact, Subscriber } from '../hub.ts'
import { resourceNotFound } from '../operations/resources.ts'
import { isReadable, readableUris } from '../operations/subscriptions.ts'
import type { Desk } from './desk.ts'
import { introduction, introductionOf } from './handshake.ts'
import type { InFlight } from './in-flight.ts'
import { KnownClient } from './known-client.ts'
import { Questions } from './questions.ts'
import type { Replies } from './replies.ts'
import { SessionCall } from './session-call.ts'

/** The session of one connection. It is there from the start, and open once `initialize` succeeded. */
export class Session implements Subscriber, Replies {
  readonly desk: Desk
  readonly link: Link
  readonly head: Head
  readonly questions: Questions
  readonly #running: InFlight
  readonly #client: KnownClient
  #closed = false

  constructor(desk: Desk, link: Link, head: Head, running: InFlight, resume: SessionRecord | undefined) {
    this.desk = desk
    this.link = link
    this.head = head
    this.#running = running
    this.#client = new KnownClient(head, desk.stranger)
    this.questions = new Questions(this)
    if (resume !== undefined) this.#resume(resume)
  }

  #resume(record: SessionRecord): void {
    this.#client.restore(record, this.desk.kernel.capabilities)
    if (record.initialized) this.#opened()
    if (record.subscriptions !== undefined && record.subscriptions.length > 0) this.#followAgain(record.subscriptions)
  }

  /** What it followed before, as far as it may read it now (THREATS 17). */
  #followAgain(uris: readonly string[]): void {
    const { kernel } = this.desk
    const message: RequestMessage = { kind: 'request', id: 'resumed', method: 'resources/subscribe', params: {} }
    const ctx = new CallContext(new SessionCall(this, message, this.head, this), kernel.events)
    const follow = (readable: readonly string[]): void => readable.forEach(uri => this.#follow(uri))
    const readable = readableUris(uris, ctx, kernel)
    if (isThenable(readable)) readable.then(follow, (cause: unknown) => kernel.report(cause, 'resumed session'))
    else follow(readable)
  }

  /** See `KnownClient`. */
  get record(): SessionRecord | undefined {
    return this.#client.record
  }
  get peer(): Peer {
    return this.#client.peer
  }
  get askable(): boolean {
    return this.#client.askable
  }
  get revision(): Revision {
    return this.#client.peer.revision
  }
  get spoken(): Revision | undefined {
    return this.#client.spoken
  }
  get values(): SessionValues | undefined {
    return this.#client.values
  }
  get logLevel(): LoggingLevel {
    return this.#client.logLevel
  }

  request(message: RequestMessage, head: Head, replies: Replies = this): void {
    const { id, method, params } = message
    try {
      if (method === 'ping') return this.#complete(id, method, {}, replies)
      const obstacle = this.desk.obstacle(head)
      if (obstacle !== undefined) throw obstacle
      if (method === 'initialize') return this.#complete(id, method, this.#initialize(params ?? {}), replies)
      this.#serve(message, head, replies)
    } catch (error) {
      this.refuse(id, error, replies, method)
    }
  }

  #serve(message: RequestMessage, head: Head, replies: Replies): void {
    const { id, method } = message
    if (this.spoken === undefined && this.desk.kernel.options.requireInitialize)
      throw new Fault('INVALID_REQUEST', 'Send initialize first: until it is answered only ping is served here (requireInitialize)')
    const known = methodOf(method, this.revision)
    const own = known !== undefined && known.kind === 'request' && known.from !== 'server'
    if (!own && !this.desk.kernel.options.extensions.methods.has(method)) {
      throw new Fault('METHOD_NOT_FOUND', `Method not found: ${this.desk.quote(method)}`)
    }
    const call = new SessionCall(this, message, head, replies, this.#own(message))
    this.#running.add(id, call)
    call.start()
  }

  /** The work of the methods that only a session has. */
  #own({ method, params = {} }: RequestMessage): Call['own'] {
    switch (method) {
      case 'logging/setLevel':
        return () => this.#setLevel(params)
      case 'resources/subscribe':
        return ctx => this.#subscribe(uriOf(params), ctx)
      case 'resources/unsubscribe':
        return () => this.#unsubscribe(uriOf(params))
      default:
        return undefined
    }
  }

  #initialize(params: JsonObject): object {
    if (this.spoken !== undefined) throw new Fault('INVALID_REQUEST', 'This connection is already initialized')
    const { kernel, spoken } = this.desk
    const peer = introduction(params, spoken)
    this.#client.introduce(peer, kernel.capabilities)
    return introductionOf(kernel, peer)
  }

  notice({ method }: NoticeMessage): void {
    const { spoken, initialized } = this.#client
    if (method === 'notifications/initialized' && spoken !== undefined && !initialized) {
      this.#client.initialize()
      this.#opened()
    } else if (method === 'notifications/roots/list_changed' && initialized) this.#rootsChanged()
  }

  /** The handshake is complete: from now on the client hears of changes. */
  #opened(): void {
    if (this.#client.isAlone) return
    this.desk.hub.subscribe(this)
    const { events } = this.desk.kernel
    if (!events.wants('session.opened')) return
    const { id, peer } = this.#client
    events.emit('session.opened', { session: id, peer, principal: this.head.principal })
  }

  #rootsChanged(): void {
    const { events } = this.desk.kernel
    if (!events.wants('roots.changed')) return
    const { id, peer } = this.#client
    events.emit('roots.changed', { session: id, peer })
  }

  reply(message: ReplyMessage): void {
    this.questions.settle(message)
  }

  /** An answer of the client to a question, broken: it is no better than a refusal, and an answer to it would be taken for one of the client's own. */
  unreadable({ id, fault }: InvalidMessage): void {
    this.reply({ kind: 'reply', id, result: undefined, error: { code: numbersOf(fault.fault).code, message: fault.message } })
  }

  #setLevel({ level }: JsonObject): object {
    if (!isLoggingLevel(level)) throw new Fault('INVALID_PARAMS', 'logging/setLevel needs one of the eight RFC 5424 level names')
    this.#client.logLevel = level
    return {}
  }

  #subscribe(uri: string, ctx: Context): MaybePromise<object> {
    const follow = (readable: boolean): MaybePromise<object> => {
      if (!readable) throw resourceNotFound(uri)
      if (!this.#follow(uri)) throw new Fault('OVERLOADED', 'Too many resources are subscribed')
      return this.desk.hub.started([uri])?.then(() => ({})) ?? {}
    }
    const readable = isReadable(uri, ctx, this.desk.kernel)
    return isThenable(readable) ? readable.then(follow) : follow(readable)
  }

  /** Takes the URI into account and into the caller's quota; false when that is used up. */
  #follow(uri: string): boolean {
    if (this.#client.uris?.has(uri) === true || this.#closed) return true
    if (!this.desk.uris.take(callerOf(this.head))) return false
    this.#client.subscribe(uri)
    this.desk.hub.follow(this, uri)
    return true
  }

  #unsubscribe(uri: string): object {
    if (this.#client.unsubscribe(uri)) {
      this.desk.hub.unfollow(this, uri)
      this.desk.uris.give(callerOf(this.head))
    }
    return {}
  }

  wants(list: ListKind): boolean {
    return this.#client.hearsOf(list)
  }

  deliver(_fact: Fact, text: string): void {
    void this.send({ kind: 'notice', text })
  }

  send(frame: Frame): void | PromiseLike<void> {
    return this.link.send(frame)
  }

  #complete(id: RequestId, method: string, result: object, replies: Replies): void {
    this.answer(id, this.desk.kernel.encoder.encode(method, result, this.revision), replies)
  }

  /** Answers a call that is under way with a result that is text already. */
  answer(id: RequestId, result: string | Ready, replies: Replies): void {
    this.#running.delete(id)
    if (typeof result === 'string') return void replies.send({ kind: 'reply', id, text: encodeResult(id, result) })
    const spliced = spliceResult(id, result)
    void replies.send({ kind: 'reply', id, text: textOf(spliced), spliced })
  }

  /** Answers a call that is under way with a fault. */
  fail({ id, method, head }: Pick<SessionCall, 'id' | 'method' | 'head'>, error: unknown, replies: Replies): void {
    this.#running.delete(id)
    this.refuse(id, error, replies, method, head)
  }

  /** Answers what never was under way: another request may go by the same id. */
  refuse(id: RequestId | undefined, error: unknown, replies: Replies, where: string, head?: Head): void {
    const refusal = this.desk.refusal(id, error, where, this.revision, head)
    void replies.send({ kind: 'reply', ...refusal, ...(id === undefined ? {} : { id }) })
  }

  /** The connection is gone. */
  close(reason: unknown): void {
    this.#closed = true
    this.questions.close(reason)
    const { uris, initialized, isAlone } = this.#client
    this.desk.hub.unsubscribe(this, uris)
    if (uris !== undefined) this.desk.uris.give(callerOf(this.head), uris.size)
    const { events } = this.desk.kernel
    if (initialized && !isAlone && events.wants('session.closed')) events.emit('session.closed', { session: this.#client.id })
  }
}

function uriOf({ uri }: JsonObject): string {
  if (typeof uri !== 'string') throw new Fault('INVALID_PARAMS', 'This needs a uri as a string')
  return uri
}
