/** A request on `node:http` and its answer, straight on the request and response objects. */

import type { IncomingMessage, ServerResponse } from 'node:http'
import { Fault, holdsSeveral, type HeaderView, type Spliced, type Swept, textOf } from '@oarlock/protocol'
import { Body, type BodyGround } from '../body.ts'
import type { BodyReader, HeaderList, Sink, Turn, Watcher } from '../turn.ts'
import { writePart } from './chunks.ts'
import { NodeHeaders } from './headers.ts'
import { packed, takesGzip } from './packed.ts'

/** What a door lends to its turns. */
export interface NodeGround extends BodyGround {
  readonly stallMs: number
  /** Whether pages may leave packed. */
  readonly gzip: boolean
  /** Whether connections should end with their present answer. */
  readonly endpoint: { readonly stopped: boolean }
}

/** From here on it is worth looking whether an answer is ASCII, and sending the parts of one that are ready as they are. */
const LARGE = 4096
/** A body up to this size is thrown away by Node while the connection lives on. */
const SMALL = 65_536
/** How long a connection stays open for a client that is still sending what nobody reads, so that it can read why. */
const LINGER_MS = 2000

/** One request and its response. */
export class NodeTurn implements Turn, Sink, Swept {
  seat: Swept['seat']
  readonly headers: HeaderView
  extra: HeaderList = []
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly #ground: NodeGround
  /** The body, where a framework has read it. */
  readonly #parsed: unknown
  #body: Body | undefined
  #watcher: Watcher | undefined
  /** Since when the answer is complete but not on its way: the client does not read it, or has not read it to its end. */
  #leaving: number | undefined
  #lingers = false
  #behind = false
  #progress = -1

  constructor(req: IncomingMessage, res: ServerResponse, ground: NodeGround, parsed?: unknown) {
    this.req = req
    this.res = res
    this.#ground = ground
    this.#parsed = parsed
    this.headers = new NodeHeaders(req.headers)
  }

  get method(): string {
    return this.req.method as string
  }

  get query(): string {
    const url = this.req.url ?? ''
    const mark = url.indexOf('?')
    return mark === -1 ? '' : url.slice(mark + 1)
  }

  get host(): string | undefined {
    const { host, ':authority': authority } = this.req.headers
    return host ?? (authority as string | undefined)
  }

  // Node joins what is repeated, or takes the first, as the server was made.
  get repeatsAuthorization(): boolean {
    const { headers, rawHeaders } = this.req
    if (headers.authorization === undefined) return false
    let count = 0
    for (let i = 0; i < rawHeaders.length; i += 2) {
      const name = rawHeaders[i] as string
      if (name.length === 13 && name.toLowerCase() === 'authorization') count += 1
    }
    return count > 1 || holdsSeveral(headers.authorization)
  }

  get remote(): string | undefined {
    return this.req.socket?.remoteAddress
  }

  read(limit: number, reader: BodyReader): void {
    const { req } = this
    const body = new Body(limit, reader, this.#ground)
    this.#body = body
    if (!body.start(req.headers['content-length'], this.#parsed ?? (req as { body?: unknown }).body)) return
    if (req.readableEnded) return body.refuse(new Fault('PARSE_ERROR', 'Something else has read the body of this request'))
    req.on('data', (chunk: Buffer) => body.take(chunk))
    req.on('end', () => body.end())
    req.on('close', () => body.left())
  }

  answer(status: number, headers: HeaderList, body: string | Spliced = ''): void {
    const { res } = this
    if (res.headersSent || res.destroyed) return
    const unread = this.#unread()
    if (typeof body !== 'string' && body.ready.text.length > LARGE && !unread) return this.#answerReady(status, headers, body)
    const text = typeof body === 'string' ? body : textOf(body)
    const length = Buffer.byteLength(text)
    // A status without a body has no length either (RFC 9110, section 8.6).
    this.#head(status, status === 204 ? headers : headers.concat('Content-Length', String(length)), unread)
    if (unread) this.#linger(text)
    else this.#complete(text, length > LARGE && this.#isAscii(text, length) ? 'latin1' : 'utf8')
  }

  /** One write of few pieces, of which the large one is nobody's copy. */
  #answerReady(status: number, headers: HeaderList, body: Spliced): void {
    const { req, res } = this
    const small = this.#ground.gzip && takesGzip(req.headers['accept-encoding']) ? packed(body) : undefined
    if (small === undefined) {
      const { before, ready } = body
      this.#head(status, headers.concat('Content-Length', String(Buffer.byteLength(before) + ready.ending.length)), false)
      res.write(before)
      this.#complete(ready.ending, 'utf8')
    } else {
      this.#head(status, headers.concat('Content-Length', String(small.length), 'Content-Encoding', 'gzip'), false)
      res.write(small.opening)
      res.write(small.page)
      this.#complete(small.closing, 'utf8')
    }
  }

  // An array that is pushed to would take three times its size.
  #head(status: number, headers: HeaderList, unread: boolean): void {
    const withExtra = this.extra.length > 0 ? headers.concat(this.extra) : headers
    this.res.writeHead(status, (unread || this.#ground.endpoint.stopped ? withExtra.concat('Connection', 'close') : withExtra) as string[])
  }

  /** What is as long in bytes as in characters is ASCII, and Node has a shorter way for that. It takes the head along, so headers of others must not be there. */
  #isAscii(body: string, length: number): boolean {
    return length === body.length && this.res.getHeaderNames().length === 0
  }

  open(headers: HeaderList): Sink {
    const { res } = this
    if (!res.headersSent && !res.destroyed) res.writeHead(200, [...headers, ...this.extra])
    return this
  }

  watch(watcher: Watcher): void {
    this.#watcher = watcher
    if (this.res.closed || this.res.destroyed) {
      queueMicrotask(() => watcher.gone(this))
      return
    }
    this.res.on('close', () => watcher.gone(this))
  }

  get buffered(): number {
    return this.res.writableLength
  }

  // What the system has taken of a long write shows only in the handle's own queue.
  get progress(): number {
    const handle = (this.res.socket as { _handle?: { writeQueueSize?: number } | null } | null)?._handle
    return this.res.writableLength + (handle?.writeQueueSize ?? 0)
  }

  write(text: string): boolean {
    if (text !== '') {
      const keepsUp = writePart(this.res, text)
      if (!keepsUp) this.#awaitDrain()
      return keepsUp
    }
    // Only then: by itself the head would be a write of its own, which costs a stream more than all that goes before it.
    this.res.flushHeaders()
    return true
  }

  /** A listener for each reader that falls behind, and none for all those who do not. */
  #awaitDrain(): void {
    if (this.#behind) return
    this.#behind = true
    this.res.once('drain', () => {
      this.#behind = false
      this.#watcher?.drained(this)
    })
  }

  end(text = ''): void {
    if (text !== '') writePart(this.res, text)
    this.#complete('', 'utf8')
  }

  cut(): void {
    this.res.destroy()
    this.#watcher?.gone(this)
  }

  sweep(now: number): void {
    if (this.res.closed || this.res.destroyed) return this.#ground.sweep.delete(this)
    const since = this.#leaving as number
    if (this.#lingers) {
      if (now - since < LINGER_MS) return
      this.#ground.sweep.delete(this)
      this.res.end()
      return
    }
    if (this.progress !== this.#progress) {
      this.#progress = this.progress
      this.#leaving = now
      if (this.#progress === 0) this.#ground.sweep.delete(this)
    } else if (now - since >= this.#ground.stallMs) this.res.destroy()
  }

  shut(): void {
    if (this.#lingers) this.res.end()
  }

  #complete(body: string | Uint8Array, encoding: 'latin1' | 'utf8'): void {
    this.res.end(body, encoding)
    if (this.res.writableLength > 0) this.#leave()
  }

  /** Whether a body is on its way that is too big to be thrown away while the connection waits for its next request. */
  #unread(): boolean {
    const { req } = this
    if (req.complete || this.#body?.ended === true) return false
    if (this.#body?.refused === true) return true
    const length = req.headers['content-length']
    return req.headers['transfer-encoding'] !== undefined || (length !== undefined && Number(length) > SMALL)
  }

  #linger(body: string): void {
    this.#lingers = true
    this.res.write(body)
    this.req.once('end', () => this.res.end())
    this.req.resume()
    this.#leave()
  }

  #leave(): void {
    this.#ground.sweep.add(this)
    this.#leaving = this.#ground.sweep.now
    this.#progress = this.progress
  }
}
