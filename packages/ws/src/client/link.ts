/** The client's end of a WebSocket: one text frame for each message, and an end that says why. */

import { ConnectionClosed, parse, TimedOut, TooLarge, type Frame, type Link, type Receiver } from '@oarlock/protocol'
import { CLOSE, privateCode } from '../close-code.ts'
import { WebSocketClosed } from '../closed.ts'
import type { ClientSettings } from './options.ts'
import { isNodeSocket, type NodeSocket, type Socket } from './socket.ts'

/** A connection, once it is open. */
export class WsLink implements Link {
  readonly #settings: ClientSettings
  readonly #receiver: Receiver
  #socket: Socket | undefined
  /** We ended it: nothing more is sent or taken. */
  #closing = false
  #closed = false
  /** Why we ended it, or what broke it. */
  #cause: unknown
  /** Whether anything came since the last heartbeat. */
  #heard = false
  #pinged = false
  #callOff: (() => void) | undefined

  constructor(settings: ClientSettings, receiver: Receiver) {
    this.#settings = settings
    this.#receiver = receiver
  }

  /** Listens to a socket that is being opened. */
  attach(socket: Socket): void {
    socket.addEventListener('message', ({ data }) => this.#message(data))
    socket.addEventListener('error', ({ error }) => this.#broke(error))
    socket.addEventListener('close', ({ code, reason }) => this.#ended(code, reason))
  }

  /** The server selected `mcp`: from now on the connection is ours. */
  opened(socket: Socket): void {
    this.#socket = socket
    const { heartbeatMs } = this.#settings
    if (heartbeatMs === false || !isNodeSocket(socket)) return
    socket.on('ping', this.#sign)
    socket.on('pong', this.#sign)
    this.#beat(socket, heartbeatMs)
  }

  send({ text }: Frame): void {
    const socket = this.#socket
    if (socket === undefined || this.#closing) return
    socket.send(text)
    const { maxBacklog } = this.#settings
    if (socket.bufferedAmount > maxBacklog && text.length < maxBacklog)
      this.#end(CLOSE.TOO_SLOW, new ConnectionClosed(`The server does not read: more than ${maxBacklog} bytes wait for it`))
  }

  close(): void {
    this.#end(CLOSE.DONE)
  }

  #message(data: unknown): void {
    if (this.#closing) return
    this.#heard = true
    if (typeof data !== 'string') return this.#end(CLOSE.BINARY, new ConnectionClosed('The server sent a binary frame: messages are text'))
    const { maxMessage, limits } = this.#settings
    if (data.length > maxMessage)
      return this.#end(CLOSE.TOO_LARGE, new TooLarge(`The server sent a message of more than ${maxMessage} characters`, maxMessage))
    this.#receiver.receive(parse(data, limits))
  }

  #end(code: number, cause?: unknown): void {
    const socket = this.#socket
    if (this.#closing || socket === undefined) return
    this.#closing = true
    this.#cause = cause
    this.#callOff?.()
    // Neither a browser nor a broken network says in time that the other side is gone.
    this.#callOff = this.#settings.clock.after(this.#settings.closeMs, () => {
      if (isNodeSocket(socket)) socket.terminate()
      this.#finish(cause)
    })
    socket.close(isNodeSocket(socket) ? code : privateCode(code))
  }

  #broke(error: unknown): void {
    if (this.#closing) return
    const { maxMessage } = this.#settings
    const tooLarge = (error as { readonly code?: unknown } | undefined)?.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH'
    // The library has said goodbye with 1009 by itself.
    this.#closing = tooLarge
    this.#cause = tooLarge ? new TooLarge(`The server sent a message of more than ${maxMessage} bytes`, maxMessage) : error
  }

  #ended(code: number, reason: string): void {
    // While it is being opened, whoever opens it tells.
    if (this.#socket === undefined) return
    if (this.#closing || code === CLOSE.DONE) return this.#finish(this.#cause)
    this.#finish(new WebSocketClosed(code, reason, this.#cause))
  }

  #finish(cause: unknown): void {
    if (this.#closed) return
    this.#closed = true
    this.#closing = true
    this.#callOff?.()
    this.#receiver.closed(cause)
  }

  #beat(socket: NodeSocket, ms: number): void {
    this.#callOff = this.#settings.clock.after(ms, () => {
      if (this.#closing) return
      if (!this.#heard && this.#pinged) {
        const gone = new TimedOut(`The server showed no sign of life for ${ms} ms after a ping`)
        this.#closing = true
        socket.terminate()
        return this.#finish(gone)
      }
      this.#pinged = !this.#heard
      if (this.#pinged) socket.ping()
      this.#heard = false
      this.#beat(socket, ms)
    })
  }

  readonly #sign = (): void => {
    this.#heard = true
  }
}
