/** The answer to an upgrade that is refused: plain HTTP, before any WebSocket (S-WS-01). */

import type { Duplex } from 'node:stream'
import { encodeFault, type Fault } from '@oarlock/protocol'

const PHRASES: ReadonlyMap<number, string> = new Map([
  [400, 'Bad Request'],
  [401, 'Unauthorized'],
  [403, 'Forbidden'],
  [404, 'Not Found'],
  [408, 'Request Timeout'],
  [426, 'Upgrade Required'],
  [429, 'Too Many Requests'],
  [500, 'Internal Server Error'],
  [503, 'Service Unavailable'],
])

type Headers = Readonly<Record<string, string>>

/** Refuses with a fault, in the words that HTTP would use for it, or with a status and nothing else. Whoever calls sees to it that the connection ends. */
export function refuse(socket: Duplex, why: Fault | number, least = 400): void {
  if (typeof why === 'number') return write(socket, why, {}, '')
  const { text, status } = encodeFault(undefined, why)
  write(socket, Math.max(status, least), { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...why.headers }, text)
}

/** Our side of the connection ends with the answer. What the client still sends is thrown away, so that it can read why. */
function write(socket: Duplex, status: number, headers: Headers, body: string): void {
  if (!socket.writable) return void socket.destroy()
  const lines = Object.entries({
    Connection: 'close',
    'X-Content-Type-Options': 'nosniff',
    'Content-Length': String(Buffer.byteLength(body)),
    ...headers,
  }).flatMap(([name, value]) => (isSendable(name, value) ? [`${name}: ${value}\r\n`] : []))
  socket.once('end', () => socket.destroy())
  socket.resume()
  socket.end(`HTTP/1.1 ${status} ${PHRASES.get(status) ?? ''}\r\n${lines.join('')}\r\n${body}`)
}

/** A fault's headers come from whoever made it; none may end a header early (THREATS T27). */
function isSendable(name: string, value: unknown): boolean {
  return /^[!#$%&'*+.^_`|~\w-]+$/.test(name) && typeof value === 'string' && /^[\t\x20-\x7e]*$/.test(value)
}
