/** What came of a case, whatever it travelled over: the judge sees nothing else. */
import type { Answer } from './case.ts'

export interface Seen {
  /** What came back of each step that was awaited. */
  readonly steps: readonly StepSeen[]
  /** Everything that was sent, as far as it is text: what comes back of it is no leak. */
  readonly sent: string
  /** Everything that came back. */
  readonly received: string
  /** In milliseconds. */
  readonly took: number
}

/** What came back of one step. */
export interface StepSeen {
  readonly answers: readonly Answer[]
  /** The connection ended. */
  readonly closed: boolean
  /** With this code, over WebSocket. */
  readonly close?: number
  /** A stream was opened and is still there. */
  readonly open?: boolean
  /** The id that the answer must carry, where the message had it made. */
  readonly revision: string
}
