/** One session over HTTP: a virtual link whose messages travel over many POSTs and one GET. */

import {
  type BatchMessage,
  callerOf,
  Fault,
  type Frame,
  type Head,
  isId,
  isThenable,
  type Link,
  type Message,
  principalKey,
  type RequestId,
  type RequestMessage,
  type Revision,
  type ServerReceiver,
  type SessionRecord,
} from '@oarlock/protocol'
import { accept, answerJson, refuse } from '../answer.ts'
import type { HttpHead } from '../head.ts'
import type { Turn } from '../turn.ts'
import { requestIds, unasking } from './batch.ts'
import { Keeping, type KeepingGround } from './keeping.ts'
import { batchFault } from './screening.ts'
import type { SessionStream } from './stream.ts'
import { Streams, type StreamsGround } from './streams.ts'

/** What all sessions of an endpoint share. */
export interface SessionGround extends KeepingGround, StreamsGround {
  /** The session ended: forget it. */
  ended(session: Session): void
}

/** A session. The messages of one session are never seen by another: its maps are its own (THREATS 1). */
export class Session implements Link {
  readonly id: string
  /** `principalKey` of whoever opened it. */
  readonly owner: string
  /** Whose place it takes. */
  readonly caller: string
  lastUsed: number
  readonly #ground: SessionGround
  readonly #keeping: Keeping
  readonly #streams: Streams
  #receiver: ServerReceiver | undefined
  /** The POST of `initialize` until it is answered: that answer carries the session's id. */
  #opening: SessionStream | undefined
  #revision: Revision | undefined
  #over = false

  constructor(ground: SessionGround, id: string, head: Head) {
    this.#ground = ground
    this.id = id
    this.owner = principalKey(head.principal)
    this.caller = callerOf(head)
    this.lastUsed = ground.sweep.now
    this.#keeping = new Keeping(ground, id)
    this.#streams = new Streams(ground, this)
  }

  /** Connects to the server, which may carry on where another connection left off. Called once, before any message. */
  connect(head: Head, record?: SessionRecord): void {
    this.#receiver = this.#ground.service.connect(this, head, record)
  }

  /** The negotiated revision, once there is one. It never changes after. */
  get revision(): Revision | undefined {
    return (this.#revision ??= this.#receiver?.session?.revision)
  }

  /** Whether something is under way that keeps the session alive. */
  get busy(): boolean {
    return this.#streams.busy
  }

  /** Takes `initialize`. Its answer decides whether there is a session. */
  open(turn: Turn, head: HttpHead, message: RequestMessage): void {
    this.#opening = this.#streams.answering([message.id], turn, head)
    this.#receive(message, head)
    this.#opening?.follow()
  }

  /** Takes what was posted to the session. */
  post(turn: Turn, head: HttpHead, message: Message | BatchMessage): void {
    switch (message.kind) {
      case 'request':
        return this.#ask(turn, head, message, [message.id])
      case 'batch':
        return this.#batch(turn, head, message)
      case 'notice':
        this.#receive(message, head)
        if (message.method === 'notifications/cancelled') this.#cancelled(message.params?.['requestId'])
        return this.#accept(turn)
      case 'reply':
        this.#receive(message, head)
        this.#accept(turn)
    }
  }

  /** Opens the stream of no request, or carries on one that broke. */
  get(turn: Turn, head: HttpHead): void {
    this.#streams.get(turn, head)
  }

  send(frame: Frame): void | PromiseLike<void> {
    if (this.#over) return
    if (frame.kind === 'reply') return frame.id === undefined ? undefined : this.#reply(frame, frame.id)
    const stream = frame.about === undefined ? undefined : this.#streams.of(frame.about)
    if (stream !== undefined && stream.state !== 'lost') return stream.send(frame.text)
    // A notice about a request that nobody can hear of any more is of no use; a question still has an answer.
    if (frame.about === undefined || frame.kind === 'request') return this.#streams.standalone.send(frame.text)
  }

  release(about: RequestId, retryMs: number): boolean {
    return this.#streams.of(about)?.release(retryMs) ?? false
  }

  close(reason?: unknown): void {
    void this.discard(reason)
  }

  /** Ends the session for good. Returns a promise while the store still has to learn of it. */
  discard(reason?: unknown): void | PromiseLike<void> {
    return this.#keeping.discard(this.end(reason))
  }

  /** Something is still under way: the session is in use, here and in the store. */
  keep(now: number): void {
    this.lastUsed = now
    void this.#save()
  }

  /** Ends the session in this process only. A store still knows it. Returns a promise while its event log has yet to take something. */
  end(reason?: unknown, fault: Fault = new Fault('SESSION_NOT_FOUND')): void | Promise<unknown> {
    if (this.#over) return
    this.#over = true
    this.#ground.ended(this)
    this.#receiver?.closed(reason)
    return this.#streams.end(fault)
  }

  #batch(turn: Turn, head: HttpHead, batch: BatchMessage): void {
    const revision = this.revision ?? '2025-03-26'
    const fault = batchFault(batch, revision)
    if (fault !== undefined) return refuse(turn, fault, undefined, revision)
    const ids = requestIds(batch)
    if (ids.length > 0) {
      this.#ask(turn, head, batch, ids)
      return this.#withdrawn(batch)
    }
    const { accepted, text, status } = unasking(batch, revision)
    if (accepted !== undefined) this.#receive(accepted, head)
    this.#withdrawn(batch)
    if (text === undefined) this.#accept(turn)
    else answerJson(turn, text, status)
  }

  /** What a batch cancels, of its own requests or of others. */
  #withdrawn(batch: BatchMessage): void {
    for (const item of batch.items) {
      if (item.kind === 'notice' && item.method === 'notifications/cancelled') this.#cancelled(item.params?.['requestId'])
    }
  }

  #ask(turn: Turn, head: HttpHead, message: RequestMessage | BatchMessage, ids: readonly RequestId[]): void {
    const busy = ids.find(id => this.#streams.of(id) !== undefined)
    if (busy !== undefined) {
      const fault = new Fault('INVALID_REQUEST', 'A request with this id is still in flight')
      return refuse(turn, fault, message.kind === 'request' ? busy : undefined, this.revision)
    }
    const stream = this.#streams.answering(ids, turn, head)
    this.#receive(message, head)
    stream.follow()
  }

  #receive(message: Message | BatchMessage, head: HttpHead): void {
    try {
      this.#receiver?.receive(message, head)
    } catch (cause) {
      this.#ground.service.report(cause, 'http session')
    }
  }

  #accept(turn: Turn): void {
    const saved = this.#save()
    if (isThenable(saved)) void saved.then(() => accept(turn))
    else accept(turn)
  }

  #reply(frame: Frame, id: RequestId): void {
    const stream = this.#streams.of(id)
    if (stream === undefined) return
    this.#streams.forget(stream)
    // Whoever acts on the answer may do so through another process, so the record goes first.
    const saved = this.#save()
    const sent = isThenable(saved) ? saved.then(() => this.#answer(stream, frame)) : this.#answer(stream, frame)
    if (sent !== undefined) this.#streams.ending(stream, sent)
  }

  #answer(stream: SessionStream, frame: Frame): void | PromiseLike<void> {
    if (stream !== this.#opening) return stream.answer(frame.text, frame.status ?? 200, frame.headers, frame.spliced)
    this.#opening = undefined
    const heard = stream.state !== 'lost'
    const headers = this.revision === undefined ? frame.headers : { ...frame.headers, 'Mcp-Session-Id': this.id }
    const sent = stream.answer(frame.text, frame.status ?? 200, headers)
    if (this.revision === undefined || !heard) this.close()
    return sent
  }

  // A cancelled request gets no answer, so its stream would stay open for ever.
  #cancelled(id: unknown): void {
    const stream = isId(id) ? this.#streams.of(id) : undefined
    if (stream === undefined || !stream.cancel(id as RequestId)) return
    this.#streams.forget(stream)
    const ended = stream.end()
    if (ended !== undefined) this.#streams.ending(stream, ended)
  }

  #save(): void | PromiseLike<void> {
    const record = this.#keeping.on && !this.#over ? this.#receiver?.session : undefined
    return record === undefined ? undefined : this.#keeping.save(record)
  }
}
