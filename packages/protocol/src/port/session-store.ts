/** Where sessions of the handshake revisions live when they must outlive a connection or a process. */

import type { JsonObject } from '../json.ts'
import type { ClientCapabilities } from '../model/capability.ts'
import type { Implementation } from '../model/implementation.ts'
import type { LoggingLevel } from '../model/log.ts'
import type { Revision } from '../revision.ts'

/** All that a session remembers. Plain JSON, so that any store can keep it. */
export interface SessionRecord {
  /** 128 random bits or more, visible ASCII. Never evidence of identity. */
  readonly id: string
  /** `principalKey` of whoever opened it. Nobody else may use it. */
  readonly owner: string
  readonly revision: Revision
  readonly info: Implementation | undefined
  readonly capabilities: ClientCapabilities
  readonly initialized: boolean
  readonly logLevel?: LoggingLevel
  /** URIs subscribed by `resources/subscribe`. */
  readonly subscriptions?: readonly string[]
  /** `ctx.session` values of handlers. */
  readonly values?: JsonObject
}

/** Keeps session records. Implementations must be safe for concurrent use; every method may answer at once or later. */
export interface SessionStore {
  /** The record, or undefined when unknown or expired. */
  get(id: string): SessionRecord | undefined | Promise<SessionRecord | undefined>
  /** Writes the record and starts its life of `ttlMs` anew. */
  set(record: SessionRecord, ttlMs: number): void | Promise<void>
  /** Starts the record's life anew without writing it. */
  touch(id: string, ttlMs: number): void | Promise<void>
  delete(id: string): void | Promise<void>
}
