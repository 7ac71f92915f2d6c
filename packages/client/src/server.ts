/** What is known of the server. */

import type { Implementation, ServerCapabilities } from '@oarlock/protocol'

/** The server in its own words, from the handshake or from discovery. Display and capability checks only (C-VER-13). */
export interface ServerDescription {
  readonly info: Implementation | undefined
  readonly capabilities: ServerCapabilities
  /** How to use the server, for the model. */
  readonly instructions: string | undefined
  /** The revisions it named. In a session, the one that was agreed on. */
  readonly versions: readonly string[]
}
