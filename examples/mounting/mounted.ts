/** What each example returns: where it listens, and how to stop it. */

import type { AddressInfo, Server } from 'node:net'

/** A server of some framework with MCP mounted at `/mcp`. */
export interface Mounted {
  readonly url: string
  close(): unknown
}

/** The URL of the endpoint on a listening server. */
export function urlOf(server: Pick<Server, 'address'>): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`
}
