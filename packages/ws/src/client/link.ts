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

  /** The library says goodbye by itself, with 1002, 1007 or 1009. Whoever sent such a thing may never answer, so nobody waits for that. */
  #broke(error: unknown): void {
    const socket = this.#socket
    // While it is being opened, whoever opens it tells.
    if (this.#closing || socket === undefined) return
    const { maxMessage, clock, closeMs } = this.#settings
    const isTooLarge = (error as { readonly code?: unknown } | undefined)?.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH'
    const cause = isTooLarge
      ? new TooLarge(`The server sent a message of more than ${maxMessage} bytes`, maxMessage)
      : new WebSocketClosed(CLOSE.BROKEN, '', error)
    this.#finish(cause)
    if (isNodeSocket(socket)) this.#callOff = clock.after(closeMs, () => socket.terminate())
  }

  #ended(code: number, reason: string): void {
    this.#callOff?.()
    if (this.#socket === undefined) return
    if (this.#closing || code === CLOSE.DONE) return this.#finish(this.#cause)
    this.#finish(new WebSocketClosed(code, reason))
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
