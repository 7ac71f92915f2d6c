/** What a door opens to. */

import type { Listener, Service, Transport } from './service.ts'
import { isBuildingSnapshot } from './snapshot.ts'

/**
 * A service, such as a `Server`, or an object that has one. Where it can listen on transports, a door is one of them: closing the server then
 * closes the door.
 */
export type Served = Service | { readonly service: Service }

/** The service of either. */
export function serviceOf(served: Served): Service {
  return 'service' in served ? served.service : served
}

/**
 * Lets the server know of a door, so that it is stopped and closed with the others.
 * @throws Error while a startup snapshot is built
 */
export function register(served: Served, door: Omit<Listener, 'address'>, address: string): void {
  if (isBuildingSnapshot())
    throw new Error(
      `A snapshot with an open door (${address}) would give its ids to every process that starts from it: open it in the function that v8.startupSnapshot.setDeserializeMainFunction takes`,
    )
  const service = serviceOf(served)
  if (!listens(service)) return
  service
    .listen({ listen: () => ({ address, stop: () => door.stop(), close: () => door.close() }) })
    .catch((cause: unknown) => service.report(cause, address))
}

function listens(service: Service): service is Service & { listen(transport: Transport): Promise<unknown> } {
  return typeof (service as { listen?: unknown }).listen === 'function'
}
