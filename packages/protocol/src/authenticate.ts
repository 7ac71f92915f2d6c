/** Establishing who a request acts for: the contract of `authenticate`, and the challenge that a refusal owes. */

import type { Anonymous } from './anonymous.ts'
import type { Fault } from './fault.ts'
import type { Head } from './head.ts'
import type { Principal } from './peer.ts'

/** What comes of it: who the request acts for, nobody in particular, or that it goes no further. */
export type AuthVerdict = Principal | Anonymous | Fault

/**
 * Says who a request acts for, from its head alone: called before the body is read, for every request (S-AUTH-10, S-AUTH-15). A `Fault`
 * refuses it; `challenge` makes the header that a 401 needs. `Anonymous` lets it pass as nobody's: guards that want to know who asks refuse it with
 * the challenges it carries. What it throws is logged and answered as an internal error, and so is every other answer.
 */
export type Authenticate = (head: Head) => AuthVerdict | PromiseLike<AuthVerdict>

/**
 * Refuses what cannot authenticate, such as a promise of what could: at the start, not when somebody asks.
 * @param of what it was given to, for the error: `http()`
 * @throws TypeError
 */
export function checkAuthenticate(given: Authenticate | undefined, of: string): void {
  if (given !== undefined && typeof given !== 'function')
    throw new TypeError(`authenticate of ${of} must be a function, such as bearer(verify)`)
}

/** Parameters of a challenge; those that are absent are left out. */
export type ChallengeParams = Readonly<Record<string, string | undefined>>

/** One way in which a caller may say who it is. */
export interface Challenge {
  /** `Bearer`, `ApiKey`, or another of HTTP's. */
  readonly scheme: string
  readonly params?: ChallengeParams
}

/**
 * The value of a `WWW-Authenticate` header. Whatever the parameters hold, each stays inside its quotes and on its line (RFC 9110, section
 * 11.2; THREATS T27).
 */
export function challenge(scheme: string, params: ChallengeParams = {}): string {
  const list = Object.entries(params).flatMap(([name, value]) => (value === undefined ? [] : [`${name}="${quotable(value)}"`]))
  return list.length === 0 ? scheme : `${scheme} ${list.join(', ')}`
}

/** The same of several, among which the caller chooses. */
export function challengeOf(challenges: readonly Challenge[]): string {
  return challenges.map(({ scheme, params }) => challenge(scheme, params)).join(', ')
}

function quotable(value: string): string {
  return value.replace(/[^\x20-\x7e]/g, ' ').replace(/["\\]/g, '\\$&')
}
