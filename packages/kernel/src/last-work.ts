/** How the work under way ends when a server closes: finished if there is time, told to stop if there is not. */

import { Fault, type Clock } from '@oarlock/protocol'
import type { Desk } from './edge/desk.ts'

/** How long work that was told to stop may take to answer. */
const LAST_WORDS_MS = 250

/** Waits for work to finish; tells it to stop when time is up, and gives it a moment to say so. */
export async function lastWork(desk: Desk, clock: Clock, withinMs: number): Promise<void> {
  if (await isIdle(desk, clock, withinMs)) return
  desk.expire(new Fault('SHUTTING_DOWN'))
  await isIdle(desk, clock, LAST_WORDS_MS)
}

/** Whether all work finished in time. */
function isIdle(desk: Desk, clock: Clock, ms: number): Promise<boolean> {
  return new Promise(resolve => {
    const stop = clock.after(ms, () => resolve(false))
    void desk.idle().then(() => {
      stop()
      resolve(true)
    })
  })
}
