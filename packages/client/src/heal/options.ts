/** How hard a client tries when its connection breaks, and for how long. */

import { checkOptions, type Duration, duration, type OptionNames } from '@oarlock/protocol'

/** How broken connections are healed. */
export interface HealOptions {
  /** Attempts in a row, of opening the connection or of repeating a request, before it is given up. 8 when absent. */
  readonly attempts?: number | undefined
  /** The first wait is at most this long; each further one twice as long. A random half of it is left out. `250ms` when absent. */
  readonly firstWait?: Duration | undefined
  /** No wait is longer. `10s` when absent. */
  readonly longestWait?: Duration | undefined
  /** Times that a server's process is started anew `within` such a time. 5 in `60s` when absent. */
  readonly restarts?: number | undefined
  readonly within?: Duration | undefined
  /**
   * Pings after this long, again and again; a server that does not answer is taken for gone, and the connection for broken. Off when absent:
   * then a connection that is dead without saying so is noticed by requests that time out (C-LEG-14).
   */
  readonly keepAlive?: Duration | undefined
  /** How long a ping waits. `10s` when absent. */
  readonly pingTimeout?: Duration | undefined
}

/** The names of all options. */
const HEAL_OPTIONS: OptionNames<HealOptions> = {
  attempts: true,
  firstWait: true,
  longestWait: true,
  restarts: true,
  within: true,
  keepAlive: true,
  pingTimeout: true,
}

/** Options with nothing left open. */
export interface Heal {
  readonly attempts: number
  readonly firstMs: number
  readonly longestMs: number
  readonly restarts: number
  readonly withinMs: number
  readonly keepAliveMs: number | undefined
  readonly pingTimeoutMs: number
}

/** Fills in what was left out. Undefined when nothing is to be healed. */
export function healOf(options: false | HealOptions = {}): Heal | undefined {
  if (options === false) return undefined
  checkOptions(options, HEAL_OPTIONS, 'heal of a client')
  return {
    attempts: options.attempts ?? 8,
    firstMs: duration(options.firstWait ?? '250ms', 'heal.firstWait'),
    longestMs: duration(options.longestWait ?? '10s', 'heal.longestWait'),
    restarts: options.restarts ?? 5,
    withinMs: duration(options.within ?? '60s', 'heal.within'),
    keepAliveMs: options.keepAlive === undefined ? undefined : duration(options.keepAlive, 'heal.keepAlive'),
    pingTimeoutMs: duration(options.pingTimeout ?? '10s', 'heal.pingTimeout'),
  }
}
