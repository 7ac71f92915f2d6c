/** `initialize`: who the client is, and which revision the two will speak (DIGEST 2.3). */

import { Fault, isInfo, isObject, isRevision, type JsonObject, type Peer, type Revision } from '@oarlock/protocol'
import type { Kernel } from '../kernel.ts'

/** The client in its own words, in the revision it asks for or else the newest of `spoken`. @throws Fault for what is no introduction */
export function introduction({ protocolVersion, capabilities, clientInfo }: JsonObject, spoken: readonly Revision[]): Peer {
  if (typeof protocolVersion !== 'string') throw new Fault('INVALID_PARAMS', 'initialize needs protocolVersion as a string')
  if (!isObject(capabilities)) throw new Fault('INVALID_PARAMS', 'initialize needs capabilities, an object')
  if (!isInfo(clientInfo)) throw new Fault('INVALID_PARAMS', 'initialize needs clientInfo with name and version')
  const revision = isRevision(protocolVersion) && spoken.includes(protocolVersion) ? protocolVersion : (spoken.at(-1) as Revision)
  return { revision, info: clientInfo, capabilities }
}

/** What the server says of itself. */
export function introductionOf(kernel: Kernel, { revision }: Peer): object {
  const { info, instructions } = kernel.options
  return {
    protocolVersion: revision,
    capabilities: kernel.capabilities,
    serverInfo: info,
    ...(instructions === undefined ? {} : { instructions }),
  }
}
