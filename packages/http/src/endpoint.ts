/**
 * The steps every HTTP request takes, in the order of DIGEST 3.7: host and origin, preflight, authentication (the entry), method, media
 * type, size, JSON and shape (the post), conversation. Written once; Node and Fetch bring the turns.
 */

import {
  classify,
  classifyBatch,
  Sweep,
  type BatchMessage,
  type Incoming,
  type Message,
  type Service,
  type StatelessVerdict,
} from '@oarlock/protocol'
import { accept, refuse, shuttingDown } from './answer.ts'
import type { Behind } from './behind.ts'
import { Entry, type Inside } from './entry.ts'
import { HttpExchange, type Ground } from './exchange.ts'
import type { HttpHead } from './head.ts'
import { methodFault } from './method-fault.ts'
import { settingsOf, type EndpointOptions, type Settings } from './options.ts'
import { readPost, type PostReceiver } from './post.ts'
import type { LegacyLeg } from './session/leg.ts'
import { legacyLegOf } from './session/legs.ts'
import type { Turn } from './turn.ts'

/** One MCP endpoint over one server. */
export class Endpoint implements Inside, PostReceiver, Behind {
  readonly settings: Settings
  readonly sweep: Sweep
  readonly service: Service
  readonly methods: string
  readonly #ground: Ground
  readonly #entry: Entry
  readonly #legacy: LegacyLeg
  #stopped = false

  constructor(service: Service, options: EndpointOptions) {
    this.service = service
    this.settings = settingsOf(options)
    this.sweep = new Sweep(this.settings.clock)
    this.#ground = { service, sweep: this.sweep, streams: this.settings }
    this.#legacy = legacyLegOf(this.#ground, this.settings)
    this.methods = this.#legacy.methods
    this.#entry = new Entry(service, options, this)
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
    this.#entry.handle(turn)
  }

  admitted(turn: Turn, head: HttpHead): void {
    switch (turn.method) {
      case 'POST':
        return readPost(this, turn, head)
      case 'GET':
        return this.#stopped ? refuse(turn, shuttingDown()) : this.#legacy.get(turn, head)
      case 'DELETE':
        return this.#legacy.delete(turn, head)
      default:
        refuse(turn, methodFault(this.methods))
    }
  }

  /** What a body turned out to say. */
  receive(turn: Turn, head: HttpHead, message: Incoming): void {
    if (message.kind === 'invalid') return refuse(turn, message.fault, message.id)
    if (this.#stopped && (message.kind === 'request' || message.kind === 'batch')) {
      return refuse(turn, shuttingDown(), message.kind === 'request' ? message.id : undefined)
    }
    const verdict =
      message.kind === 'batch'
        ? classifyBatch(message, this.service.revisions, head.headers)
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
