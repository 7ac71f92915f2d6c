/** A connection over HTTP, which is none: each message its own POST, joined by what the session remembers. */

import {
  type ConnectionClosed,
  conversationOf,
  type Frame,
  type Incoming,
  type Link,
  type Receiver,
  type RequestId,
  Unsupported,
} from '@oarlock/protocol'
import { Call, postHeaders, type CallGround } from './call.ts'
import { HttpError, SessionLost } from './error.ts'
import { listen } from './listening.ts'
import type { ClientSettings } from './options.ts'
import { Requester } from './requester.ts'
import type { ClientSession } from './session.ts'
import { SseChannel, type SseGround } from './sse-channel.ts'

/** How long requests wait for the stream of news. Some servers only answer there when they have some. */
const NEWS_MS = 500

/** Refusals of `initialize` after which a server may still speak HTTP+SSE (C-VER-08). */
const UNKNOWN_HERE: ReadonlySet<number> = new Set([400, 404, 405])

/** Errors that only a server of 2026-07-28 sends. */
const MODERN_CODES: ReadonlySet<number | undefined> = new Set([-32_020, -32_021, -32_022])

/** The sending side of a client over HTTP. */
export class HttpLink implements Link, CallGround, SseGround {
  readonly settings: ClientSettings
  readonly requester: Requester
  session: ClientSession | undefined
  readonly #receiver: Receiver
  readonly #calls = new Map<RequestId, Call>()
  readonly #over = new AbortController()
  /** Set while `notifications/initialized` is on its way: what follows must not overtake it. */
  #settling: Promise<void> | undefined
  /** Set where the server speaks HTTP+SSE: then everything goes this way. */
  #sse: SseChannel | undefined
  #closed = false

  constructor(settings: ClientSettings, receiver: Receiver) {
    this.settings = settings
    this.requester = new Requester(settings)
    this.#receiver = receiver
  }

  send(frame: Frame): void | Promise<void> {
    if (this.#closed) return
    if (this.#sse !== undefined) {
      const sent = this.#sse.send(frame)
      return frame.kind === 'request' ? undefined : sent
    }
    if (frame.kind === 'request' && frame.id !== undefined) {
      const call = new Call(this, frame, frame.id)
      this.#calls.set(frame.id, call)
      void this.#run(call)
      return
    }
    if (frame.method !== 'notifications/initialized') return this.#post(frame, this.#settling)
    const settling = this.#post(frame, undefined)
      .then(() => this.#listen())
      .then(() => {
        this.#settling = undefined
      })
    this.#settling = settling
    return settling
  }

  abandon(id: RequestId): void {
    this.#calls.get(id)?.abandon()
    this.#calls.delete(id)
  }

  close(): void {
    if (this.#closed) return
    const { session } = this
    this.#end()
    if (session?.id === undefined) this.#receiver.closed()
    else void this.#goodbye(session).then(() => this.#receiver.closed())
  }

  receive(message: Incoming): void {
    if (!this.#closed) this.#receiver.receive(message)
  }

  opened(session: ClientSession): void {
    this.session = session
  }

  held(id: RequestId, work: PromiseLike<unknown>): void {
    if (!this.#closed) this.#receiver.held?.(id, work)
  }

  unread(id: RequestId, cause: SessionLost): void {
    if (!this.#closed) this.#receiver.failed?.(id, cause)
  }

  failed(id: RequestId, cause: unknown): void {
    if (!this.#closed) this.#receiver.failed?.(id, cause)
  }

  /** Begins with HTTP+SSE. @throws what opening its stream failed with */
  async overSse(opening?: AbortSignal): Promise<this> {
    this.#sse = await SseChannel.open(this, this.#over.signal, opening)
    return this
  }

  lost(cause: ConnectionClosed): void {
    if (this.#closed) return
    this.#end()
    this.#receiver.closed(cause)
  }

  #end(): void {
    this.#closed = true
    this.#over.abort()
    for (const call of this.#calls.values()) call.abandon()
    this.#calls.clear()
  }

  async #run(call: Call): Promise<void> {
    try {
      await this.#settling
      await call.run()
    } catch (cause) {
      if (!this.#closed) await this.#failed(call, cause)
    } finally {
      if (this.#calls.get(call.id) === call) this.#calls.delete(call.id)
    }
  }

  /** A request failed. Where it was the first of a session, the server may only know how to be spoken to over HTTP+SSE. */
  async #failed({ id, frame }: Call, cause: unknown): Promise<void> {
    if (frame.method !== 'initialize' || this.settings.sse !== 'fallback' || !mayBeOld(cause)) return this.failed(id, cause)
    try {
      await this.overSse()
    } catch (why) {
      return this.failed(id, Unsupported.is(why) ? why : cause)
    }
    await this.#sse?.send(frame)
  }

  /** Posts what expects no answer. Nobody can be told that it failed, but a lost session shows here as anywhere. */
  async #post(frame: Frame, after: Promise<void> | undefined): Promise<void> {
    await after
    const headers = postHeaders(frame, this.session)
    try {
      const response = await this.requester.send({
        method: 'POST',
        headers,
        body: frame.text,
        operation: frame.method,
        signal: this.#over.signal,
        acceptMs: this.settings.acceptMs,
      })
      void response.body?.cancel().catch(() => {})
      if (response.status === 404 && headers['Mcp-Session-Id'] !== undefined) this.lost(new SessionLost())
    } catch {
      // As with any link, a message that cannot be sent is dropped.
    }
  }

  /**
   * Opens the stream of news. Requests wait a moment until it is there: what some servers ask their client before that, such as its roots, they ask nobody,
   * and wait for the answer.
   */
  #listen(): Promise<void> | undefined {
    const { session } = this
    if (session === undefined || this.#closed || conversationOf(session.revision) !== 'session') return undefined
    return new Promise(resolve => {
      const stopWaiting = this.settings.clock.after(NEWS_MS, resolve)
      const answered = (): void => {
        stopWaiting()
        resolve()
      }
      void listen(this, session, this.#over.signal, answered).then(answered)
    })
  }

  async #goodbye(session: ClientSession): Promise<void> {
    try {
      const response = await this.requester.send({
        method: 'DELETE',
        headers: session.headers(),
        signal: AbortSignal.timeout(this.settings.closeMs),
      })
      await response.body?.cancel()
    } catch {
      // The server may not know DELETE, or be gone: the session ends by itself.
    }
  }
}

function mayBeOld(cause: unknown): boolean {
  return HttpError.is(cause) && UNKNOWN_HERE.has(cause.status) && !MODERN_CODES.has(cause.reply?.error?.code)
}
