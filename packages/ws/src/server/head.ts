/** What is known of a connection from the request that asks for it. */

import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { Anonymous, type Head, type HeaderView, type Principal } from '@oarlock/protocol'

/**
 * The headers of the upgrade, without the offer of subprotocols: it may hold the token. Names that only the prototype of Node's own object knows
 * give nothing (THREATS T8).
 */
export class UpgradeHeaders implements HeaderView {
  readonly #headers: IncomingHttpHeaders
  readonly #authorization: string | undefined

  /** @param token stands in for a missing `Authorization` */
  constructor(headers: IncomingHttpHeaders, token?: string) {
    this.#headers = headers
    this.#authorization = token === undefined ? undefined : `Bearer ${token}`
  }

  get(name: string): string | undefined {
    const lower = name.toLowerCase()
    if (lower === 'sec-websocket-protocol') return undefined
    if (lower === 'authorization' && this.#authorization !== undefined) return this.#authorization
    const value: unknown = this.#headers[lower]
    if (typeof value === 'string') return value
    return Array.isArray(value) ? value.join(', ') : undefined
  }
}

/** The head that `authenticate` sees. */
export function askingHead(req: IncomingMessage, token: string | undefined): Head {
  return { transport: 'ws', headers: new UpgradeHeaders(req.headers, token), remote: req.socket.remoteAddress }
}

/** The head of the connection, for as long as it lives: a token that came as a subprotocol is not in it. */
export function openedHead(req: IncomingMessage, who: Principal | Anonymous | undefined): Head {
  const head = { transport: 'ws', headers: new UpgradeHeaders(req.headers), remote: req.socket.remoteAddress }
  return Anonymous.is(who) ? { ...head, challenges: who.challenges } : { ...head, principal: who }
}
