/** What a kit can be opened on, and how that is connected to. */

import { memoryConnector, type Connector, type Service } from '@oarlock/protocol'

/** A server that is started as a child process and spoken to over its standard streams. */
export interface CommandTarget {
  readonly command: string
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly cwd?: string
}

/** A server object of this process, a URL (`http`, `https`, `ws`, `wss`), a command, or a connector of your own. */
export type Target = Service | string | URL | CommandTarget | Connector

/** What goes with a connection. */
export interface TargetOptions {
  /** Sent with every HTTP request, and with the upgrade to a WebSocket. */
  readonly headers?: Readonly<Record<string, string>>
}

/** The connector for a target. Transports are loaded when first needed. @throws TypeError for what is no target */
export async function connectorFor(target: Target, { headers }: TargetOptions, stderr: (line: string) => void): Promise<Connector> {
  if (typeof target === 'string' || target instanceof URL) return urlConnector(new URL(target), headers)
  if ('transport' in target && typeof target.connect === 'function') return target
  if ('exchange' in target && typeof target.exchange === 'function') return memoryConnector(target)
  if ('command' in target) {
    const { stdioConnector } = await import('@oarlock/stdio/client')
    return stdioConnector({ ...target, stderr })
  }
  throw new TypeError('A kit is opened on a Server, a URL, { command, args }, or a connector')
}

async function urlConnector(url: URL, headers: TargetOptions['headers']): Promise<Connector> {
  const options = headers === undefined ? {} : { headers }
  switch (url.protocol) {
    case 'http:':
    case 'https:':
      return (await import('@oarlock/http/client')).httpConnector(url, options)
    case 'ws:':
    case 'wss:':
      return (await import('@oarlock/ws/client')).wsConnector(url, options)
    default:
      throw new TypeError(`A kit knows no transport for ${url.protocol}// URLs`)
  }
}
