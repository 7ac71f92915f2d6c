/** Where `oarlock run` listens on the network: HTTP, WebSocket, or both on one port. */

import type { Server } from '@oarlock/kernel'
import { hostsServedBy, type Transport } from '@oarlock/protocol'
import { Failure, MISUSED } from './failure.ts'

/** What the command line says about it. */
export interface Wanted {
  readonly http: string | undefined
  readonly ws: string | undefined
  readonly host: string | undefined
  readonly allowedHosts: string | undefined
}

/** How to serve, once there is a server. */
export type Listening = (server: Server) => Promise<Transport[]>

/** @throws Failure for what is not a port, and for a host that others can reach without a word on its names; before any file is loaded */
export function listening({ http, ws, host, allowedHosts }: Wanted): Listening {
  const httpPort = portOf('--http', http)
  const wsPort = portOf('--ws', ws)
  const names = allowedHosts?.split(',').map(name => name.trim())
  const reach = { host, allowedHosts: httpPort === undefined && wsPort === undefined ? names : reachable(host, names) }
  return async server => {
    const shared = httpPort === wsPort && httpPort !== 0
    const transports: Transport[] = []
    const sockets = wsPort === undefined ? undefined : await import('@oarlock/ws')
    if (httpPort !== undefined) {
      const upgrade = shared ? sockets?.toUpgrade(server, { allowedHosts: reach.allowedHosts }) : undefined
      transports.push((await import('@oarlock/http')).http({ ...reach, port: httpPort, upgrade }))
    }
    if (sockets !== undefined && !shared) transports.push(sockets.ws({ ...reach, port: wsPort }))
    return transports
  }
}

function portOf(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Failure(`${flag} takes a port number, not ${text}`, MISUSED)
  return port
}

function reachable(host = '127.0.0.1', allowedHosts: readonly string[] | undefined): readonly string[] | undefined {
  try {
    return hostsServedBy('oarlock run', host, { allowedHosts })
  } catch (error) {
    throw new Failure(`${(error as Error).message}. On the command line: --allowed-hosts NAMES.`, MISUSED, error)
  }
}
