/** One stream of a session: the answer to a POST, or the messages that belong to no request. It can outlive the connection that carries it. */

import {
  type EventLog,
  Fault,
  isThenable,
  type LoggedEvent,
  type RequestId,
  type Service,
  type Spliced,
  sseEvent,
  type StreamKey,
  type Sweep,
  type Swept,
} from '@oarlock/protocol'
import { answerJson, refuse, STREAM_HEAD } from '../answer.ts'
import { EventStream, type StreamLimits } from '../event-stream.ts'
import type { Turn, Watcher } from '../turn.ts'
import { Backlog } from './backlog.ts'

/** What the streams of one session share. */
export interface StreamGround {
  readonly service: Service
  readonly sweep: Sweep
  readonly streams: StreamLimits
  readonly log: EventLog | undefined
  /** Whether streams begin with an event that has an id and no data. Clients before 2025-11-25 stumble over it (S-LHT-19). */
  readonly primes: boolean
  readonly retryMs: number
  /** A name for a stream that no other process gives. */
  readonly streamName: () => string
}

/**
 * - `waiting`: a POST whose answer may still be plain JSON
 * - `open`: events flow
 * - `away`: no connection; what is sent waits until the client comes back
 * - `lost`: no connection and no way back
 * - `ended`: answered
 */
export type StreamState = 'waiting' | 'open' | 'away' | 'lost' | 'ended'

const EVENT = 'message'
const NO_IDS: readonly RequestId[] = []

/** A stream of a session. Order is kept whether the log answers at once or later. */
export class SessionStream implements Swept, Watcher {
  seat: Swept['seat']
  readonly #session: string
  #name: string | undefined
  #key: StreamKey | undefined
  /** The requests it answers; none for the stream of no request. */
  readonly ids: readonly RequestId[]
  readonly #ground: StreamGround
  readonly #backlog: Backlog | undefined
  #turn: Turn | undefined
  #expiresAt: number | undefined
  #events: EventStream | undefined
  #state: StreamState
  #since = 0
  #cancelled: Set<RequestId> | undefined
  /** Set while the log is slower than we are: what comes next waits for it. */
  #tail: Promise<void> | undefined

  /** Without a turn it is the stream of no request: open or away, never answered, and nothing sent to it is dropped at once. */
  constructor(
    ground: StreamGround,
    session: string,
    name: string | undefined,
    ids: readonly RequestId[] = NO_IDS,
    turn?: Turn,
    expiresAt?: number,
  ) {
    this.#ground = ground
    this.#session = session
    this.#name = name
    this.ids = ids
    this.#turn = turn
    this.#expiresAt = expiresAt
    this.#state = turn === undefined ? 'away' : 'waiting'
    this.#backlog = turn === undefined ? new Backlog() : undefined
  }

  /** Most streams answer in one piece, and never need a name. */
  get name(): string {
    return (this.#name ??= this.#ground.streamName())
  }

  get state(): StreamState {
    return this.#state === 'open' && this.#events?.closed === true ? this.#apart() : this.#state
  }

  #apart(): StreamState {
    return this.#ground.log === undefined && this.#backlog === undefined ? 'lost' : 'away'
  }

  /** Watches the connection. Called when the answer did not come at once. */
  follow(): void {
    const turn = this.#turn
    if (turn === undefined || this.#state === 'ended') return
    this.#ground.sweep.add(this)
    this.#since = this.#ground.sweep.now
    turn.watch(this)
  }

  // A connection that was replaced has nothing to say about its successor.
  gone(turn: Turn): void {
    if (turn === this.#turn) this.#left()
  }

  drained(turn: Turn): void {
    if (turn === this.#turn) this.#events?.drained()
  }

  /** Sends a message that is not the answer. */
  send(text: string): void | Promise<void> {
    if (this.state === 'waiting') this.#begin(this.#ground.retryMs)
    if (this.state === 'open' || this.state === 'away') return this.#append(text)
  }

  /** Sends the answer and ends the stream. `headers` count only where nothing was sent before. */
  answer(text: string, status: number, headers?: Readonly<Record<string, string>>, spliced?: Spliced): void | Promise<void> {
    if (this.state === 'waiting') {
      this.#finish()
      return answerJson(this.#turn as Turn, spliced ?? text, status, headers)
    }
    if (this.state === 'open' || this.state === 'away') void this.#append(text)
    return this.end()
  }

  /**
   * Ends the stream: it was answered, its request was cancelled, or the session is over. `fault` is told where nothing was sent before. Returns a promise
   * while the log has yet to take what was sent.
   */
  end(fault?: Fault): void | Promise<void> {
    if (this.#state === 'waiting') {
      this.#finish()
      const turn = this.#turn as Turn
      return fault === undefined ? turn.answer(200, STREAM_HEAD, '') : refuse(turn, fault, this.ids[0])
    }
    return this.#after(() => this.#close())
  }

  #close(): void {
    this.#events?.end()
    this.#finish()
  }

  /** One of its requests was cancelled. Returns whether none is left to be answered. */
  cancel(id: RequestId): boolean {
    ;(this.#cancelled ??= new Set()).add(id)
    return this.#cancelled.size === this.ids.length
  }

  /** Closes the connection and keeps the stream (SEP-1699). False where the client could not come back. */
  release(retryMs: number): boolean {
    if (!this.#ground.primes || this.#ground.log === undefined) return false
    if (this.state === 'waiting') this.#begin(retryMs)
    else if (this.state === 'open') void this.#events?.send(`retry: ${retryMs}\n\n`)
    else return this.state === 'away'
    void this.#after(() => this.#events?.end())
    return true
  }

  /** Carries the stream over a GET, beginning with `missed`. A connection that was still there gives way. */
  attach(turn: Turn, missed: readonly LoggedEvent[], expiresAt: number | undefined): void {
    this.#events?.end()
    this.#turn = turn
    this.#expiresAt = expiresAt
    this.#state = 'open'
    this.#backlog?.clear()
    this.#events = new EventStream(turn, this.#ground.sweep, this.#ground.streams)
    for (const { id, text } of missed) void this.#write(id, text)
    this.#events.flush()
    this.follow()
  }

  /** Opens the stream of no request: primes it and hands over what waited. */
  open(turn: Turn, expiresAt: number | undefined): void {
    const waited = this.#backlog?.events ?? []
    this.attach(turn, [], expiresAt)
    this.#prime(this.#ground.retryMs)
    for (const { id, text } of waited) void this.#write(id === '' ? undefined : id, text)
    this.#events?.flush()
  }

  /** Runs `work` once the log has taken everything sent before. Nothing is sent meanwhile. */
  exclusive(work: () => Promise<void>): Promise<void> {
    const done = (this.#tail ?? Promise.resolve()).then(work)
    // What comes next is sent all the same.
    void this.#queue(done.then(undefined, () => {}))
    return done
  }

  sweep(now: number): void {
    if (this.#state === 'open' && this.#expiresAt !== undefined && now >= this.#expiresAt) this.#events?.end()
    if (this.#state !== 'waiting' || now - this.#since < this.#ground.streams.keepAliveMs) return
    this.#begin(this.#ground.retryMs)
    this.#events?.flush()
  }

  shut(): void {
    void this.end(new Fault('SHUTTING_DOWN'))
  }

  #left(): void {
    this.#events?.gone()
    if (this.#state === 'waiting') this.#state = 'lost'
    else if (this.#state === 'open') this.#state = this.#apart()
    this.#ground.sweep.delete(this)
  }

  #finish(): void {
    this.#state = 'ended'
    this.#ground.sweep.delete(this)
  }

  #begin(retryMs: number): void {
    this.#state = 'open'
    this.#events = new EventStream(this.#turn as Turn, this.#ground.sweep, this.#ground.streams)
    this.#prime(retryMs)
  }

  #prime(retryMs: number): void {
    if (this.#ground.primes && this.#ground.log !== undefined) void this.#append('', retryMs)
  }

  #append(text: string, retry?: number): void | Promise<void> {
    const id = this.#tail === undefined ? this.#log(text) : this.#tail.then(() => this.#log(text))
    if (!isThenable(id)) return this.#deliver(id, text, retry)
    return this.#queue(Promise.resolve(id).then(id => this.#deliver(id, text, retry)))
  }

  /** Never fails: an event that cannot be kept is still sent, without an id. */
  #log(text: string): string | undefined | PromiseLike<string | undefined> {
    const { log } = this.#ground
    if (log === undefined) return undefined
    const key = (this.#key ??= this.#newKey())
    try {
      const id = log.append(key, text)
      return isThenable(id)
        ? Promise.resolve(id).then(
            id => id,
            (cause: unknown) => this.#unkept(cause),
          )
        : id
    } catch (cause) {
      return this.#unkept(cause)
    } finally {
      key.fresh = false
    }
  }

  #unkept(cause: unknown): undefined {
    this.#ground.service.report(cause, 'http event log')
  }

  #newKey(): StreamKey {
    const fresh = this.#name === undefined
    return { session: this.#session, stream: this.name, fresh, known: undefined }
  }

  #deliver(id: string | undefined, text: string, retry?: number): void | Promise<void> {
    if (text === '' && id === undefined) return
    if (this.state === 'open') return this.#write(id, text, retry)
    if (text !== '') this.#backlog?.push({ id: id ?? '', text })
  }

  #write(id: string | undefined, text: string, retry?: number): void | Promise<void> {
    return this.#events?.send(sseEvent({ id, event: text === '' ? undefined : EVENT, retry, data: text }))
  }

  #queue(step: Promise<void>): Promise<void> {
    const tail = step.then(() => {
      if (this.#tail === tail) this.#tail = undefined
    })
    this.#tail = tail
    return tail
  }

  #after(work: () => void): void | Promise<void> {
    return this.#tail === undefined ? work() : this.#queue(this.#tail.then(work))
  }
}
