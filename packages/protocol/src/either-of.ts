/** Several ways to say who one is: by token or by key, whichever a request shows. */

import { Anonymous, refusedAnonymous, unauthenticated } from './anonymous.ts'
import type { Authenticate, AuthVerdict } from './authenticate.ts'
import { Fault } from './fault.ts'

/**
 * Authenticates by whichever of several authenticators knows the credentials that a request shows.
 *
 *     authenticate: eitherOf(bearer(verify), apiKeys(store))
 *
 * They are asked in order, up to the first that finds credentials of its own: its principal is the caller, its refusal refuses, and those behind it are
 * not asked. A request that shows none is anonymous if all of them let it pass (`optional`), and refused with the challenges of all if
 * one does not. Of an authenticator of your own the word for `nothing of mine` is `new Anonymous([challenge])`; a `Fault` always refuses.
 * @throws TypeError without authenticators
 */
export function eitherOf(...authenticators: readonly Authenticate[]): Authenticate {
  if (authenticators.length === 0 || !authenticators.every(each => typeof each === 'function'))
    throw new TypeError('eitherOf() needs authenticators: eitherOf(bearer(verify), apiKeys(store))')
  return async head => {
    const absent: Anonymous[] = []
    let optional = true
    for (const authenticate of authenticators) {
      const verdict = await authenticate(head)
      const nobody = nobodyIn(verdict)
      if (nobody === undefined) return verdict
      if (Fault.is(verdict)) optional = false
      absent.push(nobody)
    }
    const nobody = new Anonymous(absent.flatMap(({ challenges }) => challenges))
    return optional ? nobody : unauthenticated(nobody)
  }
}

function nobodyIn(verdict: AuthVerdict): Anonymous | undefined {
  if (Fault.is(verdict)) return refusedAnonymous(verdict)
  return Anonymous.is(verdict) ? verdict : undefined
}
