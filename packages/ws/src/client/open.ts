/** Opening a WebSocket as a client, and why it failed. */

import { ConnectionClosed, reasonOf, TimedOut, Unsupported, type Receiver } from '@oarlock/protocol'
import { SUBPROTOCOL } from '../offer.ts'
import type { Credentials } from './credentials.ts'
import { WsLink } from './link.ts'
import { socketMaker } from './make.ts'
import type { ClientSettings } from './options.ts'
import { UpgradeRefused } from './refused.ts'
import { isNodeSocket, type Socket } from './socket.ts'

const SOME = 10_000

/**
 * Opens a connection. Resolves when the server has selected `mcp`.
 * @throws UpgradeRefused when the server says no and the platform tells; else ConnectionClosed, TimedOut, Unsupported, or the reason of the signal
 */
export async function openLink(
  settings: ClientSettings,
  receiver: Receiver,
  credentials: Credentials,
  signal: AbortSignal | undefined,
): Promise<WsLink> {
  const make = await socketMaker(settings, credentials)
  const link = new WsLink(settings, receiver)
  const socket = make()
  // Before anything can arrive, and before a platform that knows at once that it will not open can say so.
  link.attach(socket)
  try {
    await opened(socket, settings, signal)
  } catch (cause) {
    if (isNodeSocket(socket)) socket.terminate()
    else socket.close()
    throw cause
  }
  link.opened(socket)
  return link
}

function opened(socket: Socket, { target, connectMs, clock }: ClientSettings, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const callOff = clock.after(connectMs, () => fail(new TimedOut(`${target} did not open a WebSocket within ${connectMs} ms`)))
    const abort = (): void => fail(signal?.reason)
    const end = (): void => {
      callOff()
      signal?.removeEventListener('abort', abort)
    }
    const fail = (cause: unknown): void => {
      end()
      reject(cause)
    }
    onRefusal(socket, target, fail)
    socket.addEventListener('error', event => fail(unopened(socket, target, event)))
    socket.addEventListener('close', () => fail(unopened(socket, target, {})))
    socket.addEventListener('open', () => {
      // What it selected instead may be the entry with the token, so it is not told.
      if (socket.protocol !== SUBPROTOCOL) return fail(notSpoken(target))
      end()
      resolve()
    })
    if (signal?.aborted === true) abort()
    else signal?.addEventListener('abort', abort)
  })
}

function unopened(socket: Socket, target: string, { error, message }: { readonly error?: unknown; readonly message?: unknown }): Error {
  const cause = error ?? (typeof message === 'string' && message !== '' ? new Error(message) : undefined)
  if (cause instanceof Error && /subprotocol/i.test(cause.message)) return notSpoken(target, cause)
  const why = cause === undefined ? '' : `: ${reasonOf(cause)}`
  const hint = isNodeSocket(socket)
    ? ''
    : '. The platform does not tell more: is a WebSocket server there, at this path? Oarlock serves at /mcp'
  return new ConnectionClosed(`Cannot open a WebSocket to ${target}${why}${hint}`, cause, true)
}

function notSpoken(target: string, cause?: unknown): Error {
  return new Unsupported(`${target} does not speak the subprotocol ${SUBPROTOCOL}`, cause)
}

/** Where the platform tells with which status a server said no. */
function onRefusal(socket: Socket, target: string, fail: (cause: unknown) => void): void {
  if (!isNodeSocket(socket)) return
  socket.on('unexpected-response', (req, res) => {
    let body = ''
    const done = (): void => {
      const { headers, statusCode = 0 } = res
      const get = (name: string): string | undefined => headers[name.toLowerCase()]?.toString()
      fail(new UpgradeRefused(target, statusCode, { get }, body))
      req.destroy()
    }
    // A stream of events has no end to wait for.
    if (res.headers['content-type']?.startsWith('text/event-stream') === true) return done()
    res.setEncoding('utf8')
    res.on('data', (text: string) => {
      body += text
      if (body.length > SOME) done()
    })
    res.on('end', done)
    res.on('error', done)
  })
}
