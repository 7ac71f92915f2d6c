/**
 * The steps every HTTP request takes, in the order of DIGEST 3.7: host and origin, preflight, authentication, method, media type, size, JSON
 * and shape, conversation. Written once; Node and Fetch bring the turns.
 */

import {
  classify,
  classifyBatch,
  Fault,
  parse,
  read,
  Sweep,
  type BatchMessage,
  type Incoming,
  type Message,
  type Principal,
  type Service,
  type StatelessVerdict,
} from '@oarlock/protocol'
import { accept, EMPTY_HEAD, refuse } from './answer.ts'
import { HttpExchange, type Ground } from './exchange.ts'
import { Gate } from './gate.ts'
import { HttpHead } from './head.ts'
import { isJson, isPlain } from './media-type.ts'
import { methodFault } from './method-fault.ts'
import { settingsOf, type EndpointOptions, type Settings } from './options.ts'
import type { LegacyLeg } from './session/leg.ts'
import { legacyLegOf } from './session/legs.ts'
import { isThenable } from './thenable.ts'
import type { BodyReader, Turn } from './turn.ts'

/** One MCP endpoint over one server. */
export class Endpoint {
  readonly settings: Settings
  readonly sweep: Sweep
  readonly service: Service
  readonly #ground: Ground
  readonly #gate: Gate
  readonly #legacy: LegacyLeg
  readonly #allow: string
  #stopped = false

  constructor(service: Service, options: EndpointOptions) {
    this.service = service
    this.settings = settingsOf(options)
    this.#gate = new Gate(options)
    this.sweep = new Sweep(this.settings.clock)
    this.#ground = { service, sweep: this.sweep, streams: this.settings }
    this.#legacy = legacyLegOf(this.#ground, this.settings)
    this.#allow = this.#legacy.methods
  }

  /** Accept no new requests; replies and notices still reach what is under way. */
  stop(): void {
    this.#stopped = true
  }

  get stopped(): boolean {
    return this.#stopped
  }

  /** Ends every session, stream and request. */
  close(): void {
    this.#stopped = true
    this.#legacy.close()
    this.sweep.shut()
  }

  /** Takes a request through the steps. Answers it, now or later; never throws. */
  handle(turn: Turn): void {
    const origin = turn.headers.get('origin')
    if (!this.#gate.admits(turn.host, origin)) return refuse(turn, this.#foreign(turn.host, origin))
    if (origin !== undefined) turn.extra = this.#gate.headersFor(origin)
    if (turn.method === 'OPTIONS') return this.#preflight(turn)
    const head = new HttpHead(turn)
    const authenticate = this.settings.authenticate
    if (authenticate === undefined) return this.#admitted(turn, head)
    try {
      const verdict = authenticate(head)
      if (!isThenable(verdict)) return this.#authenticated(turn, head, verdict)
      verdict.then(
        settled => this.#authenticated(turn, head, settled),
        (cause: unknown) => this.#unverified(turn, cause),
      )
    } catch (cause) {
      this.#unverified(turn, cause)
    }
  }

  #foreign(host: string | undefined, origin: string | undefined): Fault {
    return new Fault(
      'FOREIGN_ORIGIN',
      origin === undefined
        ? 'This Host is not allowed: name it in allowedHosts if clients use it'
        : 'This Host or Origin is not allowed: name it in allowedHosts or allowedOrigins if clients use it',
      { cause: { host, origin } },
    )
  }

  #preflight(turn: Turn): void {
    turn.answer(204, [
      ...EMPTY_HEAD,
      'Allow',
      `${this.#allow}, OPTIONS`,
      ...this.#gate.preflight(turn.headers.get('access-control-request-headers')),
    ])
  }

  #authenticated(turn: Turn, head: HttpHead, verdict: Principal | Fault): void {
    if (Fault.is(verdict)) return refuse(turn, verdict)
    // Whoever forgets to return says nothing about who is asking; that must never mean yes.
    if (typeof verdict?.id !== 'string')
      return this.#unverified(turn, new TypeError('authenticate returned neither a Principal nor a Fault'))
    head.principal = verdict
    this.#admitted(turn, head)
  }

  #unverified(turn: Turn, cause: unknown): void {
    if (Fault.is(cause)) return refuse(turn, cause)
    this.service.report(cause, 'http authenticate')
    refuse(turn, new Fault('INTERNAL_ERROR'), undefined, undefined, 500)
  }

  #admitted(turn: Turn, head: HttpHead): void {
    switch (turn.method) {
      case 'POST':
        return this.#post(turn, head)
      case 'GET':
        return this.#stopped ? refuse(turn, shuttingDown()) : this.#legacy.get(turn, head)
      case 'DELETE':
        return this.#legacy.delete(turn, head)
      default:
        refuse(turn, methodFault(this.#allow))
    }
  }

  #post(turn: Turn, head: HttpHead): void {
    if (!isJson(turn.headers.get('content-type'))) return refuse(turn, new Fault('UNSUPPORTED_MEDIA_TYPE'))
    if (!isPlain(turn.headers.get('content-encoding')))
      return refuse(turn, new Fault('UNSUPPORTED_MEDIA_TYPE', 'Content-Encoding must be identity'))
    turn.read(this.settings.bodyLimit, new Post(this, turn, head))
  }

  /** What a body turned out to say. */
  receive(turn: Turn, head: HttpHead, message: Incoming): void {
    if (message.kind === 'invalid') return refuse(turn, message.fault, message.id)
    if (this.#stopped && (message.kind === 'request' || message.kind === 'batch')) {
      return refuse(turn, shuttingDown(), message.kind === 'request' ? message.id : undefined)
    }
    const verdict =
      message.kind === 'batch'
        ? classifyBatch(message, head.headers)
        : classify(message, this.service.revisions, head.headers, this.service.nameParams)
    switch (verdict.kind) {
      case 'stateless':
        return this.#exchange(turn, head, message, verdict)
      case 'session':
        return this.#legacy.post(turn, head, message)
      case 'ignore':
        return accept(turn)
      case 'refuse':
        return refuse(turn, verdict.fault, message.kind === 'request' ? message.id : undefined)
    }
  }

  #exchange(turn: Turn, head: HttpHead, message: Message | BatchMessage, verdict: StatelessVerdict): void {
    if (message.kind === 'request') new HttpExchange(this.#ground, turn, head, message.id).start(message, verdict)
  }
}

/** One POST while its body is read. */
class Post implements BodyReader {
  readonly #endpoint: Endpoint
  readonly #turn: Turn
  readonly #head: HttpHead

  constructor(endpoint: Endpoint, turn: Turn, head: HttpHead) {
    this.#endpoint = endpoint
    this.#turn = turn
    this.#head = head
  }

  text(text: string): void {
    this.#endpoint.receive(this.#turn, this.#head, parse(text, this.#endpoint.settings.limits))
  }

  value(value: unknown): void {
    this.#endpoint.receive(this.#turn, this.#head, read(value, this.#endpoint.settings.limits))
  }

  refused(fault: Fault): void {
    refuse(this.#turn, fault)
  }
}

function shuttingDown(): Fault {
  return new Fault('SHUTTING_DOWN', undefined, { headers: { 'Retry-After': '5' } })
}
