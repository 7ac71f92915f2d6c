/**
 * A client made of nothing but wire text, for tests: sends JSON to a server over a link and keeps all frames that come back. Each of them is
 * held against the official schema of its revision; one that breaks it fails the test file.
 */

import {
  bareHead,
  conversationOf,
  isRevision,
  META,
  parse,
  type Frame,
  type Head,
  type RequestId,
  type Revision,
  type ServerReceiver,
  type Service,
  type SessionRecord,
} from '@oarlock/protocol'
import { frameValidator } from '../../../test/oracle/frame-validator.ts'

export type Json = Record<string, unknown>

/** What came back, parsed. Of params and result, those that the message is said to have are there: a test that is wrong about that fails. */
export interface Received extends Json {
  readonly id?: string | number
  readonly method?: string
  readonly params: Json
  readonly result: Json
  readonly error?: { readonly code: number; readonly message: string; readonly data?: Json }
}

/** What a request of ours was, so that its reply can be checked. */
interface Sent {
  readonly method: string
  readonly revision: Revision | undefined
}

export interface WireOptions {
  readonly head?: Head
  readonly resume?: SessionRecord
  readonly release?: (about: RequestId, retryMs: number) => boolean
}

export interface ModernOptions {
  readonly capabilities?: Json
  readonly meta?: Json
  readonly id?: string | number
}

export class Wire {
  readonly receiver: ServerReceiver
  readonly frames: Frame[] = []
  readonly received: Received[] = []
  /** Batches, as they came. */
  readonly batches: Received[][] = []
  readonly #sent = new Map<RequestId, readonly Sent[]>()
  /** The revision of the session; undefined before the handshake, when it is taken for 2025-03-26 (DIGEST 2.3). */
  #session: Revision | undefined
  #waiting: { readonly test: (message: Received) => boolean; readonly resolve: (message: Received) => void }[] = []
  /** Ids made here stay clear of those that tests choose. */
  #last = 1_000

  constructor(service: Service, options: WireOptions = {}) {
    this.#session = options.resume?.revision
    const link = { send: (frame: Frame) => this.#take(frame), close: () => this.receiver.closed() }
    const { release } = options
    this.receiver = service.connect(release === undefined ? link : { ...link, release }, options.head ?? bareHead('test'), options.resume)
  }

  #take(frame: Frame): void {
    this.frames.push(frame)
    const message = JSON.parse(frame.text) as Received | Received[]
    if (!Array.isArray(message)) return this.#keep(message, frame)
    this.batches.push(message)
    for (const each of message) this.#keep(each, { ...frame, ...(each.id === undefined ? {} : { id: each.id }) })
  }

  #keep(message: Received, frame: Frame): void {
    this.#validate(message, frame)
    this.received.push(message)
    const waiting = this.#waiting
    this.#waiting = waiting.filter(({ test, resolve }) => {
      if (!test(message)) return true
      resolve(message)
      return false
    })
  }

  /** Frames come in the middle of the server's work, which must not feel what is wrong with them: the error surfaces on its own. */
  #validate(message: Received, frame: Frame): void {
    const sent =
      message.method === undefined && message.id !== undefined ? this.#answered(message.id, message.error !== undefined) : undefined
    if (sent?.method === 'initialize' && isRevision(message.result?.['protocolVersion'])) this.#session = message.result['protocolVersion']
    const revision = sent?.revision ?? this.#revisionOf(message, frame)
    const violations = frameValidator(revision)(message, sent === undefined ? {} : { method: sent.method })
    if (violations.length === 0) return
    const error = new Error(
      `${revision}${sent === undefined ? '' : ` ${sent.method}`}: ${violations.join('; ')}\n${frame.text.slice(0, 500)}`,
    )
    setImmediate(() => {
      throw error
    })
  }

  /** The request that a reply answers. One whose id was under way is refused at once: the first of them is still to be answered. */
  #answered(id: RequestId, refused: boolean): Sent | undefined {
    const [first, ...more] = this.#sent.get(id) ?? []
    if (refused && more.length > 0) this.#sent.set(id, [first as Sent, ...more.slice(1)])
    else this.#sent.delete(id)
    return refused && more.length > 0 ? more[0] : first
  }

  #revisionOf(message: Received, frame: Frame): Revision {
    const meta = message.params?.['_meta'] as Json | undefined
    if (meta?.[META.subscription] !== undefined) return '2026-07-28'
    const about = frame.about === undefined ? undefined : this.#sent.get(frame.about)?.[0]?.revision
    // What cannot be read belongs to no revision before the handshake: it is answered in the newest words.
    const unknown = message.error !== undefined && message.id === undefined ? '2026-07-28' : '2025-03-26'
    return about ?? this.#session ?? unknown
  }

  /** The first message, already there or to come, that passes. */
  until(test: (message: Received) => boolean): Promise<Received> {
    const found = this.received.find(test)
    if (found !== undefined) return Promise.resolve(found)
    return new Promise(resolve => this.#waiting.push({ test, resolve }))
  }

  /** The next message that passes, whatever came before. */
  next(test: (message: Received) => boolean): Promise<Received> {
    return new Promise(resolve => this.#waiting.push({ test, resolve }))
  }

  /** The methods of all notices and requests so far, in order. */
  get methods(): string[] {
    return this.received.flatMap(({ method }) => (method === undefined ? [] : [method]))
  }

  /** The notices and requests of one method so far. */
  of(method: string): Received[] {
    return this.received.filter(message => message.method === method)
  }

  sendText(text: string): void {
    this.#note(JSON.parse(text) as unknown)
    this.receiver.receive(parse(text))
  }

  #note(message: unknown): void {
    for (const each of Array.isArray(message) ? (message as unknown[]) : [message]) {
      const { id, method, params } = (each ?? {}) as { id?: RequestId; method?: string; params?: Json }
      if (id === undefined || typeof method !== 'string') continue
      const version = (params?.['_meta'] as Json | undefined)?.[META.version]
      // A version that is none of ours is answered in the newest words.
      const revision = version === undefined ? undefined : isStateless(version) ? version : '2026-07-28'
      this.#sent.set(id, [...(this.#sent.get(id) ?? []), { method, revision }])
    }
  }

  send(message: Json): void {
    this.sendText(JSON.stringify({ jsonrpc: '2.0', ...message }))
  }

  /** Sends a request as it is and waits for its reply. */
  async request(method: string, params?: Json, id: string | number = ++this.#last): Promise<Received> {
    const reply = this.next(message => message.id === id && message.method === undefined)
    this.send({ id, method, ...(params === undefined ? {} : { params }) })
    return reply
  }

  /** Sends a stateless request: the envelope is added. */
  modern(method: string, params: Json = {}, options: ModernOptions = {}): Promise<Received> {
    return this.request(method, { ...params, _meta: envelope(options.capabilities, options.meta) }, options.id)
  }

  /** Sends a stateless request without waiting. */
  sendModern(id: string | number, method: string, params: Json = {}, options: ModernOptions = {}): void {
    this.send({ id, method, params: { ...params, _meta: envelope(options.capabilities, options.meta) } })
  }

  /** Calls a tool, statelessly. */
  call(name: string, args: Json = {}, options: ModernOptions = {}): Promise<Received> {
    return this.modern('tools/call', { name, arguments: args }, options)
  }

  /** Sends a batch and waits for the frame that answers it. */
  async batch(messages: readonly unknown[]): Promise<Received[]> {
    const before = this.batches.length
    const answered = this.next(() => this.batches.length > before)
    this.sendText(JSON.stringify(messages.map(message => ({ jsonrpc: '2.0', ...(message as object) }))))
    await answered
    return this.batches.at(-1) as Received[]
  }

  /** Goes through the handshake. */
  async initialize(revision: Revision, capabilities: Json = {}): Promise<Received> {
    const reply = await this.request('initialize', {
      protocolVersion: revision,
      capabilities,
      clientInfo: { name: 'wire', version: '0' },
    })
    this.send({ method: 'notifications/initialized' })
    return reply
  }

  /** Answers each question of the server by its method. */
  answerWith(answers: Readonly<Record<string, Json | ((params: Json) => Json)>>): void {
    const answer = (message: Received): boolean => {
      const made = message.method === undefined || message.id === undefined ? undefined : answers[message.method]
      if (made !== undefined) {
        queueMicrotask(() => this.send({ id: message.id, result: typeof made === 'function' ? made(message.params) : made }))
      }
      return false
    }
    this.#waiting.push({ test: answer, resolve: () => {} })
  }

  /** Cancels a request. */
  cancel(requestId: string | number, reason?: string): void {
    this.send({ method: 'notifications/cancelled', params: { requestId, ...(reason === undefined ? {} : { reason }) } })
  }

  /** The connection ends. */
  close(): void {
    this.receiver.closed()
  }
}

function isStateless(version: unknown): version is Revision {
  return isRevision(version) && conversationOf(version) === 'stateless'
}

/** The envelope of 2026-07-28. */
export function envelope(capabilities: Json = {}, meta: Json = {}): Json {
  return { [META.version]: '2026-07-28', [META.capabilities]: capabilities, [META.clientInfo]: { name: 'wire', version: '0' }, ...meta }
}

/** The text of the first block of a tool's result. */
export function textOf(message: Received): string {
  const [block] = (message.result?.['content'] ?? []) as { text?: string }[]
  return block?.text ?? `no text in ${JSON.stringify(message)}`
}

/** Lets everything that is due happen. */
export function settled(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}
