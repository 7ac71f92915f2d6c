/** One stateless request over HTTP: answered as JSON, or as an event stream once anything comes before the answer (S-HTTP-12). */

import {
  Cancelled,
  Fault,
  sseEvent,
  type Exchange,
  type Head,
  type RequestId,
  type RequestMessage,
  type Running,
  type Service,
  type Spliced,
  type StatelessVerdict,
  type Sweep,
  type Swept,
} from '@oarlock/protocol'
import { answerJson, refuse } from './answer.ts'
import { EventStream, type StreamLimits } from './event-stream.ts'
import type { Turn, Watcher } from './turn.ts'

const EVENT = 'message'

/** What an endpoint lends to the exchanges it starts. */
export interface Ground {
  readonly service: Service
  readonly sweep: Sweep
  readonly streams: StreamLimits
}

/** The way back of one request. Its reader leaving cancels the work (S-HTTP-22). */
export class HttpExchange implements Exchange, Watcher, Swept {
  seat: Swept['seat']
  readonly head: Head
  readonly #turn: Turn
  readonly #ground: Ground
  readonly #id: RequestId
  #stream: EventStream | undefined
  #running: Running | undefined
  #done = false
  #followed = false
  #since = 0

  constructor(ground: Ground, turn: Turn, head: Head, id: RequestId) {
    this.head = head
    this.#ground = ground
    this.#turn = turn
    this.#id = id
  }

  /** Hands the request to the server. What is answered at once is never watched. */
  start(message: RequestMessage, verdict: StatelessVerdict): void {
    const { service } = this.#ground
    try {
      this.follow(service.exchange(this, message, verdict))
    } catch (cause) {
      service.report(cause, 'http exchange')
      if (this.#done) return
      this.#finish()
      refuse(this.#turn, new Fault('INTERNAL_ERROR'), this.#id, verdict.revision, 500)
    }
  }

  /** Watches the client while `running` goes on. */
  follow(running: Running | undefined): void {
    if (this.#done) return
    this.#running = running
    this.#followed = true
    this.#ground.sweep.add(this)
    this.#since = this.#ground.sweep.now
    this.#turn.watch(this)
  }

  notify(text: string): void | PromiseLike<void> {
    if (this.#done) return
    return this.#open().send(sseEvent({ event: EVENT, data: text }))
  }

  answer(text: string, status: number, headers?: Readonly<Record<string, string>>, spliced?: Spliced): void {
    if (this.#done) return
    this.#finish()
    if (this.#stream === undefined) answerJson(this.#turn, spliced ?? text, status, headers)
    else this.#stream.end(sseEvent({ event: EVENT, data: text }))
  }

  gone(): void {
    if (!this.#done) this.#cancel(new Cancelled('The client closed the response stream'))
    this.#stream?.gone()
  }

  drained(): void {
    this.#stream?.drained()
  }

  // A proxy drops a connection on which nothing happens, so an answer that is long in coming becomes a stream with comments.
  sweep(now: number): void {
    const expiresAt = this.head.principal?.expiresAt
    if (expiresAt !== undefined && now >= expiresAt && this.#stream !== undefined) {
      this.#cancel(new Cancelled('The credentials of the stream expired'))
      this.#stream.end()
    } else if (this.#stream?.closed === true) this.#cancel(new Cancelled('The client was too slow'))
    else if (this.#stream === undefined && now - this.#since >= this.#ground.streams.keepAliveMs) this.#open().flush()
  }

  shut(): void {
    if (this.#done) return
    this.#cancel(new Fault('SHUTTING_DOWN'))
    if (this.#stream === undefined) refuse(this.#turn, new Fault('SHUTTING_DOWN'), this.#id)
    else this.#stream.end()
  }

  #open(): EventStream {
    return (this.#stream ??= new EventStream(this.#turn, this.#ground.sweep, this.#ground.streams))
  }

  #cancel(reason: unknown): void {
    this.#finish()
    this.#running?.cancel(reason)
  }

  #finish(): void {
    this.#done = true
    if (this.#followed) this.#ground.sweep.delete(this)
  }
}
