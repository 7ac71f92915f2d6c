/** The edge of the stateless revisions: a request carries its whole conversation, and questions leave as a result. */

import {
  Cancellation,
  encodeNotice,
  encodeResult,
  Fault,
  lowerParams,
  method as methodOf,
  type Envelope,
  type Exchange,
  type Head,
  type JsonObject,
  type LoggingLevel,
  type Peer,
  type Principal,
  type RequestId,
  type RequestMessage,
  type Revision,
  type Running,
} from '@oarlock/protocol'
import type { Ask } from '../ask.ts'
import type { Call, Complete, Outcome } from '../call.ts'
import { Journal } from '../journal.ts'
import type { Desk } from './desk.ts'
import { Listening } from './listening.ts'
import { isThenable } from '../thenable.ts'

/** Serves one stateless request. Returns the work still under way, or nothing when it is answered already. */
export function serveExchange(
  desk: Desk,
  exchange: Exchange,
  message: RequestMessage,
  revision: Revision,
  envelope: Envelope,
): Running | undefined {
  const call = new StatelessCall(desk, exchange, message, revision, envelope)
  return message.method === 'subscriptions/listen' ? Listening.open(desk, exchange, call) : call.start()
}

class StatelessCall implements Call, Running {
  readonly id: RequestId
  readonly method: string
  readonly params: JsonObject
  readonly revision: Revision
  readonly head: Head
  readonly cancellation = new Cancellation()
  readonly session = undefined
  readonly mirrored: boolean
  #peer: Peer | undefined
  #journal: Journal | undefined
  readonly #envelope: Envelope
  readonly #desk: Desk
  readonly #exchange: Exchange
  #ended = false

  constructor(desk: Desk, exchange: Exchange, message: RequestMessage, revision: Revision, envelope: Envelope) {
    this.id = message.id
    this.method = message.method
    this.params = message.params as JsonObject
    this.revision = revision
    this.head = exchange.head
    this.mirrored = exchange.head.headers !== undefined && exchange.head.transport === 'http'
    this.#envelope = envelope
    this.#desk = desk
    this.#exchange = exchange
  }

  get peer(): Peer {
    const { info, capabilities } = this.#envelope
    return (this.#peer ??= { revision: this.revision, info, capabilities })
  }
  get principal(): Principal | undefined {
    return this.head.principal
  }
  get logLevel(): LoggingLevel | undefined {
    return this.#desk.kernel.features.logging ? this.#envelope.logLevel : undefined
  }
  get journal(): Journal {
    return (this.#journal ??= new Journal())
  }

  start(): Running | undefined {
    this.#desk.begin(this)
    try {
      const obstacle = this.#desk.obstacle(this.head)
      if (obstacle !== undefined) throw obstacle
      const known = methodOf(this.method, this.revision)
      if ((known === undefined || known.kind !== 'request') && !this.#desk.kernel.options.extensions.methods.has(this.method)) {
        throw new Fault('METHOD_NOT_FOUND', `This revision has no method ${this.#desk.quote(this.method)}`)
      }
      if (known?.mayAsk === true && (this.params['requestState'] !== undefined || this.params['inputResponses'] !== undefined)) {
        this.#resume().then(
          () => this.#run(),
          (error: unknown) => this.#failHere(error),
        )
        return this
      }
    } catch (error) {
      this.#fail(error)
      return undefined
    }
    this.#run()
    return this.#ended ? undefined : this
  }

  /** Opens what earlier rounds left and adds the new answers. */
  async #resume(): Promise<void> {
    const { requestState, inputResponses } = this.params
    if (requestState !== undefined) this.#journal = await this.#desk.seal.open(requestState, this)
    this.journal.addAnswers(inputResponses)
  }

  #run(): void {
    if (this.#ended) return this.#desk.end(this)
    try {
      const outcome = this.#desk.kernel.run(this)
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
    if (this.#ended) return this.#desk.end(this)
    switch (outcome.kind) {
      case 'encoded':
        return this.#answer(encodeResult(this.id, outcome.text), 200)
      case 'complete':
        return this.#complete(outcome)
      case 'asking':
        this.#ask(outcome.asks).catch((error: unknown) => this.#failHere(error))
    }
  }

  #complete(outcome: Complete): void {
    let text: string
    try {
      text = this.#desk.kernel.encode(outcome, this)
    } catch (error) {
      return this.#fail(error)
    }
    this.#answer(encodeResult(this.id, text), 200)
  }

  async #ask(asks: ReadonlyMap<string, Ask>): Promise<void> {
    if (methodOf(this.method, this.revision)?.mayAsk !== true) throw new Fault('INTERNAL_ERROR', `${this.method} cannot ask the client`)
    const inputRequests = Object.fromEntries(
      Array.from(asks, ([key, { method, params }]) => [
        key,
        { method, ...(params === undefined ? {} : { params: lowerParams(method, params, this.revision) }) },
      ]),
    )
    const requestState = await this.#desk.seal.seal(this.journal, this)
    const result = { resultType: 'input_required', inputRequests, requestState }
    if (this.#ended) this.#desk.end(this)
    else this.#answer(encodeResult(this.id, this.#desk.kernel.encoder.encode(this.method, result, this.revision)), 200)
  }

  /** What went wrong at this edge, where the kernel has not seen it: the reason is for the log. */
  #failHere(error: unknown): void {
    if (Fault.is(error) && error.cause !== undefined) this.#desk.kernel.report(error.cause, this.method)
    this.#fail(error)
  }

  #fail(error: unknown): void {
    if (this.#ended) return this.#desk.end(this)
    const { text, status, headers } = this.#desk.refusal(this.id, error, this.method, this.revision)
    this.#answer(text, status, headers)
  }

  #answer(text: string, status: number, headers?: Readonly<Record<string, string>>): void {
    this.#ended = true
    this.#desk.end(this)
    this.#exchange.answer(text, status, headers)
  }

  notify(method: string, params: object): void | PromiseLike<void> {
    if (!this.#ended) return this.#exchange.notify(encodeNotice(method, lowerParams(method, params, this.revision)))
  }

  cancel(reason: unknown): void {
    if (this.#ended) return
    this.#ended = true
    this.#desk.leave(this, this.head)
    this.cancellation.cancel(reason)
  }

  elicitationId(key: string): string {
    return this.journal.elicitationId(key)
  }

  release(): boolean {
    return false
  }
}
