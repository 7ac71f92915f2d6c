/** Which WebSocket a client takes: the platform's own where it will do, else that of the `ws` package. */

import { loadWs } from '../load.ts'
import { checkedToken, SUBPROTOCOL, tokenEntry } from '../offer.ts'
import type { Credentials } from './credentials.ts'
import type { ClientSettings } from './options.ts'
import type { Socket } from './socket.ts'

type WebSocketClass = new (url: string, protocols: string[]) => Socket

/**
 * A socket that is about to open. The platform's own cannot set headers, so a token goes along as a subprotocol there; on Node whoever has
 * credentials gets the `ws` package, which also tells why a server refused them.
 */
export async function makeSocket(settings: ClientSettings, credentials: Credentials): Promise<Socket> {
  const native = (globalThis as { WebSocket?: WebSocketClass }).WebSocket
  const hasCredentials = settings.auth !== undefined || credentials.token !== undefined || Object.keys(credentials.headers).length > 0
  if (native === undefined || (hasCredentials && onNode())) return fromPackage(settings, credentials)
  const token = tokenOf(credentials)
  const socket = new native(settings.url, token === undefined ? [SUBPROTOCOL] : [SUBPROTOCOL, tokenEntry(token)])
  socket.binaryType = 'arraybuffer'
  return socket
}

async function fromPackage({ url, maxMessage, closeMs }: ClientSettings, { headers, token }: Credentials): Promise<Socket> {
  const { WebSocket } = await loadWs()
  const options: object = {
    headers: token === undefined ? headers : { ...headers, Authorization: `Bearer ${checkedToken(token)}` },
    perMessageDeflate: false,
    maxPayload: maxMessage,
    closeTimeout: closeMs,
  }
  return new WebSocket(url, [SUBPROTOCOL], options)
}

/** The only credential that a page can send. */
function tokenOf({ headers, token }: Credentials): string | undefined {
  const [first, ...others] = Object.entries(headers)
  if (first === undefined) return token
  const bearer = first[0].toLowerCase() === 'authorization' ? /^Bearer +(.+)$/i.exec(first[1])?.[1] : undefined
  if (others.length > 0 || bearer === undefined)
    throw new TypeError('Only a bearer token can go along with a WebSocket here: pages cannot set headers')
  return bearer
}

function onNode(): boolean {
  return typeof process === 'object' && typeof process.versions?.node === 'string'
}
