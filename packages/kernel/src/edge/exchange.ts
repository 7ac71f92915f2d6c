/** The edge of the stateless revisions: a request carries its whole conversation, and questions leave as a result. */

import {
  encodeResult,
  Fault,
  lowerParams,
  method as methodOf,
  spliceResult,
  textOf,
  type Envelope,
  type Exchange,
  type LoggingLevel,
  type Method,
  type Peer,
  type Ready,
  type RequestMessage,
  type Revision,
  type Running,
} from '@oarlock/protocol'
import type { Ask } from '../ask.ts'
import { isAskable } from '../capability.ts'
import type { Desk } from './desk.ts'
import { Listening } from './listening.ts'
import { RunningCall } from './running-call.ts'

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

/** A request that carries its conversation with it. */
class StatelessCall extends RunningCall {
  readonly revision: Revision
  #peer: Peer | undefined
  readonly #envelope: Envelope
  readonly #exchange: Exchange

  constructor(desk: Desk, exchange: Exchange, message: RequestMessage, revision: Revision, envelope: Envelope) {
    super(desk, message, exchange.head)
    this.revision = revision
    this.#envelope = envelope
    this.#exchange = exchange
  }

  get peer(): Peer {
    const { info, capabilities } = this.#envelope
    return (this.#peer ??= { revision: this.revision, info, capabilities })
  }
  get mirrored(): boolean {
    return this.head.headers !== undefined && this.head.transport === 'http'
  }
  get session(): undefined {
    return undefined
  }
  get askable(): boolean {
    return isAskable(this.#envelope.capabilities)
  }
  protected get wantedLevel(): LoggingLevel | undefined {
    return this.#envelope.logLevel
  }

  start(): Running | undefined {
    this.desk.begin(this)
    try {
      if (this.#isResumed(this.#admitted())) {
        this.#resume().then(
          () => this.run(),
          (error: unknown) => this.#failHere(error),
        )
        return this
      }
    } catch (error) {
      this.fail(error)
      return undefined
    }
    this.run()
    return this.ended ? undefined : this
  }

  /** @throws Fault for what is not served, or not now */
  #admitted(): Method | undefined {
    const obstacle = this.desk.obstacle(this.head)
    if (obstacle !== undefined) throw obstacle
    const known = methodOf(this.method, this.revision)
    if (known?.kind === 'request' || this.desk.kernel.options.extensions.methods.has(this.method)) return known
    throw new Fault('METHOD_NOT_FOUND', `This revision has no method ${this.desk.quote(this.method)}`)
  }

  #isResumed(known: Method | undefined): boolean {
    return known?.mayAsk === true && (this.params['requestState'] !== undefined || this.params['inputResponses'] !== undefined)
  }

  /** Opens what earlier rounds left and adds the new answers. */
  async #resume(): Promise<void> {
    const { requestState, inputResponses } = this.params
    if (requestState !== undefined) this.resume(await this.desk.seal.open(requestState, this))
    this.journal.addAnswers(inputResponses)
  }

  protected pose(asks: ReadonlyMap<string, Ask>): void {
    this.#pose(asks).catch((error: unknown) => this.#failHere(error))
  }

  async #pose(asks: ReadonlyMap<string, Ask>): Promise<void> {
    if (methodOf(this.method, this.revision)?.mayAsk !== true) throw new Fault('INTERNAL_ERROR', `${this.method} cannot ask the client`)
    const inputRequests = Object.fromEntries(
      Array.from(asks, ([key, { method, params }]) => [
        key,
        { method, ...(params === undefined ? {} : { params: lowerParams(method, params, this.revision) }) },
      ]),
    )
    const requestState = await this.desk.seal.seal(this.journal, this)
    const result = { resultType: 'input_required', inputRequests, requestState }
    this.succeed(this.desk.kernel.encoder.encode(this.method, result, this.revision))
  }

  /** What went wrong at this edge, where the kernel has not seen it: the reason is for the log. */
  #failHere(error: unknown): void {
    if (Fault.is(error) && error.cause !== undefined) this.desk.kernel.report(error.cause, this.method)
    this.fail(error)
  }

  protected answerWith(result: string | Ready): void {
    if (typeof result === 'string') return this.#exchange.answer(encodeResult(this.id, result), 200)
    const spliced = spliceResult(this.id, result)
    this.#exchange.answer(textOf(spliced), 200, undefined, spliced)
  }

  protected refuse(error: unknown): void {
    const { text, status, headers } = this.desk.refusal(this.id, error, this.method, this.revision, this.head)
    this.#exchange.answer(text, status, headers)
  }

  protected tell(text: string): void | PromiseLike<void> {
    return this.#exchange.notify(text)
  }

  elicitationId(key: string): string {
    return this.journal.elicitationId(key)
  }

  release(): boolean {
    return false
  }
}
