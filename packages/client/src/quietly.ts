/** Calls what a user gave us where its failure must cost nobody anything. */

import { isObject } from '@oarlock/protocol'

/** Does `work`. What it throws, or rejects with later, whatever its type says, goes to `failed`. */
export function quietly(work: () => unknown, failed: (cause: unknown) => void): void {
  try {
    const done = work()
    if (isObject(done) && typeof done['then'] === 'function') Promise.resolve(done).catch(failed)
  } catch (cause) {
    failed(cause)
  }
}
