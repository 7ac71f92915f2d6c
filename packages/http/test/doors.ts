/** The same endpoint behind each of its doors, on a real port: every behaviour is tested on both. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { toFetch, toNode, type EndpointOptions, type Served } from '../src/index.ts'

export interface Open {
  readonly port: number
  stop(): void
  close(): Promise<void>
}

export type OpenDoor = (service: Served, options?: EndpointOptions) => Promise<Open>

export const DOORS: ReadonlyMap<string, OpenDoor> = new Map<string, OpenDoor>([
  [
    'node',
    (service, options) => {
      const door = toNode(service, options)
      return serve(createServer(door), door)
    },
  ],
  [
    'fetch',
    (service, options) => {
      const door = toFetch(service, options)
      const server = createServer((req, res) => void bridge(req, res, door))
      return serve(server, door)
    },
  ],
])

/** The Node door with something in front of it, as hosts and frameworks put there. */
export async function serveBehind(
  service: Served,
  front: (req: IncomingMessage, res: ServerResponse) => void,
  options?: EndpointOptions,
): Promise<Open> {
  const door = toNode(service, options)
  const server = createServer((req, res) => {
    front(req, res)
    door(req, res)
  })
  return serve(server, door)
}

export async function serve(server: Server, door: { stop(): void; close(): void }): Promise<Open> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    stop: () => door.stop(),
    close: async () => {
      door.close()
      const closed = new Promise(resolve => server.close(resolve))
      server.closeIdleConnections()
      const deadline = setTimeout(() => server.closeAllConnections(), 100)
      await closed
      clearTimeout(deadline)
    },
  }
}

/** What platforms with Fetch handlers do, and no more: a request made from the wire, a response written to it. */
export async function bridge(req: IncomingMessage, res: ServerResponse, door: ReturnType<typeof toFetch>): Promise<void> {
  const left = new AbortController()
  res.on('close', () => left.abort())
  const headers = new Headers()
  for (let i = 0; i < req.rawHeaders.length; i += 2) headers.append(req.rawHeaders[i] as string, req.rawHeaders[i + 1] as string)
  const body = req.method === 'GET' || req.method === 'HEAD' ? null : (Readable.toWeb(req) as ReadableStream<Uint8Array>)
  const init = { method: req.method as string, headers, body, signal: left.signal, duplex: 'half' }
  const response = await door(new Request(`http://${req.headers.host}${req.url}`, init as RequestInit), {
    remote: req.socket.remoteAddress,
  })
  res.writeHead(response.status, Object.fromEntries(response.headers))
  if (response.body === null) {
    res.end()
    return
  }
  res.flushHeaders()
  const reader = response.body.getReader()
  res.on('close', () => void reader.cancel().catch(() => {}))
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      if (!res.write(piece.value)) await new Promise(resolve => res.once('drain', resolve).once('close', resolve))
      if (res.destroyed) return
    }
    res.end()
  } catch {
    res.destroy()
  }
}
