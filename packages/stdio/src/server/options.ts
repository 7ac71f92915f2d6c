/** What may be asked of a server on standard input and output. */

import type { Readable, Writable } from 'node:stream'
import type { Duration, OptionNames, MessageLimits, Principal } from '@oarlock/protocol'
import { timer } from '../timer.ts'

/** All optional; the defaults serve a process that a client started. */
export interface StdioOptions {
  /** Where messages come from. `process.stdin` when absent. */
  readonly input?: Readable
  /** Where messages go to. `process.stdout` when absent; then what other code prints there is diverted to standard error while serving. */
  readonly output?: Writable
  /**
   * Whom requests act for: whoever started the process has proven nothing to it, so this is the host's word. Guards and access rules see it.
   * Nobody when absent.
   */
  readonly principal?: Principal
  /** Longest message read, in bytes. 10 MiB when absent. A longer one is answered with an error, and reading goes on. */
  readonly maxMessageBytes?: number
  /** Bounds on nesting and batches. */
  readonly limits?: MessageLimits
  /** Characters that may wait for a client that does not read, before the connection is given up. 64 Mi when absent. */
  readonly maxBacklog?: number
  /** How long requests under way may take after the end of input or a signal. `10s` when absent. */
  readonly finishTimeout?: Duration
  /**
   * What SIGTERM and SIGINT do. By default they do nothing where `input` is given; else they end this connection like the end of input does, and then the process with code 0 (unless other
   * listeners are there to do that). A function runs instead of the former, such as `() => server.close()` where the server listens elsewhere
   * too. With false they are left alone.
   */
  readonly signals?: boolean | ((signal: NodeJS.Signals) => unknown)
}

/** Milliseconds for a timer. @throws TypeError */
export function finishTimeoutOf({ finishTimeout = '10s' }: StdioOptions): number {
  return timer(finishTimeout, 'finishTimeout')
}

/** The names of all options. */
export const STDIO_OPTIONS: OptionNames<StdioOptions> = {
  input: true,
  output: true,
  principal: true,
  maxMessageBytes: true,
  limits: true,
  maxBacklog: true,
  finishTimeout: true,
  signals: true,
}
