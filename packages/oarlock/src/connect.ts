/** `connect(target)`: picks the transport that a target needs and opens a client over it. */

import { CLIENT_OPTIONS, Client, type ClientOptions } from '@oarlock/client'
import { checkOptions, type OptionNames, excerpt, memoryConnector, type Authorizer, type Connector, type Service } from '@oarlock/protocol'
import { validate } from './validate.ts'

/** A server that is started as a child process and spoken to over its stdin and stdout. */
export interface CommandTarget {
  /** As configuration files say it. */
  readonly type?: 'stdio'
  readonly command: string
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** Where the child's stderr goes: to ours (default), nowhere, or line by line to a function. */
  readonly stderr?: 'inherit' | 'ignore' | ((line: string) => void)
}

/** What can be connected to: a URL, a command, a server object of this process, or a connector of your own. */
export type Target = string | URL | CommandTarget | Service | Connector

/** Options of `connect`: those of the client, and headers for HTTP and WebSocket. */
export interface ConnectOptions extends ClientOptions {
  /** Sent with every HTTP request and with the one that opens a WebSocket, such as `Authorization`. */
  readonly headers?: Readonly<Record<string, string>>
  /** Gets, renews and widens credentials over HTTP and WebSocket: what `oauth` of `@oarlock/client/auth` makes. */
  readonly auth?: Authorizer | undefined
}

/** The names of all options. */
export const CONNECT_OPTIONS: OptionNames<ConnectOptions> = { ...CLIENT_OPTIONS, headers: true, auth: true }

/**
 * Connects to a server and finds out which revision it speaks.
 * @throws TypeError for a target that is none of the known kinds, or an option that does not exist; otherwise what the transport or the handshake failed with
 */
export async function connect(target: Target, options: ConnectOptions = {}): Promise<Client> {
  checkOptions(options, CONNECT_OPTIONS, 'connect()')
  const { headers: _, auth: __, ...ofClient } = options
  return Client.open(await connectorFor(target, options), { validate, ...ofClient })
}

/** The connector for a target. Transports are loaded when first needed. @throws TypeError as `connect` */
export async function connectorFor(target: Target, options: ConnectOptions = {}): Promise<Connector> {
  checkOptions(options, CONNECT_OPTIONS, 'connectorFor()')
  if (typeof target === 'string' || target instanceof URL) return urlConnector(urlOf(target), options)
  if (typeof target !== 'object' || target === null) throw new TypeError(`${String(target)} cannot be connected to: ${WANTED}`)
  if (isConnector(target)) return target
  if (isService(target)) return memoryConnector(target)
  if (typeof (target as Partial<CommandTarget>).command === 'string') {
    const { stdioConnector } = await import('@oarlock/stdio/client')
    const { type = 'stdio', ...command } = target
    if (type !== 'stdio') throw new TypeError(`A command is spoken to over 'stdio', not '${excerpt(String(type))}'`)
    return stdioConnector(command)
  }
  throw new TypeError(`This object cannot be connected to: ${WANTED}`)
}

const WANTED = "connect takes a URL ('http://localhost:3000/mcp', 'ws://…'), a command ({ command, args }), a server object, or a connector"

function urlOf(target: string | URL): URL {
  const text = String(target)
  // What cannot be read may hold a password all the same.
  const shown = `'${excerpt(text.replace(/\/\/[^/]*@/, '//***@'))}'`
  if (!URL.canParse(text)) throw new TypeError(`${shown} is no URL; ${WANTED}`)
  const url = new URL(text)
  // `localhost:3000/mcp` is a URL of the scheme `localhost:`.
  if (/^\d+(?:\/|$)/.test(url.pathname)) throw new TypeError(`${shown} is no URL; is it http://${text}?`)
  return url
}

async function urlConnector(url: URL, { headers, auth }: ConnectOptions): Promise<Connector> {
  switch (url.protocol) {
    case 'http:':
    case 'https:': {
      const { httpConnector } = await import('@oarlock/http/client')
      return httpConnector(url, { headers, auth })
    }
    case 'ws:':
    case 'wss:': {
      const { wsConnector } = await import('@oarlock/ws/client')
      return wsConnector(url, { headers, auth })
    }
    default:
      throw new TypeError(`connect knows no transport for ${url.protocol}// URLs: use http, https, ws or wss`)
  }
}

function isConnector(target: object): target is Connector {
  return typeof (target as Partial<Connector>).connect === 'function' && typeof (target as Partial<Connector>).transport === 'string'
}

function isService(target: object): target is Service {
  return typeof (target as Partial<Service>).connect === 'function' && typeof (target as Partial<Service>).exchange === 'function'
}
