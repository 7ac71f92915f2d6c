/** Opening a WebSocket as a client: which implementation, with which credentials, and why it failed. */

import { ConnectionClosed, TimedOut } from '@oarlock/protocol'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { loadWs } from '../load.ts'
import { checkedToken, SUBPROTOCOL, tokenEntry } from '../offer.ts'
import type { WsLink } from './link.ts'
import type { ClientSettings } from './options.ts'
import { UpgradeRefused } from './refused.ts'
import { isNodeSocket, type Socket } from './socket.ts'

type WebSocketClass = new (url: string, protocols: string[]) => Socket

const SOME = 10_000

/**
 * Opens a connection for a link. Resolves when the server has selected `mcp`.
 * @throws UpgradeRefused when the server says no and the platform tells; else ConnectionClosed, TimedOut, or the reason of the signal
 */
export async function openSocket(settings: ClientSettings, link: WsLink, signal: AbortSignal | undefined): Promise<void> {
  const socket = await make(settings)
  return new Promise((resolve, reject) => {
    const callOff = settings.clock.after(settings.connectMs, () => {
      fail(new TimedOut(`${settings.target} did not open a WebSocket within ${settings.connectMs} ms`))
    })
    const abort = (): void => fail(signal?.reason)
    let over = false
    const end = (): boolean => {
      const first = !over
      over = true
      callOff()
      signal?.removeEventListener('abort', abort)
      return first
    }
    const fail = (cause: unknown): void => {
      if (!end()) return
      reject(cause)
      if (isNodeSocket(socket)) socket.terminate()
      else socket.close()
    }
    onRefusal(socket, settings, fail)
    socket.addEventListener('error', event => fail(new ConnectionClosed(`Cannot open a WebSocket to ${settings.target}`, causeOf(event))))
    socket.addEventListener('close', () => fail(new ConnectionClosed(`${settings.target} closed while the WebSocket was being opened`)))
    socket.addEventListener('open', () => {
      // What it selected instead may be the entry with the token, so it is not told.
      if (socket.protocol !== SUBPROTOCOL)
        return fail(new ConnectionClosed(`${settings.target} does not speak the subprotocol ${SUBPROTOCOL}`))
      if (!end()) return
      link.opened(socket)
      resolve()
    })
    // Before anything can arrive.
    link.attach(socket)
    if (signal?.aborted === true) abort()
    else signal?.addEventListener('abort', abort)
  })
}

/** The socket, about to open. */
async function make(settings: ClientSettings): Promise<Socket> {
  const { url, maxMessage, closeMs } = settings
  const headers = await given(settings.headers)
  const token = await given(settings.token)
  const native = (globalThis as { WebSocket?: WebSocketClass }).WebSocket
  const wantsHeaders = Object.keys(headers).length > 0 || (token !== undefined && onNode())
  if (native !== undefined && !wantsHeaders) {
    const socket = new native(url, token === undefined ? [SUBPROTOCOL] : [SUBPROTOCOL, tokenEntry(token)])
    socket.binaryType = 'arraybuffer'
    return socket
  }
  if (!onNode()) throw new TypeError('Only Node can send headers with a WebSocket: use token, which goes along as a subprotocol')
  const { WebSocket } = await loadWs()
  const options: object = {
    headers: token === undefined ? headers : { ...headers, Authorization: `Bearer ${checkedToken(token)}` },
    perMessageDeflate: false,
    maxPayload: maxMessage,
    closeTimeout: closeMs,
  }
  return new WebSocket(url, [SUBPROTOCOL], options)
}

function given<T extends object | string | undefined>(source: T | (() => T | PromiseLike<T>)): T | PromiseLike<T> {
  return typeof source === 'function' ? source() : source
}

function onNode(): boolean {
  return typeof process === 'object' && typeof process.versions?.node === 'string'
}

/** Where the platform tells with which status a server said no. */
function onRefusal(socket: Socket, { target }: ClientSettings, fail: (cause: unknown) => void): void {
  if (!isNodeSocket(socket)) return
  const on = (socket as unknown as { on(event: string, listener: (req: ClientRequest, res: IncomingMessage) => void): void }).on
  on.call(socket, 'unexpected-response', (req, res) => {
    let body = ''
    const done = (): void => {
      const { headers, statusCode = 0 } = res
      const get = (name: string): string | undefined => headers[name.toLowerCase()]?.toString()
      fail(new UpgradeRefused(target, statusCode, { get }, body))
      req.destroy()
    }
    res.setEncoding('utf8')
    res.on('data', (text: string) => {
      body += text
      if (body.length > SOME) done()
    })
    res.on('end', done)
    res.on('error', done)
  })
}

function causeOf({ error, message }: { readonly error?: unknown; readonly message?: unknown }): unknown {
  return error ?? (typeof message === 'string' && message !== '' ? new Error(message) : undefined)
}
