/** One request over HTTP: its POST, and in a session the GETs by which a broken answer is taken up again. */

import {
  ConnectionClosed,
  conversationOf,
  excerpt,
  isRevision,
  parse,
  type Frame,
  type Incoming,
  type ReplyMessage,
  type RequestId,
  type SseParser,
  TooLarge,
} from '@oarlock/protocol'
import { isEventStream, isJson } from '../media-type.ts'
import { HttpError, SessionLost, shown } from './error.ts'
import type { ClientSettings } from './options.ts'
import { Patience } from './pause.ts'
import { messageParser, readEvents, readSome, readText } from './reading.ts'
import { viewOf, type Requester } from './requester.ts'
import { ClientSession } from './session.ts'

/** What a link lends to its calls. */
export interface CallGround {
  readonly settings: ClientSettings
  readonly requester: Requester
  readonly session: ClientSession | undefined
  receive(message: Incoming): void
  /** `initialize` was answered. */
  opened(session: ClientSession): void
  /** This request waits for credentials. */
  held(id: RequestId, work: PromiseLike<unknown>): void
  /** The server did not take this request up. */
  unread(id: RequestId, cause: SessionLost): void
  lost(cause: SessionLost): void
}

const BOTH = 'application/json, text/event-stream'
const SOME = 100_000

/** The headers that every POST of a message carries. */
export function postHeaders(frame: Frame, session: ClientSession | undefined): Record<string, string> {
  const spared = session === undefined || isStateless(frame) || frame.method === 'initialize'
  return { 'Content-Type': 'application/json', Accept: BOTH, ...(spared ? {} : session.idHeader()), ...frame.headers }
}

/** What a message asks for, in words: its method, and the name that it is about. */
export function operationOf({ method, headers }: Frame): string | undefined {
  const name = headers?.['Mcp-Name']
  return name === undefined ? method : `${method} ${name}`
}

/** Whether a message belongs to no session, whatever went before on the link. */
export function isStateless(frame: Frame): boolean {
  const header = Object.entries(frame.headers ?? {}).find(([name]) => name.toLowerCase() === 'mcp-protocol-version')
  return isRevision(header?.[1]) && conversationOf(header[1]) === 'stateless'
}

/** A request whose answer is awaited. */
export class Call {
  readonly id: RequestId
  readonly frame: Frame
  readonly #ground: CallGround
  readonly #abort = new AbortController()
  readonly #parser: SseParser
  #answered = false
  #headers: Headers | undefined

  constructor(ground: CallGround, frame: Frame, id: RequestId) {
    this.id = id
    this.#ground = ground
    this.frame = frame
    this.#parser = messageParser(ground.settings.maxMessage, text => this.#take(parse(text, ground.settings.limits)))
  }

  /** Gives up on the answer. */
  abandon(): void {
    this.#abort.abort()
  }

  /** Resolves when nothing more will come. Rejects with why there is no answer, except when it was abandoned. */
  async run(): Promise<void> {
    try {
      await this.#post()
      if (!this.#answered) await this.#resume()
    } catch (cause) {
      if (!this.#answered && !this.#abort.signal.aborted) throw cause
    }
  }

  async #post(): Promise<void> {
    const { requester, session } = this.#ground
    const headers = postHeaders(this.frame, session)
    const response = await requester.send({
      method: 'POST',
      headers,
      body: this.frame.text,
      operation: operationOf(this.frame),
      signal: this.#abort.signal,
      held: work => this.#ground.held(this.id, work),
    })
    this.#headers = response.headers
    if (!response.ok) return this.#refused(response, headers)
    const type = response.headers.get('content-type') ?? undefined
    if (isEventStream(type)) return this.#events(response)
    if (!isJson(type)) throw this.#error(response, await readSome(response, SOME))
    const text = await this.#whole(response)
    this.#take(parse(text, this.#ground.settings.limits))
    if (!this.#answered)
      throw new ConnectionClosed(`${shown(this.#ground.settings.url)} answered something else than was asked: ${excerpt(text, 200)}`)
  }

  async #whole(response: Response): Promise<string> {
    try {
      return await readText(response, this.#ground.settings.maxMessage)
    } catch (cause) {
      throw TooLarge.is(cause) ? cause : new ConnectionClosed('The answer broke off', cause)
    }
  }

  /** A broken stream can be taken up where it broke, in a session. What was stateless is lost (DIGEST 3.7). */
  async #events(response: Response): Promise<void> {
    try {
      await readEvents(response, this.#parser)
    } catch (cause) {
      if (this.#answered || this.#abort.signal.aborted || TooLarge.is(cause)) throw cause
      if (!this.#resumable) throw new ConnectionClosed('The response stream broke before the answer', cause)
    }
    if (!this.#answered && !this.#resumable) throw new ConnectionClosed('The response stream ended before the answer')
  }

  get #resumable(): boolean {
    return this.#ground.session !== undefined && !isStateless(this.frame) && this.#parser.lastEventId !== ''
  }

  async #resume(): Promise<void> {
    const { requester, settings } = this.#ground
    const { signal } = this.#abort
    const patience = new Patience(settings.clock)
    let failures = 0
    while (!this.#answered && (await patience.wait(this.#parser.retry, signal))) {
      const session = this.#ground.session as ClientSession
      const before = this.#parser.lastEventId
      const headers = { Accept: 'text/event-stream', 'Last-Event-ID': before, ...session.headers() }
      try {
        const response = await requester.send({ method: 'GET', headers, signal })
        // 204 says, as to any reader of event streams, that the rest of this one will never come.
        if (!response.ok || response.status === 204) await this.#refused(response, headers)
        await readEvents(response, this.#parser)
        failures = 0
      } catch (cause) {
        // Only attempts that bring nothing count: a stream that breaks often still gets there.
        failures = this.#parser.lastEventId === before ? failures + 1 : 0
        const hopeless = HttpError.is(cause) && cause.status < 500
        if (signal.aborted || SessionLost.is(cause) || hopeless || failures >= settings.attempts) throw cause
      }
      if (this.#parser.lastEventId !== before) patience.rewarded()
    }
  }

  async #refused(response: Response, sent: Readonly<Record<string, string>>): Promise<void> {
    const { status } = response
    if (status === 404 && sent['Mcp-Session-Id'] !== undefined) {
      void response.body?.cancel().catch(() => {})
      // A POST was turned away unread. A GET only asked for the rest of what a POST began.
      const unread = sent['Content-Type'] !== undefined
      if (unread) this.#ground.unread(this.id, new SessionLost(true))
      const lost = new SessionLost()
      this.#ground.lost(lost)
      throw lost
    }
    const body = await readSome(response, SOME)
    const message = body === '' ? undefined : parse(body, this.#ground.settings.limits)
    const reply = message?.kind === 'reply' && message.error !== undefined ? { ...message, status } : undefined
    if (reply?.id !== this.id || status === 401 || status === 403) throw this.#error(response, body, reply)
    this.#take(reply)
  }

  #error({ status, headers }: Response, body: string, reply?: ReplyMessage): HttpError {
    return new HttpError(status, viewOf(headers), body, reply, this.#ground.settings.url)
  }

  #take(message: Incoming): void {
    if (this.#abort.signal.aborted) return
    const own =
      message.kind === 'batch' ? message.items.find(item => isAnswer(item, this.id)) : isAnswer(message, this.id) ? message : undefined
    if (own !== undefined) {
      this.#answered = true
      if (this.frame.method === 'initialize' && own.kind === 'reply') this.#opened(own)
    }
    this.#ground.receive(message)
  }

  // Before the message is handed on: what the client sends in return already belongs to the session.
  #opened(reply: ReplyMessage): void {
    const session = ClientSession.from(reply, this.#headers as Headers)
    if (session !== undefined) this.#ground.opened(session)
  }
}

function isAnswer(message: Incoming, id: RequestId): boolean {
  return (message.kind === 'reply' || message.kind === 'invalid') && message.id === id
}
