/** A client made of nothing but wire text, for tests: sends JSON to a server over a link and keeps all frames that come back. */

import { bareHead, META, parse, type Frame, type Head, type Revision, type ServerReceiver, type Service } from '@oarlock/protocol'

type Json = Record<string, unknown>

/** What came back, parsed. */
export interface Received extends Json {
  readonly id?: string | number
  readonly method?: string
  readonly params?: Json
  readonly result?: Json
  readonly error?: { readonly code: number; readonly message: string; readonly data?: Json }
}

export class Wire {
  readonly receiver: ServerReceiver
  readonly frames: Frame[] = []
  readonly received: Received[] = []
  #waiting: { readonly test: (message: Received) => boolean; readonly resolve: (message: Received) => void }[] = []
  #last = 0

  constructor(service: Service, head: Head = bareHead('test')) {
    this.receiver = service.connect({ send: (frame) => this.#take(frame), close: () => this.receiver.closed() }, head)
  }

  #take(frame: Frame): void {
    this.frames.push(frame)
    const message = JSON.parse(frame.text) as Received
    this.received.push(message)
    const waiting = this.#waiting
    this.#waiting = waiting.filter(({ test, resolve }) => {
      if (!test(message)) return true
      resolve(message)
      return false
    })
  }

  /** The first message, already there or to come, that passes. */
  until(test: (message: Received) => boolean): Promise<Received> {
    const found = this.received.find(test)
    if (found !== undefined) return Promise.resolve(found)
    return new Promise((resolve) => this.#waiting.push({ test, resolve }))
  }

  sendText(text: string): void {
    this.receiver.receive(parse(text))
  }

  send(message: Json): void {
    this.sendText(JSON.stringify({ jsonrpc: '2.0', ...message }))
  }

  /** Sends a request as it is and waits for its reply. */
  async request(method: string, params?: Json, id: string | number = ++this.#last): Promise<Received> {
    const reply = this.until((message) => message.id === id && message.method === undefined)
    this.send({ id, method, ...(params === undefined ? {} : { params }) })
    return reply
  }

  /** Sends a stateless request: the envelope is added. */
  modern(method: string, params: Json = {}, options: { readonly capabilities?: Json; readonly meta?: Json; readonly id?: string | number } = {}): Promise<Received> {
    return this.request(method, { ...params, _meta: envelope(options.capabilities, options.meta) }, options.id)
  }

  /** Goes through the handshake. */
  async initialize(revision: Revision, capabilities: Json = {}): Promise<Received> {
    const reply = await this.request('initialize', { protocolVersion: revision, capabilities, clientInfo: { name: 'wire', version: '0' } })
    this.send({ method: 'notifications/initialized' })
    return reply
  }

  /** Answers each question of the server by its method. */
  answerWith(answers: Readonly<Record<string, Json | ((params: Json | undefined) => Json)>>): void {
    const answer = (message: Received): boolean => {
      const made = message.method === undefined || message.id === undefined ? undefined : answers[message.method]
      if (made !== undefined) queueMicrotask(() => this.send({ id: message.id, result: typeof made === 'function' ? made(message.params) : made }))
      return false
    }
    this.#waiting.push({ test: answer, resolve: () => {} })
  }
}

/** The envelope of 2026-07-28. */
export function envelope(capabilities: Json = {}, meta: Json = {}): Json {
  return { [META.version]: '2026-07-28', [META.capabilities]: capabilities, [META.clientInfo]: { name: 'wire', version: '0' }, ...meta }
}
