/** The conversation of the revisions up to 2025-11-25: a handshake, then requests in both directions (DIGEST 2). */

import {
  atLeast,
  Cancelled,
  type ClientCapabilities,
  ConnectionClosed,
  conversationOf,
  excerpt,
  Fault,
  type Implementation,
  isInfo,
  isObject,
  isRevision,
  type JsonObject,
  type LoggingLevel,
  lowerParams,
  type NoticeMessage,
  type RequestMessage,
  type Revision,
  SESSION_REVISIONS,
  Unsupported,
} from '@oarlock/protocol'
import type { Connection } from '../connection.ts'
import { RemoteFault } from '../error.ts'
import { announce } from '../events.ts'
import type { RequestOptions } from '../options.ts'
import { describe, type Pending } from '../pending.ts'
import type { ServerDescription } from '../server.ts'
import type { ListenFilter, NewsSink } from '../subscription.ts'
import { assertAllowed } from './allowed.ts'
import { addedBy, declaredBy } from './declared.ts'
import { callerMeta, metaText } from './meta.ts'
import type { Headers } from './mirror.ts'
import { announceOther, newsOf } from './news.ts'
import { Questions, type SessionView } from './questions.ts'
import type { Talk } from './talk.ts'
import { noticeText, openText, requestText } from './text.ts'
import { Watches } from './watch.ts'

/** Speaks a revision with a session on one connection. */
export class SessionTalk implements Talk, SessionView {
  readonly conversation = 'session'
  readonly #connection: Connection
  readonly #declared: ClientCapabilities
  readonly #questions: Questions
  readonly #watches: Watches
  #revision: Revision
  #server: ServerDescription | undefined
  #headers: Headers | undefined

  /** @param revision the one to propose; the server may answer with an earlier one */
  constructor(connection: Connection, revision: Revision) {
    const { host } = connection
    this.#connection = connection
    this.#revision = revision
    this.#declared = declaredBy(host, host.answers.handlers)
    this.#questions = new Questions(connection, this)
    this.#watches = new Watches(connection, (method, uri, options) => this.request(method, { uri }, options))
  }

  get revision(): Revision {
    return this.#revision
  }

  get server(): ServerDescription | undefined {
    return this.#server
  }

  get batches(): boolean {
    return this.#revision === '2025-03-26'
  }

  get headers(): Headers | undefined {
    return this.#headers
  }

  /**
   * Shakes hands. To be awaited before anything else is sent.
   * @throws Unsupported when the server answers with a revision that is not `wanted`, or that nobody here speaks
   */
  async open(options: RequestOptions, wanted?: Revision): Promise<void> {
    const params = { protocolVersion: this.#revision, capabilities: this.#declared, clientInfo: this.#connection.host.settings.info }
    const result = await this.#send('initialize', params, options)
    this.#agree(result, wanted)
    this.#notify('notifications/initialized', undefined)
  }

  async request(method: string, params: JsonObject | undefined, options: RequestOptions): Promise<JsonObject> {
    assertAllowed(method, this.#revision, this.#connection.host.settings.strict, this.#server)
    try {
      return await this.#send(method, params, options)
    } catch (cause) {
      if (RemoteFault.is(cause)) for (const { elicitationId } of cause.elicitations) this.#connection.host.answers.expectPage(elicitationId)
      throw cause
    }
  }

  notify(method: string, params?: JsonObject): void {
    assertAllowed(method, this.#revision, false, undefined)
    this.#notify(method, params)
  }

  notice(message: NoticeMessage): void {
    const { events, answers } = this.#connection.host
    const news = newsOf(message)
    if (news !== undefined) {
      this.#watches.feed(news)
      this.#connection.host.news(news)
    } else if (message.method === 'notifications/cancelled') {
      this.#questions.withdraw(message)
    } else if (message.method === 'notifications/elicitation/complete') {
      const elicitationId = message.params?.['elicitationId']
      if (answers.completes(elicitationId)) announce(events, 'elicitation.completed', { elicitationId })
    } else {
      announceOther(events, message)
    }
  }

  question(message: RequestMessage): void {
    this.#questions.take(message)
  }

  /** A handshake is never withdrawn; whoever gives it up closes the connection (C-UTIL-05). */
  abandoned({ id, method }: Pending, cause: Error): void {
    if (method === 'initialize') return
    const reason = Cancelled.is(cause) ? `Cancelled${describe(cause.cause)}` : cause.message
    this.#notify('notifications/cancelled', { requestId: id, reason })
    // The notification cancels; closing the response stream only frees it, because no answer follows.
    this.#connection.abandon(id)
  }

  listen(filter: ListenFilter, subscription: NewsSink, options: RequestOptions): void {
    this.#watches.open(filter, subscription, options, this.#server)
  }

  /** Everything there is to know was in the handshake. */
  discover(): Promise<ServerDescription> {
    return Promise.resolve(this.#server as ServerDescription)
  }

  async ping(options: RequestOptions): Promise<void> {
    await this.request('ping', undefined, options)
  }

  async setLogLevel(level: LoggingLevel, options: RequestOptions): Promise<void> {
    if (this.#server?.capabilities.logging === undefined) throw new Unsupported('The server does not offer log messages')
    await this.request('logging/setLevel', { level }, options)
  }

  rootsChanged(): void {
    if (this.#declared.roots !== undefined) this.#notify('notifications/roots/list_changed', undefined)
  }

  /** Capabilities are part of the handshake: fewer do no harm, more are too late. */
  declare(capabilities: ClientCapabilities): readonly string[] {
    return addedBy(this.#declared, capabilities)
  }

  closed(): void {
    this.#questions.cancel()
    this.#watches.end(new ConnectionClosed('The connection was closed while a subscription was open'))
  }

  #agree(result: JsonObject, wanted: Revision | undefined): void {
    const { protocolVersion: revision, capabilities, serverInfo, instructions } = result
    if (!isObject(capabilities)) throw new Fault('INVALID_REQUEST', 'The server sent a malformed answer to initialize')
    const isSpoken = isRevision(revision) && conversationOf(revision) === 'session'
    if (!isSpoken || (wanted !== undefined && revision !== wanted)) {
      const said = `${this.#connection.connector.target ?? 'The server'} answered initialize with revision ${excerpt(JSON.stringify(revision ?? null))}`
      const reason = isSpoken
        ? `instead of ${wanted}: leave 'revision' out, or choose that one`
        : `which this client does not speak in a session: it speaks ${SESSION_REVISIONS.join(', ')}`
      throw new Unsupported(`${said}, ${reason}`)
    }
    this.#revision = revision
    // From 2025-06-18 on each message over HTTP names the revision that was agreed on (C-LEG-03).
    if (this.#connection.connector.headers === true && atLeast(revision, '2025-06-18')) this.#headers = { 'MCP-Protocol-Version': revision }
    this.#server = {
      info: isInfo(serverInfo) ? (serverInfo satisfies Implementation) : undefined,
      capabilities,
      instructions: typeof instructions === 'string' ? instructions : undefined,
      versions: [revision],
    }
  }

  async #send(method: string, params: JsonObject | undefined, options: RequestOptions): Promise<JsonObject> {
    const text = openText(params === undefined ? undefined : lowerParams(method, params, this.#revision))
    let meta = metaText(callerMeta(params, options.meta))
    const { correlation, host } = this.#connection
    const pending = correlation.open(method, options)
    if (options.onProgress !== undefined || host.events.listenerCount('progress.received') > 0) {
      meta = `${meta}${meta === '' ? '' : ','}"progressToken":${pending.id}`
    }
    const frame = { kind: 'request', id: pending.id, method, text: requestText(pending.id, method, text, meta) } as const
    this.#connection.send(this.#headers === undefined ? frame : { ...frame, headers: this.#headers })
    return pending.promise
  }

  #notify(method: string, params: JsonObject | undefined): void {
    const text = openText(params === undefined ? undefined : lowerParams(method, params, this.#revision))
    const frame = { kind: 'notice', method, text: noticeText(method, text, metaText(params?.['_meta'])) } as const
    this.#connection.send(this.#headers === undefined ? frame : { ...frame, headers: this.#headers })
  }
}
