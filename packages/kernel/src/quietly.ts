/** Calls what a user gave us where its failure must cost nobody anything. */

import { isThenable } from '@oarlock/protocol'

/** Does `work` and gives what came of it. What it throws, or rejects with later, whatever its type says, goes to `failed`; then there is nothing. */
export function quietly(work: () => unknown, failed: (cause: unknown) => void): unknown {
  try {
    const done = work()
    if (isThenable(done)) done.then(undefined, failed)
    return done
  } catch (cause) {
    failed(cause)
    return undefined
  }
}
