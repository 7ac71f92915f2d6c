/** Establishing who a request acts for: the contract of `authenticate`. */

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
