/** One request of a session, as the kernel sees it: the peer is the session's, and questions go out as requests of ours. */

import type { Frame, Head, Link, LoggingLevel, Peer, Ready, RequestId, RequestMessage, Revision } from '@oarlock/protocol'
import type { Ask } from '../ask.ts'
import type { Call } from '../call.ts'
import type { SessionValues } from '../context.ts'
import type { Desk } from './desk.ts'
import type { Questions } from './questions.ts'
import { BatchReplies, type Replies } from './replies.ts'
import { RunningCall } from './running-call.ts'

/** The session a call belongs to. */
export interface CallHost {
  readonly desk: Desk
  readonly link: Link
  readonly questions: Questions
  readonly revision: Revision
  readonly peer: Peer
  readonly askable: boolean
  readonly logLevel: LoggingLevel
  readonly values: SessionValues | undefined
  send(frame: Frame): void | PromiseLike<void>
  answer(id: RequestId, result: string | Ready, replies: Replies): void
  fail(call: Pick<SessionCall, 'id' | 'method' | 'head'>, error: unknown, replies: Replies): void
}

/** A request of a session. */
export class SessionCall extends RunningCall {
  readonly #session: CallHost
  readonly #replies: Replies
  /** Present for what the conversation itself serves. */
  readonly own?: NonNullable<Call['own']>

  constructor(session: CallHost, message: RequestMessage, head: Head, replies: Replies, own?: Call['own']) {
    super(session.desk, message, head)
    this.#session = session
    this.#replies = replies
    if (own !== undefined) this.own = own
  }

  get revision(): Revision {
    return this.#session.revision
  }
  get peer(): Peer {
    return this.#session.peer
  }
  get mirrored(): boolean {
    return false
  }
  get askable(): boolean {
    return this.#session.askable
  }
  get session(): SessionValues | undefined {
    return this.#session.values
  }
  protected get wantedLevel(): LoggingLevel {
    return this.#session.logLevel
  }

  start(): void {
    this.desk.begin(this)
    this.run()
  }

  protected answerWith(result: string | Ready): void {
    this.#session.answer(this.id, result, this.#replies)
  }

  protected refuse(error: unknown): void {
    this.#session.fail(this, error, this.#replies)
  }

  answer(asks: ReadonlyMap<string, Ask>): Promise<ReadonlyMap<string, unknown>> {
    return this.#session.questions.ask(asks, this)
  }

  protected pose(): never {
    throw new TypeError(`${this.method} left with a question that a session answers on the way`)
  }

  protected tell(text: string): void | PromiseLike<void> {
    return this.#session.send({ kind: 'notice', about: this.id, text })
  }

  override cancel(reason: unknown): void {
    if (this.ended) return
    super.cancel(reason)
    if (this.#replies instanceof BatchReplies) this.#replies.skip()
  }

  elicitationId(key: string): string {
    const id = this.journal.elicitationId(key)
    this.desk.elicitations.add(id, this.#session)
    return id
  }

  release(retryMs: number): boolean {
    return this.#session.link.release?.(this.id, retryMs) ?? false
  }
}
