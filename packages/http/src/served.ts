/** What a door opens to. */

import type { Service } from '@oarlock/protocol'

/** A service, or an object that has one, such as a `Server`. */
export type Served = Service | { readonly service: Service }

/** The service of either. */
export function serviceOf(served: Served): Service {
  return 'service' in served ? served.service : served
}
