/** The transport: WebSockets on a server of their own, bound to this machine unless told otherwise, or beside what a server serves already. */

import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { bind, duration, hostsServedBy, type Listener, type Service, type Transport } from '@oarlock/protocol'
import { loadWs } from '../load.ts'
import { isAt, upgradeDoor, type UpgradeDoor } from './door.ts'
import { checkServerOptions, WS_OPTIONS, type WsOptions } from './options.ts'
import { SPARE } from './room.ts'

const CHECK_MS = 2000
const PROBE_AFTER_MS = 30_000

/**
 * Serves MCP over WebSocket, all revisions on each connection. Nothing is bound before `listen`. With `server`, it answers the upgrades at its path
 * there, and nothing else.
 * @throws TypeError for an option that does not exist, or a host beyond loopback without a word on which names may be used to reach it (THREATS 2)
 */
export function ws(options: WsOptions = {}): Transport {
  checkServerOptions(options, WS_OPTIONS, 'ws()')
  const { server, host = '127.0.0.1' } = options
  if (server !== undefined) return { listen: service => attach(service, server, options) }
  const allowedHosts = hostsServedBy('ws()', host, options)
  return { listen: service => listen(service, host, { ...options, allowedHosts }) }
}

async function listen(service: Service, host: string, options: WsOptions): Promise<Listener> {
  const door = upgradeDoor(service, options)
  const path = options.path ?? '/mcp'
  const [{ createServer }] = await Promise.all([nodeHttp(), loadWs()])
  const server = createServer(
    {
      headersTimeout: Math.ceil(duration(options.headersTimeout ?? '10s', 'headersTimeout')),
      connectionsCheckingInterval: CHECK_MS,
      maxHeaderSize: options.maxHeaderSize ?? 16_384,
      keepAlive: true,
      keepAliveInitialDelay: PROBE_AFTER_MS,
    },
    (req, res) => answerPlain(path, req, res),
  )
  server.on('upgrade', door)
  server.maxConnections = (options.maxSockets ?? 10_000) + SPARE
  await bind(server, options.port ?? 3001, host)
  server.on('error', cause => service.report(cause, 'ws server'))
  return new OwnListener(server, door, path)
}

/** Whoever asks for a page where there are only WebSockets is told so. */
function answerPlain(path: string, req: IncomingMessage, res: ServerResponse): void {
  const status = isAt(path, req) ? 426 : 404
  res.writeHead(status, { 'Content-Length': '0', Connection: 'close', ...(status === 426 && { Upgrade: 'websocket' }) }).end()
}

// `import 'node:http'` also loads a Fetch client, which costs more than starting the rest of the server (SPEED).
async function nodeHttp(): Promise<typeof import('node:http')> {
  const name = 'node:http'
  return process.getBuiltinModule?.(name) ?? ((await import(name)) as typeof import('node:http'))
}

/** `ws` or `wss`, the address, and the path. */
function addressOf(server: Server, path: string): string {
  const scheme = 'setSecureContext' in server ? 'wss' : 'ws'
  const bound = server.address()
  if (bound === null || typeof bound === 'string') return `${scheme} (${bound ?? 'not bound'})${path}`
  const { address, family, port } = bound satisfies AddressInfo
  return `${scheme}://${family === 'IPv6' ? `[${address}]` : address}:${port}${path}`
}

class OwnListener implements Listener {
  readonly address: string
  readonly #server: Server
  readonly #door: UpgradeDoor
  #closed: Promise<void> | undefined

  constructor(server: Server, door: UpgradeDoor, path: string) {
    this.address = addressOf(server, path)
    this.#server = server
    this.#door = door
  }

  stop(): void {
    this.#door.stop()
    this.#closed ??= new Promise(resolve => this.#server.close(() => resolve()))
  }

  async close(): Promise<void> {
    this.stop()
    await this.#door.close()
    this.#server.closeAllConnections()
    await this.#closed
  }
}

/** Joins a server that somebody else binds and closes. */
function attach(service: Service, server: Server, options: WsOptions): Listener {
  const door = upgradeDoor(service, options)
  const path = options.path ?? '/mcp'
  server.on('upgrade', door)
  return {
    get address() {
      return addressOf(server, path)
    },
    stop: () => door.stop(),
    async close() {
      await door.close()
      server.off('upgrade', door)
    },
  }
}
