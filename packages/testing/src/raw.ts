/** The raw escape hatch: a peer made of wire text, for what a well-behaved client would never send. */

import {
  bareHead,
  FIRST_STATELESS,
  META,
  parse,
  type Duration,
  type Frame,
  type Head,
  type RequestId,
  type Revision,
  type ServerReceiver,
  type Service,
} from '@oarlock/protocol'
import { Waiting } from './waiting.ts'

/** A JSON object. */
export type Json = Readonly<Record<string, unknown>>

/** A message of the server, parsed. */
export interface RawMessage {
  readonly jsonrpc: '2.0'
  readonly id?: RequestId
  readonly method?: string
  readonly params?: Json
  readonly result?: Json
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown }
}

/** A connection to a server on which anything can be sent. Everything that comes back is kept, as frames and parsed. */
export class RawPeer {
  readonly frames: Frame[] = []
  readonly received: RawMessage[] = []
  readonly #receiver: ServerReceiver
  readonly #waiting = new Waiting<RawMessage>()
  readonly #reactions = new Map<string, (message: RawMessage) => Json | void>()
  #last = 0

  constructor(server: Service, head: Head = bareHead('raw')) {
    const link = { send: (frame: Frame) => this.#take(frame), close: () => this.#receiver.closed() }
    this.#receiver = server.connect(link, head)
  }

  #take(frame: Frame): void {
    const message = JSON.parse(frame.text) as RawMessage
    this.frames.push(frame)
    this.received.push(message)
    this.#waiting.offer(message)
    const result = message.method === undefined ? undefined : this.#reactions.get(message.method)?.(message)
    if (result !== undefined && message.id !== undefined) this.send({ id: message.id, result })
  }

  /** Reacts to what the server asks from now on. What is returned, unless undefined, is the result; anything else can be sent from within. */
  on(method: string, reaction: (message: RawMessage) => Json | void): void {
    this.#reactions.set(method, reaction)
  }

  /** Sends text as it is, valid or not. */
  sendText(text: string): void {
    this.#receiver.receive(parse(text))
  }

  /** Sends a message; `jsonrpc` is added. */
  send(message: Json): void {
    this.sendText(JSON.stringify({ jsonrpc: '2.0', ...message }))
  }

  /** The first message that passes, come already or still to come. Rejects after `timeout`. */
  until(test: (message: RawMessage) => boolean, timeout?: Duration): Promise<RawMessage> {
    const found = this.received.find(test)
    return found === undefined ? this.#waiting.next(test, timeout) : Promise.resolve(found)
  }

  /** Sends a request and waits for its reply. Ids count up from 1 unless one is given. */
  request(method: string, params?: Json, id: RequestId = (this.#last += 1)): Promise<RawMessage> {
    const reply = this.until(message => message.id === id && message.method === undefined)
    this.send({ id, method, ...(params === undefined ? {} : { params }) })
    return reply
  }

  /** Goes through the handshake of a revision that has one. */
  async initialize(revision: Revision, capabilities: Json = {}): Promise<RawMessage> {
    const reply = await this.request('initialize', { protocolVersion: revision, capabilities, clientInfo: RAW_INFO })
    this.send({ method: 'notifications/initialized' })
    return reply
  }

  /** The connection ends, as when a client goes away. */
  close(): void {
    this.#receiver.closed()
  }
}

const RAW_INFO = { name: 'raw', version: '0' }

/** `_meta` of a request of a revision without a handshake. */
export function envelope(capabilities: Json = {}, meta: Json = {}, revision: string = FIRST_STATELESS): Json {
  return { [META.version]: revision, [META.capabilities]: capabilities, [META.clientInfo]: RAW_INFO, ...meta }
}

/** Connects a raw peer to a server in this process. */
export function raw(server: Service, head?: Head): RawPeer {
  return new RawPeer(server, head)
}
