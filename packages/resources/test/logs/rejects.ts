/** What uvu lacks: that a promise rejects, and with which text. */

import * as assert from 'uvu/assert'

/** Fails unless `work` rejects with a message that fits. */
export async function rejects(work: () => Promise<unknown>, message: RegExp, about = ''): Promise<void> {
  const outcome = await work().then(
    () => undefined,
    (error: unknown) => error as Error,
  )
  assert.ok(outcome instanceof Error, `${about} did not reject`)
  assert.match(outcome.message, message, about)
}
