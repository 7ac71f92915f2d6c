/** The fault for an HTTP method that an endpoint does not have. */

import { Fault } from '@oarlock/protocol'

/** A 405 that says which methods there are. */
export function methodFault(allow: string): Fault {
  return new Fault('METHOD_NOT_ALLOWED', `This endpoint takes ${allow}`, { headers: { Allow: allow } })
}
