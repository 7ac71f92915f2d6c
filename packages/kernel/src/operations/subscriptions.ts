/** Which resources a caller may subscribe to: exactly those it may read (THREATS 17). */

import type { Peer, Principal } from '@oarlock/protocol'
import { requireScopes } from '../authorize.ts'
import type { Snapshot } from '../catalog/snapshot.ts'
import { findResource } from './resources.ts'

/** Who asks. */
export interface Reader {
  readonly peer: Peer
  readonly principal: Principal | undefined
}

/** Those of `uris` that exist for the caller and that its scopes let it read. */
export function readableUris(uris: readonly string[], reader: Reader, snapshot: Snapshot): readonly string[] {
  return uris.filter(uri => isReadable(uri, reader, snapshot))
}

/** Whether the caller could read this URI, as far as that can be told without reading it. */
export function isReadable(uri: string, reader: Reader, snapshot: Snapshot): boolean {
  const found = findResource(uri, reader, snapshot)
  if (found === undefined) return false
  try {
    requireScopes(found.entry.component, reader.principal)
    return true
  } catch {
    return false
  }
}
