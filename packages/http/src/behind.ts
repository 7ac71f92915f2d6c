/** What stands behind a door. */

import type { Sweep } from '@oarlock/protocol'
import type { Settings } from './options.ts'
import type { Turn } from './turn.ts'

/** Answers turns, whatever door they come through. */
export interface Behind {
  readonly settings: Settings
  readonly sweep: Sweep
  readonly stopped: boolean
  handle(turn: Turn): void
  /** Accept no new requests; what is under way goes on. */
  stop(): void
  /** Ends everything. */
  close(): void
}
