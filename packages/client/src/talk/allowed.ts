/** Whether a method may be sent at all: known to the revision, and offered by the server where that is asked for. */

import { declares, method, type Revision, revisionsOf, Unsupported } from '@oarlock/protocol'
import type { ServerDescription } from '../server.ts'

/**
 * Refuses what must not be sent: a method of other revisions (C-MSG-11), and in strict mode one whose capability the server did not
 * advertise (C-VER-15). Methods that no revision knows belong to extensions and pass.
 * @throws Unsupported
 */
export function assertAllowed(name: string, revision: Revision, strict: boolean, server: ServerDescription | undefined): void {
  const known = method(name, revision)
  if (known === undefined || known.from === 'server') {
    const revisions = revisionsOf(name)
    if (known === undefined && revisions.length === 0) return
    throw new Unsupported(`A client of revision ${revision} does not send ${name}`)
  }
  const { gate } = known
  if (!strict || server === undefined || gate === undefined || gate.side === 'client') return
  if (!declares(server.capabilities, gate.capability))
    throw new Unsupported(`The server does not offer ${name}: it did not declare ${gate.capability}`)
}
