/** Connects a client to a server over WebSocket, in every revision. */

import type { Connector, Receiver } from '@oarlock/protocol'
import { withCredentials } from './credentials.ts'
import { openLink } from './open.ts'
import { clientSettings, type WsConnectorOptions } from './options.ts'

/**
 * A connector for the WebSocket profile: over the platform's own WebSocket in browsers, over the `ws` package on Node. Each `connect` opens one
 * connection.
 * @throws TypeError for a URL that is not ws or wss, or that carries credentials
 */
export function wsConnector(url: string | URL, options: WsConnectorOptions = {}): Connector {
  const address = new URL(url)
  if (address.protocol !== 'ws:' && address.protocol !== 'wss:')
    throw new TypeError(`An MCP server over WebSocket has a ws or wss URL, not ${address.protocol}`)
  if (address.username !== '' || address.password !== '') throw new TypeError('Credentials belong in headers or token, not in the URL')
  address.hash = ''
  const target = `${address.protocol}//${address.host}${address.pathname}`
  const settings = clientSettings(address.href, target, options)
  return {
    transport: 'ws',
    target,
    async connect(receiver: Receiver, signal?: AbortSignal) {
      signal?.throwIfAborted()
      return withCredentials(settings, signal, credentials => openLink(settings, receiver, credentials, signal))
    },
  }
}
