/** What reads the lines of one format. */

import type { LogEntry } from '../entry.ts'

/** Reads lines. Must take time linear in the line. */
export interface LogFormat {
  readonly name: string
  /** Whether a line that does not begin an entry belongs to the one before it, as the lines of a stack trace do. An entry of its own otherwise. */
  readonly joins?: boolean
  /** The entry a line begins; undefined for a line that is not of this format. */
  parse(line: string): LogEntry | undefined
}
