/** What an HTTP client remembers of a session of the revisions before 2026-07-28: an id and a revision. Stateless requests see none of it. */

import { atLeast, isObject, isRevision, type ReplyMessage, type Revision } from '@oarlock/protocol'

/** A session, once `initialize` was answered. */
export class ClientSession {
  /** Absent where the server keeps no sessions. */
  readonly id: string | undefined
  readonly revision: Revision

  constructor(id: string | undefined, revision: Revision) {
    this.id = id
    this.revision = revision
  }

  /** The session that an answer to `initialize` opened. */
  static from(reply: ReplyMessage, headers: Headers): ClientSession | undefined {
    const revision = isObject(reply.result) ? reply.result['protocolVersion'] : undefined
    if (!isRevision(revision)) return undefined
    const id = headers.get('mcp-session-id')
    // Visible ASCII and nothing else (S-LHT-08): whatever is echoed must not end a header.
    return new ClientSession(id !== null && /^[\x21-\x7e]+$/.test(id) ? id : undefined, revision)
  }

  /** Headers of a request without a message: GET and DELETE. */
  headers(): Record<string, string> {
    return { ...this.idHeader(), ...(atLeast(this.revision, '2025-06-18') ? { 'MCP-Protocol-Version': this.revision } : {}) }
  }

  /** The id alone. A message brings its own version. */
  idHeader(): Record<string, string> {
    return this.id === undefined ? {} : { 'Mcp-Session-Id': this.id }
  }
}
