/** Who is on the other side: what it said of itself (`Peer`) and what was proven of it (`Principal`). */

import type { ClientCapabilities } from './model/capability.ts'
import type { Implementation } from './model/implementation.ts'
import type { Revision } from './revision.ts'

/**
 * The client of a request, in its own words: from the request's envelope or from the session's handshake. Display and capability checks
 * only; never evidence of identity (DIGEST S-VER-23).
 */
export interface Peer {
  readonly revision: Revision
  readonly info: Implementation | undefined
  readonly capabilities: ClientCapabilities
}

/** Who a request acts for, as `authenticate` established it. */
export interface Principal {
  /** Stable subject: the token's `sub`, the API key's name. Sessions, state and quotas are bound to it, to `clientId` and to the issuer. */
  readonly id: string
  /** The OAuth client that acts for the subject, where there is one. */
  readonly clientId?: string
  readonly scopes?: readonly string[]
  readonly roles?: readonly string[]
  /**
   * Verified claims, for handlers and guards. Never the token itself (THREATS T14). `iss` among them is the issuer: one `id` of two issuers is two
   * subjects (RFC 7519 section 4.1.2), so give it where tokens of several are taken.
   */
  readonly claims?: Readonly<Record<string, unknown>>
  /** Unix time in milliseconds after which streams opened under this principal end. */
  readonly expiresAt?: number
}

/**
 * A key that is equal for two requests exactly when they act for the same subject of the same issuer, where one is known, through the same client.
 * Anonymous is `''`.
 */
export function principalKey(principal: Principal | undefined): string {
  if (principal === undefined) return ''
  const { id, clientId = null, claims } = principal
  const issuer = claims?.['iss']
  return JSON.stringify(typeof issuer === 'string' ? [id, clientId, issuer] : [id, clientId])
}
