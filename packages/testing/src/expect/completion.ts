/** What can be expected of a completion. */

import type { CompleteResult } from '@oarlock/protocol'
import { same, shown } from '../kit/difference.ts'
import { Expectation } from '../kit/expectation.ts'

/** Suggestions for an argument. */
export class CompletionExpectation extends Expectation<CompleteResult['completion']> {
  /** Exactly these, in this order. */
  values(...expected: readonly string[]): this {
    return this.onResult(`suggests ${shown(expected)}`, this.values, ({ values }) =>
      same(expected, values) ? undefined : { was: `it suggests ${shown(values)}`, expected, actual: values },
    )
  }
}
