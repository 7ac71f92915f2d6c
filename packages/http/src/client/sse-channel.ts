/** The client half of HTTP+SSE, the transport of 2024-11-05: one stream that brings everything, one address to post to (C-LEG-12). */

import { ConnectionClosed, parse, SseParser, TimedOut, Unsupported, type Frame, type RequestId } from '@oarlock/protocol'
import { isEventStream } from '../media-type.ts'
import type { CallGround } from './call.ts'
import { HttpError, SessionLost } from './error.ts'
import { readEvents, readSome } from './reading.ts'
import { viewOf } from './requester.ts'

/** What a channel needs of its link, and what it tells it. */
export interface SseGround extends Pick<CallGround, 'settings' | 'requester' | 'receive' | 'held'> {
  /** A request did not reach the server. */
  failed(id: RequestId, cause: unknown): void
  /** The stream ended, and with it the session. */
  lost(cause: ConnectionClosed): void
}

const SOME = 100_000

/** An open stream and where to post. */
export class SseChannel {
  readonly #ground: SseGround
  readonly #url: string
  readonly #signal: AbortSignal
  /** Set while `notifications/initialized` is on its way: what follows must not overtake it. */
  #settling: Promise<void> | undefined

  private constructor(ground: SseGround, url: string, signal: AbortSignal) {
    this.#ground = ground
    this.#url = url
    this.#signal = signal
  }

  /**
   * Opens the stream and waits for the `endpoint` event that has to come first. It lives until `signal` aborts or the server ends it;
   * `opening` only calls off the opening.
   * @throws HttpError for what is no such stream, TimedOut for one that says nothing, ConnectionClosed for one that ends before, Unsupported
   *   for an endpoint of another origin
   */
  static async open(ground: SseGround, signal: AbortSignal, opening?: AbortSignal): Promise<SseChannel> {
    const { requester, settings } = ground
    const over = new AbortController()
    const all = AbortSignal.any([signal, over.signal])
    const calledOff = (): void => over.abort(opening?.reason)
    opening?.addEventListener('abort', calledOff, { once: true })
    const late = (): void => over.abort(new TimedOut(`No endpoint event within ${settings.acceptMs} ms`))
    let callOff = settings.clock.after(settings.acceptMs, late)
    // Whoever signs in does not hurry, and the server has all its time after that.
    const held = (work: PromiseLike<unknown>): void => {
      callOff()
      const again = (): void => void (callOff = settings.clock.after(settings.acceptMs, late))
      work.then(again, again)
    }
    try {
      const response = await requester.send({ method: 'GET', headers: { Accept: 'text/event-stream' }, signal: all, held })
      if (!response.ok || !isEventStream(response.headers.get('content-type') ?? undefined))
        throw new HttpError(response.status, viewOf(response.headers), await readSome(response, SOME), undefined, settings.url)
      const url = await endpointOf(ground, response, all)
      return new SseChannel(ground, url, all)
    } catch (cause) {
      over.abort()
      throw TimedOut.is(over.signal.reason) ? over.signal.reason : cause
    } finally {
      callOff()
      opening?.removeEventListener('abort', calledOff)
    }
  }

  /** Posts a message. Its answer, if it has one, comes on the stream. Never rejects. */
  send(frame: Frame): Promise<void> {
    const sent = this.#post(frame, this.#settling)
    if (frame.method === 'notifications/initialized') {
      this.#settling = sent.then(() => {
        this.#settling = undefined
      })
    }
    return sent
  }

  async #post(frame: Frame, after: Promise<void> | undefined): Promise<void> {
    const { requester, settings } = this.#ground
    try {
      await after
      const response = await requester.send({
        method: 'POST',
        url: this.#url,
        headers: { 'Content-Type': 'application/json', ...frame.headers },
        body: frame.text,
        operation: frame.method,
        signal: this.#signal,
        acceptMs: settings.acceptMs,
        ...(frame.id !== undefined && { held: work => this.#ground.held(frame.id as RequestId, work) }),
      })
      if (!response.ok) throw await this.#refusal(response)
      void response.body?.cancel().catch(() => {})
    } catch (cause) {
      // As with any link, a message that cannot be sent is dropped; but a session that is gone shows here as anywhere.
      if (HttpError.is(cause) && cause.status === 404) this.#ground.lost(new SessionLost())
      else if (frame.kind === 'request' && frame.id !== undefined) this.#ground.failed(frame.id, cause)
    }
  }

  async #refusal(response: Response): Promise<HttpError> {
    const body = await readSome(response, SOME)
    const message = body === '' ? undefined : parse(body, this.#ground.settings.limits)
    const reply = message?.kind === 'reply' && message.error !== undefined ? { ...message, status: response.status } : undefined
    return new HttpError(response.status, viewOf(response.headers), body, reply)
  }
}

/** Reads the stream, for ever; resolves with where to post as soon as that is known. */
function endpointOf(ground: SseGround, response: Response, signal: AbortSignal): Promise<string> {
  const { settings } = ground
  return new Promise((resolve, reject) => {
    let opened = false
    const parser = new SseParser(({ event, data }) => {
      if (signal.aborted) return
      if (opened) {
        if (event === 'message' && data !== '') ground.receive(parse(data, settings.limits))
      } else if (event === 'endpoint') {
        try {
          resolve(sameOrigin(data, settings.url))
          opened = true
        } catch (cause) {
          reject(cause)
        }
      }
    }, settings.maxMessage)
    const ended = (cause?: unknown): void => {
      const closed = new ConnectionClosed(opened ? 'The server ended the stream' : 'The stream ended before its endpoint event', cause)
      if (opened) ground.lost(closed)
      else reject(closed)
    }
    readEvents(response, parser).then(() => ended(), ended)
  })
}

/** Messages, and the headers that go with them, stay with the origin the user named (THREATS 8). */
function sameOrigin(endpoint: string, base: string): string {
  const url = URL.canParse(endpoint, base) ? new URL(endpoint, base) : undefined
  if (url === undefined || url.origin !== new URL(base).origin || url.username !== '' || url.password !== '')
    throw new Unsupported('The server wants messages posted to another origin, which is not done')
  url.hash = ''
  return url.href
}
