/** The contract of a leg: a way to serve requests of the revisions before 2026-07-28. */

import type { BatchMessage, Message } from '@oarlock/protocol'
import type { HttpHead } from '../head.ts'
import type { Turn } from '../turn.ts'

/** Serves what `classify` calls `session`. Every method answers the turn. */
export interface LegacyLeg {
  /** The HTTP methods of the endpoint, for `Allow`. */
  readonly methods: string
  post(turn: Turn, head: HttpHead, message: Message | BatchMessage): void
  get(turn: Turn, head: HttpHead): void
  delete(turn: Turn, head: HttpHead): void
  close(): void
}
