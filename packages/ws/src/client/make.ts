/** Which WebSocket a client takes: the platform's own, or on Node that of the `ws` package. */

import type * as Tls from 'node:tls'
import { loadWs } from '../load.ts'
import { checkedToken, SUBPROTOCOL, tokenEntry } from '../offer.ts'
import type { Credentials } from './credentials.ts'
import type { Authorities, ClientSettings } from './options.ts'
import type { Socket } from './socket.ts'

type WebSocketClass = new (url: string, protocols: string[]) => Socket

/**
 * How to make a socket that is about to open; called, it does so at once, so that nothing the socket tells is told before somebody listens. The
 * platform's own can neither set headers nor ping, does not say why a server refused, and has no end but the one that the other side agrees to; so on
 * Node, where there is a choice, the package is taken.
 */
export async function socketMaker(settings: ClientSettings, credentials: Credentials): Promise<() => Socket> {
  const native = (globalThis as { WebSocket?: WebSocketClass }).WebSocket
  if (native === undefined || settings.webSocket === 'ws') return fromPackage(settings, credentials)
  if (settings.ca !== undefined) throw new TypeError('The WebSocket of this platform takes no ca: it knows its authorities by itself')
  const token = tokenOf(credentials)
  return () => {
    const socket = new native(settings.url, token === undefined ? [SUBPROTOCOL] : [SUBPROTOCOL, tokenEntry(token)])
    socket.binaryType = 'arraybuffer'
    return socket
  }
}

async function fromPackage({ url, maxMessage, ca }: ClientSettings, { headers, token }: Credentials): Promise<() => Socket> {
  const { WebSocket } = await loadWs()
  const options: object = {
    headers: token === undefined ? headers : { ...headers, Authorization: `Bearer ${checkedToken(token)}` },
    perMessageDeflate: false,
    maxPayload: maxMessage,
    ...(ca !== undefined && { ca: withKnown(ca) }),
  }
  return () => new WebSocket(url, [SUBPROTOCOL], options)
}

/** Naming an authority does not take away those that are known. Not imported, so that what is bundled for a page asks for nothing of Node. */
function withKnown(ca: Authorities): readonly (string | Uint8Array)[] {
  const tls = process.getBuiltinModule('node:tls') as typeof Tls & Partial<Pick<typeof Tls, 'getCACertificates'>>
  const known = tls.getCACertificates?.('default') ?? tls.rootCertificates
  return [...known, ...(typeof ca === 'string' || ca instanceof Uint8Array ? [ca] : ca)]
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
