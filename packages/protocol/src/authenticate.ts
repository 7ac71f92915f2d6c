/** Establishing who a request acts for: the contract of `authenticate`, and the challenge that a refusal owes. */

import type { Fault } from './fault.ts'
import type { Head } from './head.ts'
import type { Principal } from './peer.ts'

/**
 * Says who a request acts for, from its head alone: called before the body is read, for every request (S-AUTH-10, S-AUTH-15). A `Fault`
 * refuses it; `challenge` makes the header that a 401 needs. What it throws is logged and answered as an internal error.
 */
export type Authenticate = (head: Head) => Principal | Fault | PromiseLike<Principal | Fault>

/** Parameters of a challenge; those that are absent are left out. */
export type ChallengeParams = Readonly<Record<string, string | undefined>>

/**
 * The value of a `WWW-Authenticate` header. Whatever the parameters hold, each stays inside its quotes and on its line (RFC 9110, section
 * 11.2; THREATS T27).
 */
export function challenge(scheme: string, params: ChallengeParams = {}): string {
  const list = Object.entries(params).flatMap(([name, value]) => (value === undefined ? [] : [`${name}="${quotable(value)}"`]))
  return list.length === 0 ? scheme : `${scheme} ${list.join(', ')}`
}

function quotable(value: string): string {
  return value.replace(/[^\x20-\x7e]/g, ' ').replace(/["\\]/g, '\\$&')
}
