/** The transport for a server of its own: `node:http`, bound to this machine unless told otherwise. */

import type { IncomingMessage, Server, ServerOptions, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import {
  checkOptions,
  duration,
  type Duration,
  type OptionNames,
  bind,
  hostsServedBy,
  systemClock,
  type Listener,
  type Service,
  type Transport,
} from '@oarlock/protocol'
import { nodeDoor, nodeDoorTo, type NodeDoor } from './node/door.ts'
import { checkEndpointOptions, ENDPOINT_OPTIONS, type EndpointOptions } from './options.ts'
import { SseEndpoint } from './sse/endpoint.ts'
import { checkedPath, SSE_PATHS, type SsePaths } from './sse/options.ts'

/** The `upgrade` listener of a `node:http` server. */
export interface UpgradeTaker {
  (req: IncomingMessage, socket: Duplex, head: Buffer): void
  stop?(): void
  close?(): Promise<void> | void
}

/** Options of the transport. */
export interface HttpOptions extends EndpointOptions {
  /** 3000 when absent; 0 for any that is free. */
  readonly port?: number | undefined
  /** The address to bind. `127.0.0.1` when absent. Any other than loopback needs `allowedHosts` or `allowAnyHost`. */
  readonly host?: string | undefined
  /** The path of the endpoint. `/mcp` when absent. */
  readonly path?: string | undefined
  /** Longest time a request's head may take to arrive. `10s` when absent. */
  readonly headersTimeout?: Duration | undefined
  /** How long a connection waits for its next request. `5s` when absent. */
  readonly keepAliveTimeout?: Duration | undefined
  /** Most connections; further ones are dropped. 10,000 when absent. */
  readonly maxConnections?: number | undefined
  /** Largest head of a request, in bytes. 16 KiB when absent. */
  readonly maxHeaderSize?: number | undefined
  /** Takes what leaves HTTP on the same port, such as the WebSockets of `toUpgrade(server)`. Stopped and closed with this transport. */
  readonly upgrade?: UpgradeTaker | undefined
  /** Serves HTTP+SSE, the deprecated transport of 2024-11-05, on paths of its own: `true` for `/sse` and `/messages`. Off when absent. */
  readonly sse?: boolean | SsePaths | undefined
}

/** The names of all options. */
const HTTP_OPTIONS: OptionNames<HttpOptions> = {
  ...ENDPOINT_OPTIONS,
  port: true,
  host: true,
  path: true,
  headersTimeout: true,
  keepAliveTimeout: true,
  maxConnections: true,
  maxHeaderSize: true,
  upgrade: true,
  sse: true,
}

/** Our own limit on bodies answers first; Node's is for what never becomes a request. */
const GRACE_MS = 10_000
const CHECK_MS = 2000
const PROBE_AFTER_MS = 30_000
/** How long `close` lets the last answers leave. */
const FLUSH_MS = 500

/**
 * Serves MCP over HTTP, all revisions on one path. Nothing is bound before `listen`; the same transport can listen for several servers on
 * port 0.
 * @throws TypeError for an option that does not exist, or a host beyond loopback without a word on which names may be used to reach it (THREATS 2)
 */
export function http(options: HttpOptions = {}): Transport {
  checkEndpointOptions(options, HTTP_OPTIONS, 'http()')
  if (typeof options.sse !== 'boolean') checkOptions(options.sse, SSE_PATHS, 'sse of http()')
  const host = options.host ?? '127.0.0.1'
  const allowedHosts = hostsServedBy('http()', host, options)
  const times = timesOf(options)
  return { listen: service => listen(service, { ...options, host, allowedHosts }, times) }
}

type Times = Pick<ServerOptions, 'headersTimeout' | 'requestTimeout' | 'keepAliveTimeout'>

/** Times as Node takes them: whole milliseconds. */
function timesOf({ headersTimeout = '10s', bodyTimeout = '30s', keepAliveTimeout = '5s' }: HttpOptions): Times {
  return {
    headersTimeout: Math.ceil(duration(headersTimeout, 'headersTimeout')),
    requestTimeout: Math.ceil(duration(bodyTimeout, 'bodyTimeout')) + GRACE_MS,
    keepAliveTimeout: Math.ceil(duration(keepAliveTimeout, 'keepAliveTimeout')),
  }
}

async function listen(service: Service, options: HttpOptions & { readonly host: string }, times: Times): Promise<Listener> {
  const path = options.path ?? '/mcp'
  const doors = new Map([[path, nodeDoor(service, options)], ...sseDoors(service, options, path)])
  const { createServer } = await nodeHttp()
  const server = createServer(
    {
      ...times,
      connectionsCheckingInterval: CHECK_MS,
      maxHeaderSize: options.maxHeaderSize ?? 16_384,
      keepAlive: true,
      keepAliveInitialDelay: PROBE_AFTER_MS,
      // A header that comes twice must not be read as one of the two.
      joinDuplicateHeaders: true,
    },
    (req, res) => route(doors, req, res),
  )
  if (options.upgrade !== undefined) server.on('upgrade', options.upgrade)
  server.maxConnections = options.maxConnections ?? 10_000
  await bind(server, options.port ?? 3000, options.host)
  server.on('error', cause => service.report(cause, 'http server'))
  return new HttpListener(server, new Set(doors.values()), path, options.upgrade)
}

function sseDoors(service: Service, { sse, ...options }: HttpOptions, taken: string): readonly (readonly [string, NodeDoor])[] {
  if (sse === undefined || sse === false) return []
  const { path = '/sse', messagesPath = '/messages' } = sse === true ? {} : sse
  if (path === taken || messagesPath === taken) throw new TypeError(`${taken} is the path of Streamable HTTP: HTTP+SSE needs others`)
  const door = nodeDoorTo(new SseEndpoint(service, options, checkedPath(messagesPath)))
  return [checkedPath(path), messagesPath].map(each => [each, door])
}

function route(doors: ReadonlyMap<string, NodeDoor>, req: IncomingMessage, res: ServerResponse): void {
  const url = req.url as string
  const mark = url.indexOf('?')
  const door = doors.get(mark === -1 ? url : url.slice(0, mark))
  if (door === undefined) res.writeHead(404, NOT_FOUND).end()
  else door(req, res)
}

const NOT_FOUND = ['Content-Length', '0', 'X-Content-Type-Options', 'nosniff']

// `import 'node:http'` also loads a Fetch client, which costs more than starting the rest of the server (SPEED).
async function nodeHttp(): Promise<typeof import('node:http')> {
  const name = 'node:http'
  return process.getBuiltinModule?.(name) ?? ((await import(name)) as typeof import('node:http'))
}

class HttpListener implements Listener {
  readonly address: string
  readonly #server: Server
  readonly #doors: ReadonlySet<NodeDoor>
  readonly #upgrade: UpgradeTaker | undefined
  #closed: Promise<void> | undefined

  constructor(server: Server, doors: ReadonlySet<NodeDoor>, path: string, upgrade: UpgradeTaker | undefined) {
    const { address, family, port } = server.address() as AddressInfo
    this.address = `http://${family === 'IPv6' ? `[${address}]` : address}:${port}${path}`
    this.#server = server
    this.#doors = doors
    this.#upgrade = upgrade
  }

  stop(): void {
    for (const door of this.#doors) door.stop()
    this.#upgrade?.stop?.()
    this.#closed ??= new Promise(resolve => this.#server.close(() => resolve()))
  }

  async close(): Promise<void> {
    this.stop()
    for (const door of this.#doors) door.close()
    this.#server.closeIdleConnections()
    // Node no longer counts what was upgraded among its connections, but waits for it.
    await this.#upgrade?.close?.()
    const callOff = systemClock.after(FLUSH_MS, () => this.#server.closeAllConnections())
    await this.#closed
    callOff()
  }
}
