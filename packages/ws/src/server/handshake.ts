/** One upgrade on its way to a WebSocket: every check that comes before 101, in order (S-WS-01, S-WS-02; THREATS 2, T1, T3). */

import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import {
  Anonymous,
  Fault,
  type Head,
  holdsSeveral,
  type HostGate,
  type Lack,
  ONE_CREDENTIAL,
  type Principal,
  type Service,
} from '@oarlock/protocol'
import type { WebSocket, WebSocketServer } from 'ws'
import { CLOSE } from '../close-code.ts'
import { readOffer, type Offer } from '../offer.ts'
import { Connection } from './connection.ts'
import { askingHead, openedHead } from './head.ts'
import type { Settings } from './options.ts'
import { refuse } from './refusal.ts'
import type { Room } from './room.ts'

/** What a door lends to its handshakes. */
export interface Ground {
  readonly service: Service
  readonly settings: Settings
  readonly gate: HostGate
  readonly room: Room
  /** The library's half, which answers 101; loaded when it is first needed. */
  library(): Promise<WebSocketServer>
}

/** A request for a WebSocket. Ends in a connection, or in an answer of HTTP. */
export class Handshake {
  readonly #ground: Ground
  readonly #req: IncomingMessage
  readonly #socket: Duplex
  readonly #first: Buffer
  readonly #since: number
  /** Since when the answer is out. Only the client's goodbye is awaited then. */
  #refused: number | undefined

  constructor(ground: Ground, req: IncomingMessage, socket: Duplex, first: Buffer) {
    this.#ground = ground
    this.#req = req
    this.#socket = socket
    this.#first = first
    this.#since = ground.room.expect(this)
    socket.once('close', this.#gone)
  }

  /** Goes through the checks. Never throws, never rejects. */
  async run(): Promise<void> {
    try {
      const offer = this.#screened()
      if (Fault.is(offer)) return this.refuse(offer)
      const who = await this.#who(offer)
      if (Fault.is(who)) return this.refuse(who)
      const library = await this.#ground.library()
      if (this.#refused === undefined && !this.#socket.destroyed) this.#open(library, who)
    } catch (cause) {
      this.#failed(cause)
    }
  }

  /** Says no, with a fault or a bare status, and waits a moment for the client to read why. Only the first time counts. */
  refuse(why: Fault | number, least?: number): void {
    if (this.#refused !== undefined) return
    this.#refused = this.#ground.room.now
    refuse(this.#socket, why, least)
  }

  /** Called about once a second. */
  sweep(now: number): void {
    const { handshakeMs, closeMs } = this.#ground.settings
    if (this.#refused !== undefined) {
      if (now - this.#refused >= closeMs) this.#socket.destroy()
    } else if (now - this.#since >= handshakeMs) this.refuse(new Fault('OVERLOADED', 'Authentication took too long'))
  }

  /** Breaks the connection. */
  cut(): void {
    this.#socket.destroy()
  }

  /** The door closes. */
  shut(): void {
    this.refuse(new Fault('SHUTTING_DOWN'))
  }

  /** What can be told from the head of the request alone. */
  #screened(): Offer | Fault {
    const { gate, room } = this.#ground
    const { headers, method } = this.#req
    if (headers.upgrade?.toLowerCase() !== 'websocket' || method !== 'GET')
      return new Fault('INVALID_REQUEST', 'Only a WebSocket can be had here')
    if (headers['sec-websocket-version'] !== '13')
      return new Fault('INVALID_REQUEST', 'The version of WebSocket is 13', { headers: { 'Sec-WebSocket-Version': '13' } })
    if (isRepeated(this.#req)) return new Fault('INVALID_REQUEST', 'Host, Origin and Authorization must not be repeated')
    if (!gate.admits(headers.host, headers.origin)) {
      return new Fault(
        'FOREIGN_ORIGIN',
        'This Host or Origin is not allowed: name it in allowedHosts or allowedOrigins if clients use it',
        { cause: { host: headers.host, origin: headers.origin } },
      )
    }
    return room.full ? new Fault('OVERLOADED', TOO_MANY, RETRY) : this.#offer()
  }

  #offer(): Offer | Fault {
    const { headers } = this.#req
    const offer = readOffer(headers['sec-websocket-protocol'])
    if (offer === undefined) return new Fault('INVALID_REQUEST', 'The token among the subprotocols is malformed, or not the only one')
    if (offer.token !== undefined && headers.authorization !== undefined)
      return new Fault('INVALID_REQUEST', 'A token comes in Authorization or as a subprotocol, not in both')
    // A client that offers something must be given some of it, or it fails.
    if (!offer.mcp && (offer.any || this.#ground.settings.requireSubprotocol))
      return new Fault('INVALID_REQUEST', 'Offer the subprotocol mcp')
    return offer
  }

  /** Who asks, of whom nothing but the head was read. */
  async #who(offer: Offer): Promise<Principal | Anonymous | undefined | Fault> {
    const { authenticate } = this.#ground.settings
    if (authenticate === undefined) return undefined
    if (holdsSeveral(this.#req.headers.authorization ?? '')) return new Fault('INVALID_REQUEST', ONE_CREDENTIAL)
    const verdict = await authenticate(askingHead(this.#req, offer.token))
    if (Fault.is(verdict) || Anonymous.is(verdict)) return verdict
    // Whoever forgets to return says nothing about who is asking; that must never mean yes.
    if (typeof verdict?.id !== 'string') throw new TypeError('authenticate returned neither a Principal nor a Fault')
    return verdict
  }

  #open(library: WebSocketServer, who: Principal | Anonymous | undefined): void {
    const { service, settings, room } = this.#ground
    const socket = this.#socket
    const head = openedHead(this.#req, who)
    const lack = room.lack(head)
    if (lack !== undefined) return this.refuse(noRoom(lack, head))
    // The answer may be an error of the library's own, after which the connection closes.
    library.handleUpgrade(this.#req, socket, this.#first, (webSocket: WebSocket) => {
      socket.off('close', this.#gone)
      room.forget(this)
      try {
        room.enter(new Connection({ webSocket, socket, service, settings, room, head }))
      } catch (cause) {
        service.report(cause, 'ws connection')
        webSocket.close(CLOSE.FAILED)
      }
    })
  }

  #failed(cause: unknown): void {
    if (Fault.is(cause)) return this.refuse(cause)
    this.#ground.service.report(cause, 'ws handshake')
    this.refuse(new Fault('INTERNAL_ERROR'), 500)
  }

  readonly #gone = (): void => this.#ground.room.forget(this)
}

const RETRY = { headers: { 'Retry-After': '5' } }

function noRoom(lack: Lack, { principal }: Head): Fault {
  if (lack === 'each')
    return new Fault('RATE_LIMITED', `Too many connections of one ${principal === undefined ? 'address' : 'principal'}`, RETRY)
  return new Fault('OVERLOADED', lack === 'all' ? TOO_MANY : 'Too many anonymous connections: sign in, or come back later', RETRY)
}

const TOO_MANY = 'Too many connections'

/** Which of two was meant is anybody's guess, and a proxy in front may have guessed otherwise (THREATS T10). */
function isRepeated({ rawHeaders }: IncomingMessage): boolean {
  const single = rawHeaders.flatMap((text, index) => (index % 2 === 0 && SINGLE.has(text.toLowerCase()) ? [text.toLowerCase()] : []))
  return new Set(single).size < single.length
}

const SINGLE: ReadonlySet<string> = new Set(['host', 'origin', 'authorization'])
