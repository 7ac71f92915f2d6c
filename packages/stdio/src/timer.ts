/** Times of timers, as options give them. */

import { duration, type Duration } from '@oarlock/protocol'

/** The longest that a timer of Node waits. One that is told to wait longer does not wait at all. */
const LONGEST = 2 ** 31 - 1

/** Milliseconds for a timer. @throws TypeError for what is no duration, which names the option */
export function timer(value: Duration, option: string): number {
  return Math.min(duration(value, option), LONGEST)
}
