/** One request of a session, as the kernel sees it: the peer is the session's, and questions go out as requests of ours. */

import {
  Cancellation,
  encodeNotice,
  lowerParams,
  type Head,
  type JsonObject,
  type LoggingLevel,
  type Peer,
  type Principal,
  type RequestId,
  type RequestMessage,
  type Running,
} from '@oarlock/protocol'
import type { Ask } from '../ask.ts'
import { isThenable, type Call, type Outcome } from '../call.ts'
import type { SessionValues } from '../context.ts'
import { Journal } from '../journal.ts'
import { BatchReplies, type Replies } from './replies.ts'
import type { Session } from './session.ts'

const NO_PARAMS: JsonObject = Object.freeze({})

export class SessionCall implements Call, Running {
  readonly id: RequestId
  readonly method: string
  readonly params: JsonObject
  readonly head: Head
  readonly cancellation = new Cancellation()
  readonly journal = new Journal()
  readonly mirrored = false
  readonly #session: Session
  readonly #replies: Replies
  #ended = false

  constructor(session: Session, message: RequestMessage, head: Head, replies: Replies) {
    this.id = message.id
    this.method = message.method
    this.params = message.params ?? NO_PARAMS
    this.head = head
    this.#session = session
    this.#replies = replies
  }

  get peer(): Peer {
    return this.#session
  }
  get principal(): Principal | undefined {
    return this.head.principal
  }
  get logLevel(): LoggingLevel | undefined {
    return this.#session.logLevel
  }
  get session(): SessionValues {
    return this.#session
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
    if (this.#ended) return
    try {
      const { kernel } = this.#session.desk
      if (outcome.kind === 'asking') throw new TypeError(`${this.method} asked outside of its run`)
      const text = outcome.kind === 'encoded' ? outcome.text : kernel.encoder.encode(this.method, outcome.result, this.#session.revision)
      this.#end()
      this.#session.answer(this.id, text, this.#replies)
    } catch (error) {
      this.#fail(error)
    }
  }

  #fail(error: unknown): void {
    if (this.#ended) return
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
    this.#end()
    this.cancellation.cancel(reason)
    if (this.#replies instanceof BatchReplies) this.#replies.skip()
  }

  elicitationId(key: string): string {
    return this.#session.questions.elicitationId(this.id, key)
  }

  release(retryMs: number): boolean {
    return this.#session.link.release?.(this.id, retryMs) ?? false
  }
}
