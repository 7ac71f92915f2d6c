/** Short ids that tie a log line, an event and a masked error together. */

import { isBuildingSnapshot } from '@oarlock/protocol'

// Made with the first id: touching `crypto` costs Node 3 ms, which whoever only starts a server should not pay.
let mark: string | undefined
let last = 0

/** A new id: random per process, counted within it. Not a secret and not guess-proof. */
export function correlationId(): string {
  const own = mark ?? Array.from(crypto.getRandomValues(new Uint8Array(4)), byte => byte.toString(16).padStart(2, '0')).join('')
  // Processes that start from a snapshot have one each.
  if (mark === undefined && !isBuildingSnapshot()) mark = own
  last += 1
  return `${own}-${last.toString(36)}`
}
