/** The verdict on a request that shows no credentials: served as nobody's where that is allowed, refused with a challenge where it is not. */

import { challengeOf, type Challenge } from './challenge.ts'
import { Fault } from './fault.ts'

const BRAND = Symbol.for('oarlock.anonymous')

/**
 * What an authenticator answers when a request shows none of the credentials it knows, and may pass all the same. It is for what is not there: credentials that
 * are there and not good are refused.
 */
export class Anonymous {
  /** How the caller could say who it is, the best first: what a guard that wants to know answers with. */
  readonly challenges: readonly Challenge[]

  /** @throws TypeError without a challenge: a caller that is asked who it is must be told how to say so (RFC 9110, section 15.5.2) */
  constructor(challenges: readonly Challenge[] = [{ scheme: 'Bearer' }]) {
    if (challenges.length === 0) throw new TypeError('Anonymous needs at least one challenge')
    this.challenges = challenges
  }

  /** True for those of any copy of this package in the process. */
  static is(value: unknown): value is Anonymous {
    return typeof value === 'object' && value !== null && BRAND in value
  }
}
Object.defineProperty(Anonymous.prototype, BRAND, { value: true })

/** Whom a refusal for want of credentials was about, for those who would ask for others. Never sent. */
const REFUSED = Symbol.for('oarlock.anonymous.refused')

/** The refusal of a request without credentials where some are needed. Nothing is wrong with what it sent, so no challenge names an error (RFC 6750, section 3.1). */
export function unauthenticated(nobody: Anonymous): Fault {
  const fault = new Fault('UNAUTHENTICATED', undefined, { headers: { 'WWW-Authenticate': challengeOf(nobody.challenges) } })
  return Object.defineProperty(fault, REFUSED, { value: nobody })
}

/** Whom `unauthenticated` refused; undefined for all other faults. */
export function refusedAnonymous(fault: Fault): Anonymous | undefined {
  return (fault as { readonly [REFUSED]?: Anonymous })[REFUSED]
}
