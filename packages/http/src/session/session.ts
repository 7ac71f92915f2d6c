/** One session over HTTP: a virtual link whose messages travel over many POSTs and one GET. */

import {
  atLeast,
  Fault,
  isId,
  type BatchMessage,
  type EventLog,
  type Frame,
  type Head,
  type Link,
  type LoggedEvent,
  type Message,
  type Replay,
  type RequestId,
  type RequestMessage,
  type Revision,
  type ServerReceiver,
  type SessionRecord,
} from '@oarlock/protocol'
import { accept, answerJson, EMPTY_HEAD, refuse } from '../answer.ts'
import type { StreamLimits } from '../event-stream.ts'
import type { HttpHead } from '../head.ts'
import { isThenable } from '../thenable.ts'
import type { Turn } from '../turn.ts'
import { requestIds, unasking } from './batch.ts'
import { Keeping, type KeepingGround } from './keeping.ts'
import { batchFault } from './screening.ts'
import { SessionStream, type StreamGround } from './stream.ts'

/** What all sessions of an endpoint share. */
export interface SessionGround extends KeepingGround {
  readonly streams: StreamLimits
  readonly retryMs: number
  /** A name for a stream that no other process gives. */
  streamName(): string
  /** The session ended: forget it. */
  ended(session: Session): void
}

/** The stream of no request, over GET. The same name in every process, so that a client can come back to it anywhere. */
const STANDALONE = 'get'

/** A session. The messages of one session are never seen by another: its maps are its own (THREATS 1). */
export class Session implements Link {
  readonly id: string
  /** `principalKey` of whoever opened it. */
  readonly owner: string
  lastUsed: number
  readonly #ground: SessionGround
  readonly #keeping: Keeping
  #receiver: ServerReceiver | undefined
  #streams: Map<RequestId, SessionStream> | undefined
  #standalone: SessionStream | undefined
  #shared: StreamGround | undefined
  /** The POST of `initialize` until it is answered: that answer carries the session's id. */
  #opening: SessionStream | undefined
  #revision: Revision | undefined
  #over = false

  constructor(ground: SessionGround, id: string, owner: string) {
    this.#ground = ground
    this.id = id
    this.owner = owner
    this.lastUsed = ground.sweep.now
    this.#keeping = new Keeping(ground, id)
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
    return (this.#streams?.size ?? 0) > 0 || this.#standalone?.state === 'open'
  }

  /** Takes `initialize`. Its answer decides whether there is a session. */
  open(turn: Turn, head: HttpHead, message: RequestMessage): void {
    this.#opening = this.#streamFor([message.id], turn, head)
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
    const from = head.headers.get('last-event-id')
    const log = this.#ground.log
    if (from !== undefined && from !== '' && log !== undefined) return this.#resume(turn, head, log, from)
    const stream = this.#standaloneStream()
    if (stream.state === 'open') return refuse(turn, new Fault('STREAM_CONFLICT'), undefined, this.revision)
    stream.open(turn, head.principal?.expiresAt)
  }

  send(frame: Frame): void | PromiseLike<void> {
    if (this.#over) return
    if (frame.kind === 'reply') return frame.id === undefined ? undefined : this.#reply(frame, frame.id)
    const stream = frame.about === undefined ? undefined : this.#streams?.get(frame.about)
    if (stream !== undefined && stream.state !== 'lost') return stream.send(frame.text)
    // A notice about a request that nobody can hear of any more is of no use; a question still has an answer.
    if (frame.about === undefined || frame.kind === 'request') return this.#standaloneStream().send(frame.text)
  }

  release(about: RequestId, retryMs: number): boolean {
    return this.#streams?.get(about)?.release(retryMs) ?? false
  }

  close(reason?: unknown): void {
    void this.discard(reason)
  }

  /** Ends the session for good. Returns a promise while the store still has to learn of it. */
  discard(reason?: unknown): void | PromiseLike<void> {
    this.end(reason)
    return this.#keeping.discard()
  }

  /** Something is still under way: the session is in use, here and in the store. */
  keep(now: number): void {
    this.lastUsed = now
    void this.#save()
  }

  /** Ends the session in this process only. A store still knows it. */
  end(reason?: unknown, fault: Fault = new Fault('SESSION_NOT_FOUND')): void {
    if (this.#over) return
    this.#over = true
    this.#ground.ended(this)
    this.#receiver?.closed(reason)
    for (const stream of new Set(this.#streams?.values())) stream.end(fault)
    this.#standalone?.end()
    this.#streams = undefined
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
    const busy = ids.find(id => this.#streams?.has(id))
    if (busy !== undefined) {
      const fault = new Fault('INVALID_REQUEST', 'A request with this id is still in flight')
      return refuse(turn, fault, message.kind === 'request' ? busy : undefined, this.revision)
    }
    const stream = this.#streamFor(ids, turn, head)
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
    const stream = this.#streams?.get(id)
    if (stream === undefined) return
    this.#forget(stream)
    // Whoever acts on the answer may do so through another process, so the record goes first.
    const saved = this.#save()
    if (isThenable(saved)) void saved.then(() => this.#answer(stream, frame))
    else this.#answer(stream, frame)
  }

  #answer(stream: SessionStream, frame: Frame): void {
    if (stream !== this.#opening) return stream.answer(frame.text, frame.status ?? 200, frame.headers)
    this.#opening = undefined
    const heard = stream.state !== 'lost'
    if (this.revision === undefined) stream.answer(frame.text, frame.status ?? 200, frame.headers)
    else stream.answer(frame.text, frame.status ?? 200, { ...frame.headers, 'Mcp-Session-Id': this.id })
    if (this.revision === undefined || !heard) this.close()
  }

  // A cancelled request gets no answer, so its stream would stay open for ever.
  #cancelled(id: unknown): void {
    const stream = isId(id) ? this.#streams?.get(id) : undefined
    if (stream === undefined || !stream.cancel(id as RequestId)) return
    this.#forget(stream)
    stream.end()
  }

  #resume(turn: Turn, head: HttpHead, log: EventLog, from: string): void {
    const refused = (cause: unknown): void => {
      this.#ground.service.report(cause, 'http event log')
      refuse(turn, new Fault('INTERNAL_ERROR'), undefined, this.revision, 500)
    }
    try {
      const replay = log.after(this.id, from)
      if (!isThenable(replay)) return this.#replay(turn, head, replay)
      // Events may have been added since the log looked, so it looks again with the stream held still.
      replay
        .then(found => {
          const stream = found === undefined ? undefined : this.#streamNamed(found.stream)
          if (stream === undefined) return this.#replay(turn, head, found)
          return stream.exclusive(async () => this.#replay(turn, head, await log.after(this.id, from)))
        })
        .then(undefined, refused)
    } catch (cause) {
      refused(cause)
    }
  }

  #replay(turn: Turn, head: HttpHead, replay: Replay | undefined): void {
    if (replay === undefined || this.#over)
      return refuse(turn, new Fault('INVALID_REQUEST', 'Last-Event-ID is not of this session, or no longer kept'), undefined, this.revision)
    const stream = this.#streamNamed(replay.stream)
    if (stream === undefined) this.#remainder(turn, replay.stream, replay.events)
    else stream.attach(turn, replay.events, head.principal?.expiresAt)
  }

  /**
   * The rest of a stream that has ended. Clients that miss the answer (that of a cancelled request, or an error, which some do not take for one)
   * come back until they are told in the words of event streams that there is no more.
   */
  #remainder(turn: Turn, name: string, events: readonly LoggedEvent[]): void {
    if (events.length === 0) return turn.answer(204, EMPTY_HEAD)
    const stream = new SessionStream(this.#streamGround(), { session: this.id, stream: name })
    stream.attach(turn, events, undefined)
    stream.end()
  }

  #streamNamed(name: string): SessionStream | undefined {
    if (name === STANDALONE) return this.#standaloneStream()
    for (const stream of this.#streams?.values() ?? []) if (stream.key.stream === name) return stream
    return undefined
  }

  #streamFor(ids: readonly RequestId[], turn: Turn, head: HttpHead): SessionStream {
    const stream = new SessionStream(
      this.#streamGround(),
      { session: this.id, stream: this.#ground.streamName() },
      ids,
      turn,
      head.principal?.expiresAt,
    )
    this.#streams ??= new Map()
    for (const id of ids) this.#streams.set(id, stream)
    return stream
  }

  #standaloneStream(): SessionStream {
    return (this.#standalone ??= new SessionStream(this.#streamGround(), { session: this.id, stream: STANDALONE }))
  }

  /** Made once the revision is known, since it decides about priming; before, there is only `initialize`. */
  #streamGround(): StreamGround {
    if (this.#shared !== undefined) return this.#shared
    const { service, sweep, streams, log, retryMs } = this.#ground
    const revision = this.revision
    const shared = { service, sweep, streams, log, retryMs, primes: revision !== undefined && atLeast(revision, '2025-11-25') }
    if (revision !== undefined) this.#shared = shared
    return shared
  }

  #forget(stream: SessionStream): void {
    for (const id of stream.ids) this.#streams?.delete(id)
  }

  #save(): void | PromiseLike<void> {
    const record = this.#keeping.on && !this.#over ? this.#receiver?.session : undefined
    return record === undefined ? undefined : this.#keeping.save(record)
  }
}
