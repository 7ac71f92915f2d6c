/** Waits for the end of something that somebody else has in hand. */

import type { Clock } from '@oarlock/protocol'

/** How long anybody may take to come to an end. */
const PATIENCE_MS = 10_000

/** Resolves when `work` settles, whichever way, or has taken too long. Leaves no wake-up behind. */
export function patiently(work: Promise<unknown>, clock: Clock): Promise<void> {
  return new Promise(resolve => {
    const callOff = clock.after(PATIENCE_MS, resolve)
    const done = (): void => {
      callOff()
      resolve()
    }
    work.then(done, done)
  })
}
