/** What can be expected of any other request. */

import type { JsonObject } from '@oarlock/protocol'
import { holds, shown } from '../kit/difference.ts'
import { Expectation } from '../kit/expectation.ts'

/** A request by its method: of an extension, or one that has no words of its own here. */
export class ResultExpectation extends Expectation<JsonObject> {
  /** The result has at least these members; patterns match texts. */
  result(part: object): this {
    return this.onResult(`has a result like ${shown(part)}`, this.result, result =>
      holds(part, result) ? undefined : { was: 'it has another', expected: part, actual: result },
    )
  }
}
