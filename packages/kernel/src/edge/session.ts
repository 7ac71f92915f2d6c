/** The edge of the revisions with a handshake: what a connection remembers, and the requests that only they have. */

import {
  encodeResult,
  Fault,
  isInfo,
  isLoggingLevel,
  isObject,
  isRevision,
  method as methodOf,
  numbersOf,
  principalKey,
  randomId,
  type BatchMessage,
  type Frame,
  type Head,
  type InvalidMessage,
  type JsonObject,
  type Link,
  type LoggingLevel,
  type NoticeMessage,
  type Peer,
  type ReplyMessage,
  type RequestId,
  type RequestMessage,
  type Revision,
  type ServerCapabilities,
  type SessionRecord,
} from '@oarlock/protocol'
import type { Call } from '../call.ts'
import type { ListKind } from '../catalog/catalog.ts'
import type { Context, SessionValues } from '../context.ts'
import type { Fact, Subscriber } from '../hub.ts'
import { resourceNotFound } from '../operations/resources.ts'
import { isReadable } from '../operations/subscriptions.ts'
import { callerOf } from '../quota.ts'
import type { Desk } from './desk.ts'
import type { InFlight } from './in-flight.ts'
import { Questions } from './questions.ts'
import { BatchReplies, type Replies } from './replies.ts'
import { SessionCall } from './session-call.ts'
import { SessionMemory } from './session-memory.ts'
import { isThenable, type MaybePromise } from '../thenable.ts'

/** The session of one connection. It is there from the start, and open once `initialize` succeeded. */
export class Session implements Subscriber, Replies {
  readonly desk: Desk
  readonly link: Link
  readonly head: Head
  readonly questions: Questions
  readonly #running: InFlight
  peer: Peer
  /** Empty for a request that stands alone (DIGEST S-LHT-23): then there is nothing to remember, and nobody to tell. */
  #id: string | undefined
  #open = false
  #initialized = false
  #closed = false
  /** What the client was told the server can do: it hears of nothing else (DIGEST S-LEG-04). */
  #told: ServerCapabilities | undefined
  #logLevel: LoggingLevel | undefined
  #uris: Set<string> | undefined
  #memory: SessionMemory | undefined
  #record: SessionRecord | undefined

  constructor(desk: Desk, link: Link, head: Head, running: InFlight, resume: SessionRecord | undefined) {
    this.desk = desk
    this.link = link
    this.head = head
    this.#running = running
    this.#id = head.session
    this.peer = desk.stranger
    this.questions = new Questions(this)
    if (resume !== undefined) this.#restore(resume)
  }

  #restore(record: SessionRecord): void {
    const { id, revision, info, capabilities, logLevel, values, initialized, subscriptions = [] } = record
    this.#id = id
    this.peer = { revision, info, capabilities }
    this.#open = true
    this.#told = this.desk.kernel.capabilities
    this.#logLevel = logLevel
    if (values !== undefined) this.#memory = new SessionMemory(id, values, () => this.#changed())
    if (initialized) this.#begin()
    for (const uri of subscriptions) this.#follow(uri)
    this.#record = record
  }

  /** What a store needs to continue the session elsewhere; undefined until `initialize` succeeded. The same object until something changes. */
  get record(): SessionRecord | undefined {
    if (!this.#open) return undefined
    return (this.#record ??= this.#write())
  }

  #write(): SessionRecord {
    const { revision, info, capabilities } = this.peer
    const values = this.#memory?.toJSON()
    return {
      id: this.id,
      owner: principalKey(this.head.principal),
      revision,
      info,
      capabilities,
      initialized: this.#initialized,
      ...(this.#logLevel === undefined ? {} : { logLevel: this.#logLevel }),
      ...(this.#uris === undefined || this.#uris.size === 0 ? {} : { subscriptions: [...this.#uris] }),
      ...(values === undefined ? {} : { values }),
    }
  }

  #changed(): void {
    this.#record = undefined
  }

  get id(): string {
    return (this.#id ??= randomId())
  }

  get revision(): Revision {
    return this.peer.revision
  }

  /** The negotiated revision, once there is one. */
  get spoken(): Revision | undefined {
    return this.#open ? this.peer.revision : undefined
  }

  /** The values of handlers; undefined for a request that stands alone. */
  get values(): SessionValues | undefined {
    if (this.#id === '') return undefined
    return (this.#memory ??= new SessionMemory(this.id, undefined, () => this.#changed()))
  }

  /** The least severe level the client wants. Until it said so, the server's choice is `info` (DIGEST S-LOG-07). */
  get logLevel(): LoggingLevel {
    return this.#logLevel ?? 'info'
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
      this.#refuse(id, error, replies, method)
    }
  }

  #serve(message: RequestMessage, head: Head, replies: Replies): void {
    const { id, method } = message
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

  notice(message: NoticeMessage): void {
    switch (message.method) {
      case 'notifications/initialized':
        if (this.#open && !this.#initialized) this.#begin()
        return
      case 'notifications/roots/list_changed':
        this.#rootsChanged()
    }
  }

  #rootsChanged(): void {
    const { events } = this.desk.kernel
    if (this.#initialized && events.wants('roots.changed')) events.emit('roots.changed', { session: this.id, peer: this.peer })
  }

  reply(message: ReplyMessage): void {
    this.questions.settle(message)
  }

  /** An answer of the client to a question, broken: it is no better than a refusal, and an answer to it would be taken for one of the client's own. */
  unreadable({ id, fault }: InvalidMessage): void {
    this.reply({ kind: 'reply', id, result: undefined, error: { code: numbersOf(fault.fault).code, message: fault.message } })
  }

  /** A batch, which only 2025-03-26 knows: its replies leave as one frame (DIGEST 2.5). */
  batch(message: BatchMessage, head: Head, notice: (item: NoticeMessage) => void): void {
    if (this.revision !== '2025-03-26') {
      const fault = new Fault('INVALID_REQUEST', `Revision ${this.revision} has no batches`)
      void this.send({ kind: 'reply', ...this.desk.refusal(undefined, fault, 'batch', this.revision) })
      return
    }
    const replies = new BatchReplies(message, frame => void this.send(frame))
    for (const item of message.items) {
      if (item.kind === 'request') this.#batched(item, head, replies)
      else if (item.kind === 'notice') notice(item)
      else if (item.kind === 'reply') this.reply(item)
      else if (item.meant === undefined) this.#refuse(item.id, item.fault, replies, 'batch')
      else if (item.meant === 'reply') this.unreadable(item)
    }
  }

  #batched(item: RequestMessage, head: Head, replies: Replies): void {
    const { id, method } = item
    const opening = method === 'initialize' ? new Fault('INVALID_REQUEST', 'initialize must not be in a batch') : undefined
    const obstacle = opening ?? this.#running.obstacle(id)
    if (obstacle === undefined) this.request(item, head, replies)
    else this.#refuse(id, obstacle, replies, method)
  }

  #initialize({ protocolVersion, capabilities, clientInfo }: JsonObject): object {
    if (this.#open) throw new Fault('INVALID_REQUEST', 'This connection is already initialized')
    if (typeof protocolVersion !== 'string') throw new Fault('INVALID_PARAMS', 'initialize needs protocolVersion as a string')
    if (!isObject(capabilities)) throw new Fault('INVALID_PARAMS', 'initialize needs capabilities, an object')
    if (!isInfo(clientInfo)) throw new Fault('INVALID_PARAMS', 'initialize needs clientInfo with name and version')
    const { kernel, spoken } = this.desk
    const revision = isRevision(protocolVersion) && spoken.includes(protocolVersion) ? protocolVersion : (spoken.at(-1) as Revision)
    this.peer = { revision, info: clientInfo, capabilities: capabilities }
    this.#open = true
    this.#told = kernel.capabilities
    const { info, instructions } = kernel.options
    return {
      protocolVersion: revision,
      capabilities: this.#told,
      serverInfo: info,
      ...(instructions === undefined ? {} : { instructions }),
    }
  }

  /** The handshake is complete: from now on the client hears of changes. */
  #begin(): void {
    this.#initialized = true
    this.#changed()
    if (this.#id === '') return
    this.desk.hub.subscribe(this)
    const { events } = this.desk.kernel
    if (events.wants('session.opened')) events.emit('session.opened', { session: this.id, peer: this.peer, principal: this.head.principal })
  }

  #setLevel({ level }: JsonObject): object {
    if (!isLoggingLevel(level)) throw new Fault('INVALID_PARAMS', 'logging/setLevel needs one of the eight RFC 5424 level names')
    this.#logLevel = level
    this.#changed()
    return {}
  }

  #subscribe(uri: string, ctx: Context): MaybePromise<object> {
    const follow = (readable: boolean): object => {
      if (!readable) throw resourceNotFound(uri)
      if (!this.#follow(uri)) throw new Fault('OVERLOADED', 'Too many resources are subscribed')
      return {}
    }
    const readable = isReadable(uri, ctx, this.desk.kernel)
    return isThenable(readable) ? readable.then(follow) : follow(readable)
  }

  /** Takes the URI into account and into the caller's quota; false when that is used up. */
  #follow(uri: string): boolean {
    if (this.#uris?.has(uri) === true || this.#closed) return true
    if (!this.desk.uris.take(callerOf(this.head))) return false
    ;(this.#uris ??= new Set()).add(uri)
    this.desk.hub.follow(this, uri)
    this.#changed()
    return true
  }

  #unsubscribe(uri: string): object {
    if (this.#uris?.delete(uri) === true) {
      this.desk.hub.unfollow(this, uri)
      this.desk.uris.give(callerOf(this.head))
      this.#changed()
    }
    return {}
  }

  wants(list: ListKind): boolean {
    return this.#told?.[list]?.listChanged === true
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
  answer(id: RequestId, text: string, replies: Replies): void {
    this.#running.delete(id)
    void replies.send({ kind: 'reply', id, text: encodeResult(id, text) })
  }

  /** Answers a call that is under way with a fault. */
  fail(id: RequestId, error: unknown, replies: Replies, where: string): void {
    this.#running.delete(id)
    this.#refuse(id, error, replies, where)
  }

  /** Answers what never was under way: another request may go by the same id. */
  #refuse(id: RequestId | undefined, error: unknown, replies: Replies, where: string): void {
    const refusal = this.desk.refusal(id, error, where, this.revision)
    void replies.send({ kind: 'reply', ...refusal, ...(id === undefined ? {} : { id }) })
  }

  /** The connection is gone. */
  close(reason: unknown): void {
    this.#closed = true
    this.questions.close(reason)
    this.desk.hub.unsubscribe(this, this.#uris)
    if (this.#uris !== undefined) this.desk.uris.give(callerOf(this.head), this.#uris.size)
    const { events } = this.desk.kernel
    if (this.#initialized && this.#id !== '' && events.wants('session.closed')) events.emit('session.closed', { session: this.id })
  }
}

function uriOf({ uri }: JsonObject): string {
  if (typeof uri !== 'string') throw new Fault('INVALID_PARAMS', 'This needs a uri as a string')
  return uri
}
