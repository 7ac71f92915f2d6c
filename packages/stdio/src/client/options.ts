/** What may be asked of a connection to a server that is started as a child process. */

import type { Duration, OptionNames, MessageLimits } from '@oarlock/protocol'
import { timer } from '../timer.ts'

/** Where the server's standard error goes. Its last lines are kept in any case but `ignore`, for the error when the process ends. */
export type StderrTarget = 'inherit' | 'pipe' | 'ignore' | ((line: string) => void)

/** Only `command` is needed. */
export interface StdioConnectorOptions {
  /** The program: a path, or a name to be looked for in PATH. It is started directly, never through a shell. */
  readonly command: string
  readonly args?: readonly string[]
  /**
   * Variables for the process, beside the few that are passed on anyway (`DEFAULT_ENVIRONMENT`). Secrets of this process do not reach the
   * server unless they are named here; `process.env` passes everything on. Undefined takes a variable away.
   */
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly cwd?: string
  /** `inherit` when absent: copied to the standard error of this process. `pipe` only keeps the last lines; a function gets each line. */
  readonly stderr?: StderrTarget
  /**
   * How long the process is given to end by itself after its input was closed, and again after SIGTERM, before it and the processes
   * it started are killed. `2s` when absent.
   */
  readonly killAfter?: Duration
  /** Longest message read, in bytes. 10 MiB when absent. */
  readonly maxMessageBytes?: number
  /** Characters that may wait for a process that does not read, before the connection is given up. 64 Mi when absent. */
  readonly maxBacklog?: number
  /** Bounds on nesting and batches. */
  readonly limits?: MessageLimits
}

/** Milliseconds for a timer. @throws TypeError */
export function killAfterOf({ killAfter = '2s' }: StdioConnectorOptions): number {
  return timer(killAfter, 'killAfter')
}

/** The names of all options. */
export const STDIO_CONNECTOR_OPTIONS: OptionNames<StdioConnectorOptions> = {
  command: true,
  args: true,
  env: true,
  cwd: true,
  stderr: true,
  killAfter: true,
  maxMessageBytes: true,
  maxBacklog: true,
  limits: true,
}
