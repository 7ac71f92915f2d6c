/** A connection over HTTP, which is none: each message its own POST, joined by what the session remembers. */

import { conversationOf, type Frame, type Incoming, type Link, type Receiver, type RequestId } from '@oarlock/protocol'
import { Call, postHeaders, type CallGround } from './call.ts'
import { SessionLost } from './error.ts'
import { listen } from './listening.ts'
import type { ClientSettings } from './options.ts'
import { Requester } from './requester.ts'
import type { ClientSession } from './session.ts'

/** The sending side of a client over HTTP. */
export class HttpLink implements Link, CallGround {
  readonly settings: ClientSettings
  readonly requester: Requester
  session: ClientSession | undefined
  readonly #receiver: Receiver
  readonly #calls = new Map<RequestId, Call>()
  readonly #over = new AbortController()
  /** Set while `notifications/initialized` is on its way: what follows must not overtake it. */
  #settling: Promise<void> | undefined
  #closed = false

  constructor(settings: ClientSettings, receiver: Receiver) {
    this.settings = settings
    this.requester = new Requester(settings)
    this.#receiver = receiver
  }

  send(frame: Frame): void | Promise<void> {
    if (this.#closed) return
    if (frame.kind === 'request' && frame.id !== undefined) {
      const call = new Call(this, frame, frame.id)
      this.#calls.set(frame.id, call)
      void this.#run(call)
      return
    }
    if (frame.method !== 'notifications/initialized') return this.#post(frame, this.#settling)
    const settling = this.#post(frame, undefined).then(() => {
      this.#settling = undefined
      this.#listen()
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

  lost(cause: SessionLost): void {
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
      if (!this.#closed) this.#receiver.failed?.(call.id, cause)
    } finally {
      if (this.#calls.get(call.id) === call) this.#calls.delete(call.id)
    }
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
        signal: this.#within(this.settings.acceptMs),
      })
      void response.body?.cancel().catch(() => {})
      if (response.status === 404 && headers['Mcp-Session-Id'] !== undefined) this.lost(new SessionLost())
    } catch {
      // As with any link, a message that cannot be sent is dropped.
    }
  }

  #listen(): void {
    const { session } = this
    if (session === undefined || this.#closed || conversationOf(session.revision) !== 'session') return
    void listen(this, session, this.#over.signal)
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

  #within(ms: number): AbortSignal {
    return AbortSignal.any([this.#over.signal, AbortSignal.timeout(ms)])
  }
}
