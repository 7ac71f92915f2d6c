/** One WebSocket on the server, from its first message to its end: both conversations travel over it (S-WS-05). */

import type { Duplex } from 'node:stream'
import { parse, type Frame, type Head, type Link, type ServerReceiver, type Service } from '@oarlock/protocol'
import type { WebSocket } from 'ws'
import { CLOSE } from '../close-code.ts'
import { WebSocketClosed } from '../closed.ts'
import { Heartbeat } from './heartbeat.ts'
import type { Settings } from './options.ts'
import { Outlet } from './outlet.ts'
import type { Room } from './room.ts'

/** What makes a connection. */
export interface Opening {
  readonly webSocket: WebSocket
  /** The stream underneath. */
  readonly socket: Duplex
  readonly service: Service
  readonly settings: Settings
  readonly room: Room
  readonly head: Head
}

/** Codes of an end that somebody meant. */
const ORDERLY: ReadonlySet<number> = new Set([CLOSE.DONE, CLOSE.GOING, 1005])

/** The library's own errors, and the codes that it closes with for them. Any other of its errors is an illegal frame. */
const CODES: ReadonlyMap<string, number> = new Map([
  ['WS_ERR_INVALID_UTF8', CLOSE.NOT_UTF8],
  ['WS_ERR_UNSUPPORTED_MESSAGE_LENGTH', CLOSE.TOO_LARGE],
  ['WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH', CLOSE.TOO_LARGE],
  ['WS_ERR_TOO_MANY_BUFFERED_PARTS', CLOSE.POLICY],
])

/** The server's end of a WebSocket. */
export class Connection implements Link {
  readonly head: Head
  readonly #webSocket: WebSocket
  readonly #service: Service
  readonly #settings: Settings
  readonly #room: Room
  readonly #outlet: Outlet
  readonly #heartbeat: Heartbeat
  readonly #receiver: ServerReceiver
  /** Messages since the last round. */
  #messages = 0
  /** Frames in a row that were no message. */
  #strikes = 0
  /** Too many messages came: the rest is read after the next round. */
  #throttled = false
  /** Since when we are closing it. Nothing more is sent or taken then. */
  #ending: number | undefined
  /** Why we close it, or what broke it. */
  #cause: WebSocketClosed | undefined

  constructor({ webSocket, socket, service, settings, room, head }: Opening) {
    this.head = head
    this.#webSocket = webSocket
    this.#service = service
    this.#settings = settings
    this.#room = room
    this.#outlet = new Outlet(webSocket, socket, settings, {
      behind: () => webSocket.pause(),
      caughtUp: () => this.#resume(),
      tooSlow: () => this.end(CLOSE.TOO_SLOW, 'Too slow: more waits for this client than the server keeps'),
    })
    this.#heartbeat = new Heartbeat(webSocket, socket as Duplex & { readonly bytesRead?: number }, settings, room.now)
    this.#receiver = service.connect(this, head)
    webSocket.on('message', this.#message)
    webSocket.on('error', this.#broke)
    webSocket.on('close', this.#closed)
  }

  /** Sends a message. Returns a promise while the client is behind. */
  send(frame: Frame): void | Promise<void> {
    if (this.#ending !== undefined) return
    this.#heartbeat.used()
    return this.#outlet.send(frame.text, this.#room.now)
  }

  close(): void {
    this.end(CLOSE.DONE)
  }

  /** Closes with a code, and cuts the connection when the client does not answer in time. */
  end(code: number, reason = ''): void {
    if (this.#ending !== undefined) return
    this.#ending = this.#room.now
    this.#cause = ORDERLY.has(code) ? undefined : new WebSocketClosed(code, reason)
    this.#outlet.stop()
    // The client's own goodbye would not be read otherwise.
    this.#webSocket.resume()
    this.#webSocket.close(code, reason)
  }

  /** The server shuts down. */
  shut(): void {
    this.end(CLOSE.GOING, 'The server is shutting down')
  }

  /** Breaks the connection. */
  cut(): void {
    this.#webSocket.terminate()
  }

  /** Called about once a second. */
  sweep(now: number): void {
    if (this.#ending !== undefined) {
      if (now - this.#ending >= this.#settings.closeMs) this.cut()
      return
    }
    this.#messages = 0
    if (this.#throttled) {
      this.#throttled = false
      this.#resume()
    }
    const { expiresAt } = this.head.principal ?? {}
    if (expiresAt !== undefined && now >= expiresAt) this.end(CLOSE.POLICY, 'The token expired')
    else if (this.#outlet.behind) this.#outlet.sweep(now)
    else if (!this.#heartbeat.sweep(now)) this.cut()
    else if (this.#receiver.inFlight === 0 && this.#heartbeat.idle(now)) this.end(CLOSE.DONE, 'Nothing was said for too long')
  }

  readonly #message = (data: { toString(): string }, isBinary: boolean): void => {
    if (this.#ending !== undefined) return
    if (isBinary) return this.end(CLOSE.BINARY, 'Messages are text')
    this.#heartbeat.used()
    if ((this.#messages += 1) >= this.#settings.messagesPerSecond && !this.#throttled) {
      this.#throttled = true
      this.#webSocket.pause()
    }
    this.#take(data.toString())
  }

  #take(text: string): void {
    const message = parse(text, this.#settings.limits)
    this.#strikes = message.kind === 'invalid' ? this.#strikes + 1 : 0
    try {
      this.#receiver.receive(message)
    } catch (cause) {
      this.#service.report(cause, 'ws message')
      return this.end(CLOSE.FAILED)
    }
    if (this.#strikes >= this.#settings.maxStrikes) this.end(CLOSE.POLICY, 'Too much that is no message')
  }

  #resume(): void {
    if (!this.#throttled && !this.#outlet.behind) this.#webSocket.resume()
  }

  /** A frame that is not allowed, or a network that broke. The library closes with the code that says so. */
  readonly #broke = (error: Error & { readonly code?: string }): void => {
    const code = error.code?.startsWith('WS_ERR') === true ? (CODES.get(error.code) ?? CLOSE.ILLEGAL) : CLOSE.BROKEN
    this.#cause ??= new WebSocketClosed(code, error.message, error)
    this.#ending ??= this.#room.now
    this.#outlet.stop()
  }

  readonly #closed = (code: number, reason: { toString(): string }): void => {
    const cause = this.#ending === undefined && !ORDERLY.has(code) ? new WebSocketClosed(code, reason.toString()) : this.#cause
    this.#ending ??= this.#room.now
    this.#outlet.stop()
    this.#room.leave(this)
    this.#receiver.closed(cause)
  }
}
