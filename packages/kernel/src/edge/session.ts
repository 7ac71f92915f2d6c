/** The edge of the revisions with a handshake: what a connection remembers, and the requests that only they have. */

import {
  conversationOf,
  encodeFault,
  encodeNotice,
  encodeResult,
  Fault,
  isInfo,
  isLoggingLevel,
  isObject,
  isRevision,
  method as methodOf,
  principalKey,
  unsupportedVersion,
  type BatchMessage,
  type ClientCapabilities,
  type Frame,
  type Head,
  type Implementation,
  type JsonObject,
  type Link,
  type LoggingLevel,
  type NoticeMessage,
  type Peer,
  type ReplyMessage,
  type RequestId,
  type RequestMessage,
  type Revision,
  type Running,
  type SessionRecord,
} from '@oarlock/protocol'
import type { ListKind } from '../catalog/catalog.ts'
import type { SessionValues } from '../context.ts'
import { correlationId } from '../correlation.ts'
import type { Fact, Subscriber } from '../hub.ts'
import { isReadable } from '../operations/subscriptions.ts'
import { Questions } from './questions.ts'
import { BatchReplies, type Replies } from './replies.ts'
import type { Desk } from './desk.ts'
import { SessionCall } from './session-call.ts'

/** Assumed of a peer that never sent `initialize` (DIGEST 2.3: an absent version means 2025-03-26). */
const UNOPENED: Revision = '2025-03-26'
const NO_CAPABILITIES: ClientCapabilities = Object.freeze({})

/** The session of one connection. It is there from the start, and open once `initialize` succeeded. */
export class Session implements Subscriber, Peer, SessionValues, Replies {
  readonly desk: Desk
  readonly link: Link
  readonly head: Head
  readonly questions: Questions
  readonly #running: Map<RequestId, Running>
  revision: Revision = UNOPENED
  info: Implementation | undefined
  capabilities: ClientCapabilities = NO_CAPABILITIES
  #id: string
  #open = false
  #initialized = false
  #logLevel: LoggingLevel | undefined
  #uris: Set<string> | undefined
  #values: Map<string, unknown> | undefined

  constructor(desk: Desk, link: Link, head: Head, running: Map<RequestId, Running>, resume: SessionRecord | undefined) {
    this.desk = desk
    this.link = link
    this.head = head
    this.#running = running
    this.#id = head.session ?? correlationId()
    this.questions = new Questions(this)
    if (resume !== undefined) this.#restore(resume)
  }

  #restore(record: SessionRecord): void {
    this.#id = record.id
    this.revision = record.revision
    this.info = record.info
    this.capabilities = record.capabilities
    this.#open = true
    this.#logLevel = record.logLevel
    if (record.values !== undefined) this.#values = new Map(Object.entries(record.values))
    if (record.initialized) this.#begin()
    for (const uri of record.subscriptions ?? []) this.#follow(uri)
  }

  /** What a store needs to continue the session elsewhere; undefined until `initialize` succeeded. */
  get record(): SessionRecord | undefined {
    if (!this.#open) return undefined
    return {
      id: this.#id,
      owner: this.#ownerKey,
      revision: this.revision,
      info: this.info,
      capabilities: this.capabilities,
      initialized: this.#initialized,
      ...(this.#logLevel === undefined ? {} : { logLevel: this.#logLevel }),
      ...(this.#uris === undefined ? {} : { subscriptions: [...this.#uris] }),
      ...(this.#values === undefined ? {} : { values: Object.fromEntries(this.#values) }),
    }
  }

  get #ownerKey(): string {
    return principalKey(this.head.principal)
  }

  get id(): string {
    return this.#id
  }

  get(key: string): unknown {
    return this.#values?.get(key)
  }

  set(key: string, value: unknown): void {
    if (value === undefined) this.#values?.delete(key)
    else (this.#values ??= new Map()).set(key, structuredClone(value))
  }

  /** The least severe level the client wants. Until it said so, the server's choice is `info` (DIGEST S-LOG-07). */
  get logLevel(): LoggingLevel {
    return this.#logLevel ?? 'info'
  }

  request(message: RequestMessage, head: Head, replies: Replies = this): void {
    try {
      this.#serve(message, head, replies)
    } catch (error) {
      this.fail(message.id, error, replies, message.method)
    }
  }

  #serve(message: RequestMessage, head: Head, replies: Replies): void {
    const { id, method, params = NO_PARAMS } = message
    if (method === 'initialize') return this.complete(id, 'initialize', this.#initialize(params, replies), replies)
    if (this.desk.closing) throw new Fault('SHUTTING_DOWN')
    const known = methodOf(method, this.revision)
    const own = known !== undefined && known.kind === 'request' && known.from !== 'server'
    if (!own && !this.desk.kernel.options.extensions.methods.has(method))
      throw new Fault('METHOD_NOT_FOUND', `Method not found: ${this.desk.quote(method)}`)
    switch (method) {
      case 'ping':
        return this.complete(id, method, {}, replies)
      case 'logging/setLevel':
        return this.complete(id, method, this.#setLevel(params), replies)
      case 'resources/subscribe':
        return this.complete(id, method, this.#subscribe(params, head), replies)
      case 'resources/unsubscribe':
        return this.complete(id, method, this.#unsubscribe(params), replies)
      default: {
        const call = new SessionCall(this, message, head, replies)
        this.#running.set(id, call)
        call.start()
      }
    }
  }

  notice(message: NoticeMessage): void {
    if (message.method === 'notifications/initialized' && this.#open && !this.#initialized) this.#begin()
  }

  reply(message: ReplyMessage): void {
    this.questions.settle(message)
  }

  /** A batch, which only 2025-03-26 knows: its replies leave as one frame (DIGEST 2.5). */
  batch(message: BatchMessage, head: Head): void {
    if (this.revision !== '2025-03-26') {
      void this.send({
        kind: 'reply',
        ...encodeFault(undefined, new Fault('INVALID_REQUEST', `Revision ${this.revision} has no batches`), this.revision),
      })
      return
    }
    const replies = new BatchReplies(message, frame => this.send(frame))
    for (const item of message.items) {
      if (item.kind === 'request') this.#batched(item, head, replies)
      else if (item.kind === 'notice') this.notice(item)
      else if (item.kind === 'reply') this.reply(item)
      else replies.send({ kind: 'reply', ...encodeFault(item.id, item.fault, this.revision) })
    }
  }

  #batched(item: RequestMessage, head: Head, replies: Replies): void {
    if (item.method === 'initialize')
      return this.fail(item.id, new Fault('INVALID_REQUEST', 'initialize must not be in a batch'), replies, item.method)
    if (this.#running.has(item.id))
      return this.fail(item.id, new Fault('INVALID_REQUEST', 'A request with this id is already under way'), replies, item.method)
    this.request(item, head, replies)
  }

  #initialize(params: JsonObject, replies: Replies): object {
    if (replies !== this || this.#open) throw new Fault('INVALID_REQUEST', 'This connection is already initialized')
    if (this.desk.closing) throw new Fault('SHUTTING_DOWN')
    const { protocolVersion, capabilities, clientInfo } = params
    if (typeof protocolVersion !== 'string') throw new Fault('INVALID_PARAMS', 'initialize needs protocolVersion as a string')
    if (!isObject(capabilities)) throw new Fault('INVALID_PARAMS', 'initialize needs capabilities, an object')
    if (!isInfo(clientInfo)) throw new Fault('INVALID_PARAMS', 'initialize needs clientInfo with name and version')
    const { kernel } = this.desk
    const spoken = kernel.options.revisions.filter(revision => conversationOf(revision) === 'session')
    const newest = spoken.at(-1)
    if (newest === undefined) throw unsupportedVersion(protocolVersion, kernel.options.revisions)
    this.revision = isRevision(protocolVersion) && spoken.includes(protocolVersion) ? protocolVersion : newest
    this.info = clientInfo
    this.capabilities = capabilities as ClientCapabilities
    this.#open = true
    const { info, instructions } = kernel.options
    return {
      protocolVersion: this.revision,
      capabilities: kernel.capabilities,
      serverInfo: info,
      ...(instructions === undefined ? {} : { instructions }),
    }
  }

  /** The handshake is complete: from now on the client hears of changes. */
  #begin(): void {
    this.#initialized = true
    this.desk.hub.subscribe(this)
    const { events } = this.desk.kernel
    if (events.wants('session.opened')) events.emit('session.opened', { session: this.#id, peer: this, principal: this.head.principal })
  }

  #setLevel({ level }: JsonObject): object {
    if (!isLoggingLevel(level)) throw new Fault('INVALID_PARAMS', 'logging/setLevel needs one of the eight RFC 5424 level names')
    if (this.desk.kernel.capabilities.logging === undefined) throw new Fault('METHOD_NOT_FOUND', 'This server does not log to clients')
    this.#logLevel = level
    return {}
  }

  #subscribe({ uri }: JsonObject, head: Head): object {
    if (typeof uri !== 'string') throw new Fault('INVALID_PARAMS', 'resources/subscribe needs a uri as a string')
    const { capabilities, catalog } = this.desk.kernel
    if (capabilities.resources?.subscribe !== true) throw new Fault('METHOD_NOT_FOUND', 'This server has no resources to subscribe to')
    if (!isReadable(uri, { peer: this, principal: head.principal }, catalog.snapshot))
      throw new Fault('RESOURCE_NOT_FOUND', undefined, { data: { uri: this.desk.quote(uri) } })
    if (this.#uris?.has(uri) === true) return {}
    if (!this.desk.uris.take(this.#ownerKey)) throw new Fault('OVERLOADED', 'Too many resources are subscribed')
    this.#follow(uri)
    return {}
  }

  #follow(uri: string): void {
    ;(this.#uris ??= new Set()).add(uri)
    this.desk.hub.follow(this, uri)
  }

  #unsubscribe({ uri }: JsonObject): object {
    if (typeof uri !== 'string') throw new Fault('INVALID_PARAMS', 'resources/unsubscribe needs a uri as a string')
    if (this.#uris?.delete(uri) === true) {
      this.desk.hub.unfollow(this, uri)
      this.desk.uris.give(this.#ownerKey)
    }
    return {}
  }

  wants(list: ListKind): boolean {
    return (this.desk.kernel.capabilities as Readonly<Record<string, unknown>>)[list] !== undefined
  }

  deliver(fact: Fact): void {
    const text =
      fact.kind === 'list'
        ? encodeNotice(`notifications/${fact.list}/list_changed`)
        : encodeNotice('notifications/resources/updated', { uri: fact.uri })
    this.send({ kind: 'notice', text })
  }

  send(frame: Frame): void | PromiseLike<void> {
    return this.link.send(frame)
  }

  /** Answers with a result. */
  complete(id: RequestId, method: string, result: object, replies: Replies): void {
    this.answer(id, this.desk.kernel.encoder.encode(method, result, this.revision), replies)
  }

  /** Answers with a result that is text already. */
  answer(id: RequestId, text: string, replies: Replies): void {
    this.#running.delete(id)
    void replies.send({ kind: 'reply', id, text: encodeResult(id, text) })
  }

  /** Answers with a fault. */
  fail(id: RequestId, error: unknown, replies: Replies, where: string): void {
    this.#running.delete(id)
    const fault = Fault.is(error) ? error : this.desk.mask(error, where)
    const { text, status } = encodeFault(id, fault, this.revision)
    void replies.send({ kind: 'reply', id, text, status, ...(fault.headers === undefined ? {} : { headers: fault.headers }) })
  }

  close(reason: unknown): void {
    this.questions.close(reason)
    this.desk.hub.unsubscribe(this, this.#uris)
    if (this.#uris !== undefined) this.desk.uris.give(this.#ownerKey, this.#uris.size)
    const { events } = this.desk.kernel
    if (this.#initialized && events.wants('session.closed')) events.emit('session.closed', { session: this.#id })
  }
}

const NO_PARAMS: JsonObject = Object.freeze({})
