/** A call under way, in either conversation: it goes through the kernel, and exactly one answer to it leaves, unless the client gave it up. */

import {
  Cancellation,
  encodeNotice,
  type Head,
  isThenable,
  type JsonObject,
  type LoggingLevel,
  lowerParams,
  type Peer,
  type Principal,
  type Ready,
  type RequestId,
  type RequestMessage,
  type Revision,
  type Running,
} from '@oarlock/protocol'
import type { Ask } from '../ask.ts'
import type { Call, Outcome } from '../call.ts'
import type { SessionValues } from '../context.ts'
import { Journal } from '../journal.ts'
import type { Desk, Work } from './desk.ts'

const NO_PARAMS: JsonObject = Object.freeze({})

/** What the two conversations share of a call. Each adds who the peer is, and what becomes of an answer, a failure, a question and a notice. */
export abstract class RunningCall implements Call, Running, Work {
  seat: Work['seat']
  readonly id: RequestId
  readonly method: string
  readonly params: JsonObject
  readonly head: Head
  readonly cancellation = new Cancellation()
  protected readonly desk: Desk
  #journal: Journal | undefined
  #ended = false

  constructor(desk: Desk, { id, method, params }: RequestMessage, head: Head) {
    this.id = id
    this.method = method
    this.params = params ?? NO_PARAMS
    this.head = head
    this.desk = desk
  }

  abstract get revision(): Revision
  abstract get peer(): Peer
  abstract get askable(): boolean
  abstract get mirrored(): boolean
  abstract get session(): SessionValues | undefined
  /** The least severe log level that the client asked for. */
  protected abstract get wantedLevel(): LoggingLevel | undefined
  abstract elicitationId(key: string): string
  abstract release(retryMs: number): boolean

  /** Sends the result, which is text in the peer's revision. */
  protected abstract answerWith(result: string | Ready): void
  /** Sends what went wrong. */
  protected abstract refuse(error: unknown): void
  /** The kernel came back with questions. @throws for a conversation that answers them on the way */
  protected abstract pose(asks: ReadonlyMap<string, Ask>): void
  /** Sends a notice about this call. */
  protected abstract tell(text: string): void | PromiseLike<void>

  get principal(): Principal | undefined {
    return this.head.principal
  }
  get logLevel(): LoggingLevel | undefined {
    return this.desk.kernel.features.logging ? this.wantedLevel : undefined
  }
  get journal(): Journal {
    return (this.#journal ??= new Journal())
  }

  /** Goes on from what earlier rounds of the call left. */
  protected resume(journal: Journal): void {
    this.#journal = journal
  }

  /** Whether it was answered, or given up. */
  protected get ended(): boolean {
    return this.#ended
  }

  /** Runs it. Whoever calls has told the desk that it begins. */
  protected run(): void {
    if (this.#ended) return this.desk.end(this)
    try {
      const outcome = this.desk.kernel.run(this)
      if (!isThenable(outcome)) return this.#conclude(outcome)
      outcome.then(
        settled => this.#conclude(settled),
        (error: unknown) => this.fail(error),
      )
    } catch (error) {
      this.fail(error)
    }
  }

  #conclude(outcome: Outcome): void {
    if (this.#ended) return this.desk.end(this)
    try {
      if (outcome.kind === 'asking') this.pose(outcome.asks)
      else this.succeed(outcome.kind === 'encoded' ? outcome.ready : this.desk.kernel.encode(outcome, this))
    } catch (error) {
      this.fail(error)
    }
  }

  /** It comes to a result. What was given up is not answered. */
  protected succeed(result: string | Ready): void {
    if (this.#end()) this.answerWith(result)
  }

  /** It fails. */
  protected fail(error: unknown): void {
    if (this.#end()) this.refuse(error)
  }

  /** The handler has returned. Whether there is still an answer to send. */
  #end(): boolean {
    const waits = !this.#ended
    this.#ended = true
    this.desk.end(this)
    return waits
  }

  notify(method: string, params: object): void | PromiseLike<void> {
    if (!this.#ended) return this.tell(encodeNotice(method, lowerParams(method, params, this.revision)))
  }

  cancel(reason: unknown): void {
    if (this.#ended) return
    this.#ended = true
    this.desk.leave(this, this.head)
    this.cancellation.cancel(reason)
  }
}
