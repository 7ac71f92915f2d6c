/** A WebSocket as a client needs it, of whichever platform. */

import type { ClientRequest, IncomingMessage } from 'node:http'

/** The part that the platform's own and the `ws` package have in common. */
export interface Socket {
  binaryType: string
  readonly protocol: string
  readonly bufferedAmount: number
  send(text: string): void
  close(code?: number, reason?: string): void
  addEventListener(type: 'open', listener: () => void): void
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void
  addEventListener(type: 'error', listener: (event: { readonly error?: unknown; readonly message?: unknown }) => void): void
  addEventListener(type: 'close', listener: (event: { readonly code: number; readonly reason: string }) => void): void
}

/** What only the `ws` package can do. */
export interface NodeSocket extends Socket {
  ping(): void
  terminate(): void
  on(event: 'ping' | 'pong', listener: () => void): unknown
  on(event: 'unexpected-response', listener: (req: ClientRequest, res: IncomingMessage) => void): unknown
}

/** Whether more is possible than the platform's own interface allows: pings, any close code, an end at once. */
export function isNodeSocket(socket: Socket): socket is NodeSocket {
  return typeof (socket as Partial<NodeSocket>).terminate === 'function'
}
