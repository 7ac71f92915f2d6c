/** A WebSocket for the official clients, by their own interface of a transport: v2 brings none, and that of v1 cannot send headers. */

import { once } from 'node:events'
import { WebSocket } from 'ws'
import type { Headers } from './way.ts'

/** One text frame for each message. */
export class SocketTransport {
  onmessage?: (message: never) => void
  onclose?: () => void
  onerror?: (error: Error) => void
  readonly #url: string
  readonly #headers: Headers
  #socket: WebSocket | undefined

  constructor(url: string, headers: Headers) {
    this.#url = url
    this.#headers = headers
  }

  async start(): Promise<void> {
    const socket = new WebSocket(this.#url, 'mcp', { headers: this.#headers })
    this.#socket = socket
    socket.on('message', (data: Buffer) => this.onmessage?.(JSON.parse(data.toString()) as never))
    socket.on('close', () => this.onclose?.())
    await once(socket, 'open')
    socket.on('error', error => this.onerror?.(error))
  }

  async send(message: object): Promise<void> {
    this.#socket?.send(JSON.stringify(message))
  }

  async close(): Promise<void> {
    this.#socket?.close()
  }
}
