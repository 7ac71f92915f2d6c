/** One request of a session, as the kernel sees it: the peer is the session's, and questions go out as requests of ours. */

import {
  Cancellation,
  encodeNotice,
  lowerParams,
  type Frame,
  type Head,
  type JsonObject,
  type Link,
  type LoggingLevel,
  type Peer,
  type Principal,
  type RequestId,
  type RequestMessage,
  type Revision,
  type Running,
} from '@oarlock/protocol'
import type { Ask } from '../ask.ts'
import type { Call, Outcome } from '../call.ts'
import type { SessionValues } from '../context.ts'
import { Journal } from '../journal.ts'
import { BatchReplies, type Replies } from './replies.ts'
import type { Desk } from './desk.ts'
import type { Questions } from './questions.ts'
import { isThenable } from '../thenable.ts'

const NO_PARAMS: JsonObject = Object.freeze({})

/** The session a call belongs to. */
export interface CallHost {
  readonly desk: Desk
  readonly link: Link
  readonly questions: Questions
  readonly revision: Revision
  readonly peer: Peer
  readonly logLevel: LoggingLevel
  readonly values: SessionValues | undefined
  send(frame: Frame): void | PromiseLike<void>
  answer(id: RequestId, text: string, replies: Replies): void
  fail(id: RequestId, error: unknown, replies: Replies, where: string): void
}

export class SessionCall implements Call, Running {
  readonly id: RequestId
  readonly method: string
  readonly params: JsonObject
  readonly head: Head
  readonly cancellation = new Cancellation()
  readonly mirrored = false
  readonly #session: CallHost
  readonly #replies: Replies
  /** Present for what the conversation itself serves. */
  readonly own?: NonNullable<Call['own']>
  #journal: Journal | undefined
  #ended = false

  constructor(session: CallHost, message: RequestMessage, head: Head, replies: Replies, own?: Call['own']) {
    this.id = message.id
    this.method = message.method
    this.params = message.params ?? NO_PARAMS
    this.head = head
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
  get principal(): Principal | undefined {
    return this.head.principal
  }
  get logLevel(): LoggingLevel | undefined {
    return this.#session.desk.kernel.features.logging ? this.#session.logLevel : undefined
  }
  get session(): SessionValues | undefined {
    return this.#session.values
  }
  get journal(): Journal {
    return (this.#journal ??= new Journal())
  }

  start(): void {
    this.#session.desk.begin(this)
    try {
      const outcome = this.#session.desk.kernel.run(this)
      if (!isThenable(outcome)) return this.#conclude(outcome)
      outcome.then(
        settled => this.#conclude(settled),
        (error: unknown) => this.#fail(error),
      )
    } catch (error) {
      this.#fail(error)
    }
  }

  #conclude(outcome: Outcome): void {
    if (this.#ended) return this.#session.desk.end(this)
    try {
      const { kernel } = this.#session.desk
      if (outcome.kind === 'asking') throw new TypeError(`${this.method} left with a question that a session answers on the way`)
      const text = outcome.kind === 'encoded' ? outcome.text : kernel.encode(outcome, this)
      this.#end()
      this.#session.answer(this.id, text, this.#replies)
    } catch (error) {
      this.#fail(error)
    }
  }

  #fail(error: unknown): void {
    if (this.#ended) return this.#session.desk.end(this)
    this.#end()
    this.#session.fail(this.id, error, this.#replies, this.method)
  }

  #end(): void {
    this.#ended = true
    this.#session.desk.end(this)
  }

  answer(asks: ReadonlyMap<string, Ask>): Promise<ReadonlyMap<string, unknown>> {
    return this.#session.questions.ask(asks, this)
  }

  notify(method: string, params: object): void | PromiseLike<void> {
    if (this.#ended) return
    return this.#session.send({
      kind: 'notice',
      about: this.id,
      text: encodeNotice(method, lowerParams(method, params, this.#session.revision)),
    })
  }

  cancel(reason: unknown): void {
    if (this.#ended) return
    this.#ended = true
    this.#session.desk.leave(this, this.head)
    this.cancellation.cancel(reason)
    if (this.#replies instanceof BatchReplies) this.#replies.skip()
  }

  elicitationId(key: string): string {
    const id = this.journal.elicitationId(key)
    this.#session.desk.elicitations.add(id, this.#session)
    return id
  }

  release(retryMs: number): boolean {
    return this.#session.link.release?.(this.id, retryMs) ?? false
  }
}
