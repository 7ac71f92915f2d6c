/** What is known of a request or connection before its first message is read. */

import type { Challenge } from './challenge.ts'
import type { Principal } from './peer.ts'

/** Headers by name, whatever the case of the name. Several fields of one name arrive joined by `, `. */
export interface HeaderView {
  get(name: string): string | undefined
}

/** What a transport knows of a connection or an exchange. Made by the transport; read by handlers as `ctx.headers` and `ctx.principal`. */
export interface Head {
  /** `http`, `stdio`, `ws`, `memory`, or the custom transport's name. */
  readonly transport: string
  readonly headers?: HeaderView
  readonly principal?: Principal | undefined
  /** How the caller could say who it is: there where `authenticate` let it pass as `Anonymous`. */
  readonly challenges?: readonly Challenge[] | undefined
  /** Address of the peer, for limits and audit. */
  readonly remote?: string | undefined
  /** Id of the session this connection carries, where the transport gives it one. */
  readonly session?: string
}

/** A head for transports that know nothing: stdio, in-memory. */
export function bareHead(transport: string): Head {
  return { transport }
}
