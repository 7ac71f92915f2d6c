/** The ways to a server: how a client is told where it is, over each transport. */

/** How one client reaches a server. */
export interface Way {
  readonly transport: 'stdio' | 'http' | 'ws'
  /** To be started by the client, over stdio. */
  readonly command: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** To be connected to, over HTTP and WebSocket. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

/** Who comes along. */
export type Headers = Way['headers']

/** The oldest revision, and the newest. */
export type Spoken = '2024-11-05' | '2026-07-28'
