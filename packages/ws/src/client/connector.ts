/** Connects a client to a server over WebSocket, in every revision. */

import { checkOptions, MESSAGE_LIMIT_OPTIONS, type Connector, type Link, type Receiver } from '@oarlock/protocol'
import { Account } from './account.ts'
import { withCredentials } from './credentials.ts'
import { openLink } from './open.ts'
import { clientSettings, WS_CONNECTOR_OPTIONS, type WsConnectorOptions } from './options.ts'

/**
 * A connector for the WebSocket profile: over the platform's own WebSocket in browsers, over the `ws` package on Node. Each `connect` opens one
 * connection.
 * @throws TypeError for a URL that is not ws or wss, or that carries credentials
 */
export function wsConnector(url: string | URL, options: WsConnectorOptions = {}): Connector {
  checkOptions(options, WS_CONNECTOR_OPTIONS, 'wsConnector()')
  checkOptions(options.limits, MESSAGE_LIMIT_OPTIONS, 'limits of wsConnector()')
  const address = new URL(url)
  if (address.protocol !== 'ws:' && address.protocol !== 'wss:')
    throw new TypeError(`An MCP server over WebSocket has a ws or wss URL, not ${address.protocol}`)
  if (address.username !== '' || address.password !== '') throw new TypeError('Credentials belong in headers or token, not in the URL')
  address.hash = ''
  const target = `${address.protocol}//${address.host}${address.pathname}`
  const settings = clientSettings(address.href, target, options)
  const account = accountOf(options)
  return {
    transport: 'ws',
    target,
    ...(account && { principal: () => account.principal() }),
    async connect(receiver: Receiver, signal?: AbortSignal) {
      signal?.throwIfAborted()
      const open = (to: Receiver): Promise<Link> => withCredentials(settings, to, signal, shown => openLink(settings, to, shown, signal))
      return account === undefined ? open(receiver) : account.connect(receiver, open)
    },
  }
}

/** Headers and a token that never change speak for one principal. Whom others speak for, only whoever makes them can tell. */
function accountOf({ headers, token, auth, principal }: WsConnectorOptions): Account | undefined {
  if (principal !== undefined) return new Account(principal)
  const mayChange = auth !== undefined || typeof headers === 'function' || typeof token === 'function'
  return mayChange ? new Account(() => undefined) : undefined
}
