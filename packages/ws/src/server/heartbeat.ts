/** Signs of life on one connection: a ping when it was quiet for long, and whether anything came of it (S-WS-08; THREATS T26). */

import type { WebSocket } from 'ws'
import type { Settings } from './options.ts'

/** Watches one connection. Has no timer: whoever owns it asks about once a second. */
export class Heartbeat {
  readonly #webSocket: WebSocket
  readonly #socket: { readonly bytesRead?: number }
  readonly #settings: Settings
  /** Bytes that had come when it was last looked at, and since when no more have. */
  #bytes = 0
  #heard: number
  #pinged: number | undefined
  /** Whether a message went either way since the last look, and when one last had. */
  #used = false
  #lastUsed: number

  constructor(webSocket: WebSocket, socket: { readonly bytesRead?: number }, settings: Settings, now: number) {
    this.#webSocket = webSocket
    this.#socket = socket
    this.#settings = settings
    this.#heard = now
    this.#lastUsed = now
  }

  /** A message went one way or the other. */
  used(): void {
    this.#used = true
  }

  /** Whether the client still shows signs of life. Any byte is one: a long message takes its time. */
  sweep(now: number): boolean {
    if (this.#used) {
      this.#used = false
      this.#lastUsed = now
    }
    const { bytesRead = 0 } = this.#socket
    if (bytesRead !== this.#bytes) {
      this.#bytes = bytesRead
      this.#heard = now
      this.#pinged = undefined
    } else if (this.#pinged !== undefined) return now - this.#pinged < this.#settings.pongMs
    else if (now - this.#heard >= this.#settings.heartbeatMs) {
      this.#pinged = now
      this.#webSocket.ping()
    }
    return true
  }

  /** Whether no message went either way for too long. */
  idle(now: number): boolean {
    return now - this.#lastUsed >= this.#settings.idleMs
  }
}
