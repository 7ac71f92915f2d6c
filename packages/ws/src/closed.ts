/** The error that a connection ends with when the other side, or the network, closed it. */

import { excerpt } from '@oarlock/protocol'
import { closeText } from './close-code.ts'

const BRAND = Symbol.for('oarlock.websocket-closed')

/** The WebSocket closed though nobody here closed it. The close code tells why, as far as the other side said. */
export class WebSocketClosed extends Error {
  readonly code = 'WEBSOCKET_CLOSED'
  /** As in RFC 6455, section 7.4: 1001 when the server shuts down, 1008 when a token expired, 1006 when the connection just broke. */
  readonly closeCode: number
  /** What the other side said beside the code. Empty when nothing. */
  readonly reason: string

  constructor(closeCode: number, reason: string, cause?: unknown) {
    const said = reason === '' ? closeText(closeCode) : excerpt(reason, 123)
    super(`The WebSocket was closed with code ${closeCode}: ${said}`, cause === undefined ? undefined : { cause })
    this.name = 'WebSocketClosed'
    this.closeCode = closeCode
    this.reason = reason
  }

  /** True for errors of any copy of this package in the process. */
  static is(value: unknown): value is WebSocketClosed {
    return typeof value === 'object' && value !== null && BRAND in value
  }
}
Object.defineProperty(WebSocketClosed.prototype, BRAND, { value: true })
