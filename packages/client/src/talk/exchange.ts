/** The stateless conversation of 2026-07-28: every request says by itself who asks, and questions come back as results (DIGEST 3). */

import {
  Cancelled,
  type ClientCapabilities,
  Fault,
  type Implementation,
  isObject,
  type JsonObject,
  type LoggingLevel,
  META,
  type NoticeMessage,
  type RequestMessage,
  type Revision,
} from '@oarlock/protocol'
import type { Connection } from '../connection.ts'
import { RemoteFault } from '../error.ts'
import { announce } from '../events.ts'
import type { RequestOptions } from '../options.ts'
import { pages } from '../paging.ts'
import { describe, type Pending } from '../pending.ts'
import type { ServerDescription } from '../server.ts'
import type { ListenFilter, NewsSink } from '../subscription.ts'
import { assertAllowed } from './allowed.ts'
import { declaredBy } from './declared.ts'
import { EnvelopeText } from './envelope.ts'
import { callerMeta, metaText } from './meta.ts'
import { HeaderMirror } from './mirror.ts'
import { announceOther, newsOf } from './news.ts'
import { Rounds } from './rounds.ts'
import { Streams } from './streams.ts'
import type { Talk } from './talk.ts'
import { noticeText, openText, requestText } from './text.ts'

/** Speaks a stateless revision on one connection. */
export class ExchangeTalk implements Talk {
  readonly conversation = 'stateless'
  readonly batches = false
  readonly revision: Revision
  readonly #connection: Connection
  readonly #envelope: EnvelopeText
  readonly #mirror: HeaderMirror | undefined
  readonly #rounds: Rounds
  readonly #streams: Streams
  #server: ServerDescription | undefined

  constructor(connection: Connection, revision: Revision) {
    const { host, connector } = connection
    this.revision = revision
    this.#connection = connection
    this.#envelope = new EnvelopeText(revision, host.settings.info, declaredBy(host, host.answers.handlers))
    this.#mirror = connector.headers === true ? new HeaderMirror(revision, host.events) : undefined
    this.#rounds = new Rounds(host, revision)
    this.#streams = new Streams(connection)
  }

  get server(): ServerDescription | undefined {
    return this.#server
  }

  async request(method: string, params: JsonObject | undefined, options: RequestOptions): Promise<JsonObject> {
    assertAllowed(method, this.revision, this.#connection.host.settings.strict, this.#server)
    let result = await this.#try(method, params, options)
    const type = result['resultType']
    if (type !== undefined && type !== 'complete') {
      result = await this.#rounds.follow(method, params, options, result, this.#server, next => this.#try(method, next, options))
      this.#connection.host.personal.add(result)
    }
    return this.#mirror !== undefined && method === 'tools/list' ? this.#mirror.screen(result) : result
  }

  notify(method: string, params?: JsonObject): void {
    assertAllowed(method, this.revision, false, undefined)
    this.#notify(method, params)
  }

  notice(message: NoticeMessage): void {
    if (this.#streams.take(message)) return
    const news = newsOf(message)
    if (news === undefined) announceOther(this.#connection.host.events, message)
    else this.#connection.host.news(news)
  }

  question({ method }: RequestMessage): void {
    const message = `The server sent the request ${method}; this revision has none from server to client`
    announce(this.#connection.host.events, 'warning.reported', { message })
  }

  abandoned(pending: Pending, cause: Error): void {
    // A server that has not answered the probe may be of a kind that must not get anything before `initialize`.
    if (this.#connection.abandon(pending.id) || pending.method === 'server/discover') return
    const reason = Cancelled.is(cause) ? `Cancelled${describe(cause.cause)}` : cause.message
    this.#notify('notifications/cancelled', { requestId: pending.id, reason })
  }

  listen(filter: ListenFilter, subscription: NewsSink, options: RequestOptions): void {
    this.#streams.open(filter, subscription, options, (pending, params) => this.#write(pending, openText(params), '', params))
  }

  async discover(options: RequestOptions): Promise<ServerDescription> {
    const result = await this.#send('server/discover', undefined, options)
    const { supportedVersions: versions, capabilities, instructions, _meta: meta } = result
    if (!Array.isArray(versions) || !isObject(capabilities)) {
      throw new Fault('INVALID_REQUEST', 'The server sent a malformed answer to server/discover')
    }
    this.#server = {
      info: isObject(meta) ? (meta[META.serverInfo] as Implementation | undefined) : undefined,
      capabilities,
      instructions: typeof instructions === 'string' ? instructions : undefined,
      versions: versions.filter(version => typeof version === 'string'),
    }
    return this.#server
  }

  /** Any request shows that the server is there; this one costs it least. */
  async ping(options: RequestOptions): Promise<void> {
    await this.discover(options)
  }

  setLogLevel(level: LoggingLevel): Promise<void> {
    this.#envelope.logLevel = level
    return Promise.resolve()
  }

  rootsChanged(): void {
    // Roots are asked for anew whenever they are needed, so there is nobody to tell.
  }

  declare(capabilities: ClientCapabilities): readonly string[] {
    this.#envelope.capabilities = capabilities
    return []
  }

  closed(): void {
    this.#rounds.cancel()
  }

  /** One request, tried again once where the server says that parameters were not mirrored into headers as its list has it (C-HTTP-14). */
  #try(method: string, params: JsonObject | undefined, options: RequestOptions): Promise<JsonObject> {
    const mirror = method === 'tools/call' ? this.#mirror : undefined
    return mirror === undefined ? this.#send(method, params, options) : this.#call(mirror, params, options)
  }

  async #call(mirror: HeaderMirror, params: JsonObject | undefined, options: RequestOptions): Promise<JsonObject> {
    const method = 'tools/call'
    try {
      return await this.#send(method, params, options)
    } catch (cause) {
      if (!RemoteFault.is(cause) || cause.fault !== 'HEADER_MISMATCH') throw cause
      await this.#learn(mirror, options)
      if (!mirror.knows(params?.['name'])) throw cause
      return this.#send(method, params, options)
    }
  }

  async #learn(mirror: HeaderMirror, { signal, timeout }: RequestOptions): Promise<void> {
    const page = (params: JsonObject | undefined): Promise<JsonObject> => this.#send('tools/list', params, { signal, timeout })
    for await (const result of pages('tools/list', page, this.#connection.host.settings.maxPages)) mirror.screen(result)
  }

  #send(method: string, params: JsonObject | undefined, options: RequestOptions): Promise<JsonObject> {
    const text = openText(params)
    let meta = metaText(callerMeta(params, options.meta))
    if (meta !== '') meta = `,${meta}`
    const { correlation, host } = this.#connection
    const pending = correlation.open(method, options)
    if (options.onProgress !== undefined || host.events.listenerCount('progress.received') > 0)
      meta = `${meta},"progressToken":${pending.id}`
    this.#write(pending, text, meta, params)
    return pending.promise
  }

  #write({ id, method }: Pending, text: string, meta: string, params: JsonObject | undefined): void {
    const frame = { kind: 'request', id, method, text: requestText(id, method, text, this.#envelope.text + meta) } as const
    this.#connection.send(this.#mirror === undefined ? frame : { ...frame, headers: this.#mirror.headers(method, params) })
  }

  #notify(method: string, params: JsonObject | undefined): void {
    const frame = { kind: 'notice', method, text: noticeText(method, openText(params), metaText(params?.['_meta'])) } as const
    this.#connection.send(this.#mirror === undefined ? frame : { ...frame, headers: this.#mirror.headers(method, params) })
  }
}
