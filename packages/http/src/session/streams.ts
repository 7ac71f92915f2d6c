/** The streams of one session: which of them carries a message, and to which a client comes back when its connection broke. */

import {
  atLeast,
  type EventLog,
  Fault,
  isThenable,
  Underway,
  type LoggedEvent,
  type Replay,
  type RequestId,
  type Revision,
} from '@oarlock/protocol'
import { EMPTY_HEAD, refuse } from '../answer.ts'
import type { StreamLimits } from '../event-stream.ts'
import type { HttpHead } from '../head.ts'
import type { Turn } from '../turn.ts'
import { SessionStream, type StreamGround } from './stream.ts'

/** What the streams of all sessions of an endpoint share. */
export interface StreamsGround extends Pick<StreamGround, 'service' | 'sweep' | 'log' | 'retryMs' | 'streamName'> {
  readonly streams: StreamLimits
}

/** The session that streams belong to. */
interface Owner {
  readonly id: string
  /** Undefined until it is negotiated. */
  readonly revision: Revision | undefined
}

/** The stream of no request, over GET. The same name in every process, so that a client can come back to it anywhere. */
const STANDALONE = 'get'

/** The streams of one session. */
export class Streams {
  readonly #ground: StreamsGround
  readonly #session: Owner
  #byRequest: Underway<RequestId, SessionStream> | undefined
  /** Those whose end waits for the log or the store. Clients still come back to them. */
  #ending: Map<SessionStream, PromiseLike<void>> | undefined
  #standalone: SessionStream | undefined
  #shared: StreamGround | undefined
  #over = false

  constructor(ground: StreamsGround, session: Owner) {
    this.#ground = ground
    this.#session = session
  }

  /** Whether one of them is under way. */
  get busy(): boolean {
    return (this.#byRequest?.size ?? 0) > 0 || this.#standalone?.state === 'open'
  }

  /** The stream that will answer a request. */
  of(id: RequestId): SessionStream | undefined {
    return this.#byRequest?.get(id)
  }

  /** A stream for the requests of one POST. */
  answering(ids: readonly RequestId[], turn: Turn, head: HttpHead): SessionStream {
    const stream = new SessionStream(this.#common(), this.#session.id, undefined, ids, turn, head.principal?.expiresAt)
    this.#byRequest ??= new Underway()
    for (const id of ids) this.#byRequest.set(id, stream)
    return stream
  }

  /** A stream that is forgotten, and ends once `done`. */
  ending(stream: SessionStream, done: PromiseLike<void>): void {
    const ending = (this.#ending ??= new Map())
    ending.set(
      stream,
      done.then(() => void ending.delete(stream)),
    )
  }

  /** Its requests are answered, or never will be. */
  forget(stream: SessionStream): void {
    for (const id of stream.ids) this.#byRequest?.delete(id)
  }

  /** The stream of no request. */
  get standalone(): SessionStream {
    return (this.#standalone ??= new SessionStream(this.#common(), this.#session.id, STANDALONE))
  }

  /** Made once the revision is known, since it decides about priming; before, there is only `initialize`. */
  #common(): StreamGround {
    if (this.#shared !== undefined) return this.#shared
    const { service, sweep, streams, log, retryMs, streamName } = this.#ground
    const { revision } = this.#session
    const shared = { service, sweep, streams, log, retryMs, streamName, primes: revision !== undefined && atLeast(revision, '2025-11-25') }
    if (revision !== undefined) this.#shared = shared
    return shared
  }

  /** Answers a GET: opens the stream of no request, or carries on one that broke. */
  get(turn: Turn, head: HttpHead): void {
    const from = head.headers.get('last-event-id')
    const { log } = this.#ground
    if (from !== undefined && from !== '' && log !== undefined) return this.#resume(turn, head, log, from)
    const stream = this.standalone
    if (stream.state === 'open') return refuse(turn, new Fault('STREAM_CONFLICT'), undefined, this.#session.revision)
    stream.open(turn, head.principal?.expiresAt)
  }

  #resume(turn: Turn, head: HttpHead, log: EventLog, from: string): void {
    const { id, revision } = this.#session
    const refused = (cause: unknown): void => {
      this.#ground.service.report(cause, 'http event log')
      refuse(turn, new Fault('INTERNAL_ERROR'), undefined, revision, 500)
    }
    try {
      const replay = log.after(id, from)
      if (!isThenable(replay)) return this.#replay(turn, head, replay)
      // Events may have been added since the log looked, so it looks again with the stream held still.
      Promise.resolve(replay)
        .then(found => {
          const stream = found === undefined ? undefined : this.#named(found.stream)
          const again = async (): Promise<void> => this.#replay(turn, head, found && (await log.after(id, from)), stream)
          return stream === undefined ? again() : stream.exclusive(again)
        })
        .then(undefined, refused)
    } catch (cause) {
      refused(cause)
    }
  }

  #replay(turn: Turn, head: HttpHead, replay: Replay | undefined, held?: SessionStream): void {
    if (replay === undefined || this.#over) {
      const fault = new Fault('INVALID_REQUEST', 'Last-Event-ID is not of this session, or no longer kept')
      return refuse(turn, fault, undefined, this.#session.revision)
    }
    const stream = held ?? this.#named(replay.stream)
    if (stream === undefined || stream.state === 'ended') this.#remainder(turn, replay.stream, replay.events)
    else stream.attach(turn, replay.events, head.principal?.expiresAt)
  }

  /**
   * The rest of a stream that has ended. Clients that miss the answer (that of a cancelled request, or an error, which some do not take for one)
   * come back until they are told in the words of event streams that there is no more.
   */
  #remainder(turn: Turn, name: string, events: readonly LoggedEvent[]): void {
    if (events.length === 0) return turn.answer(204, EMPTY_HEAD)
    const stream = new SessionStream(this.#common(), this.#session.id, name)
    stream.attach(turn, events, undefined)
    void stream.end()
  }

  #named(name: string): SessionStream | undefined {
    if (name === STANDALONE) return this.standalone
    for (const stream of this.#byRequest?.values() ?? []) if (stream.name === name) return stream
    for (const stream of this.#ending?.keys() ?? []) if (stream.name === name) return stream
    return undefined
  }

  /** Ends all: the session is over. Returns a promise while the log has yet to take something. */
  end(fault: Fault): void | Promise<unknown> {
    this.#over = true
    const ends = [...new Set(this.#byRequest?.values())].map(stream => stream.end(fault))
    this.#byRequest = undefined
    const late = [...ends, this.#standalone?.end(), ...(this.#ending?.values() ?? [])].filter(isThenable)
    if (late.length > 0) return Promise.all(late)
  }
}
