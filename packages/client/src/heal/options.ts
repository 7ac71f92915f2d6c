/** How hard a client tries when its connection breaks, and for how long. */

import { checkOptions, type OptionNames } from '@oarlock/protocol'

/** Times are in milliseconds. */
export interface HealOptions {
  /** Attempts in a row, of opening the connection or of repeating a request, before it is given up. 8 when absent. */
  readonly attempts?: number | undefined
  /** The first wait is at most this long; each further one twice as long. A random half of it is left out. 250 when absent. */
  readonly firstMs?: number | undefined
  /** No wait is longer. 10,000 when absent. */
  readonly longestMs?: number | undefined
  /** Times that a server's process is started anew `withinMs`. 5 in 60,000 when absent. */
  readonly restarts?: number | undefined
  readonly withinMs?: number | undefined
  /**
   * Pings after this long, again and again; a server that does not answer is taken for gone, and the connection for broken. Off when absent:
   * then a connection that is dead without saying so is noticed by requests that time out (C-LEG-14).
   */
  readonly keepAliveMs?: number | undefined
  /** How long a ping waits. 10,000 when absent. */
  readonly pingTimeoutMs?: number | undefined
}

/** The names of all options. */
const HEAL_OPTIONS: OptionNames<HealOptions> = {
  attempts: true,
  firstMs: true,
  longestMs: true,
  restarts: true,
  withinMs: true,
  keepAliveMs: true,
  pingTimeoutMs: true,
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
    firstMs: options.firstMs ?? 250,
    longestMs: options.longestMs ?? 10_000,
    restarts: options.restarts ?? 5,
    withinMs: options.withinMs ?? 60_000,
    keepAliveMs: options.keepAliveMs,
    pingTimeoutMs: options.pingTimeoutMs ?? 10_000,
  }
}
