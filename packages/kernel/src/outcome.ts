/** What came of a call: a result, or the questions that stand in its way. */

import type { Outcome } from './call.ts'
import type { CallContext } from './call-context.ts'
import type { Hint } from './hint.ts'

/** A result, unless something was asked and not answered: whatever a layer made of that is void. */
export function outcomeOf(result: object, hint: Hint | undefined, ctx: CallContext): Outcome {
  return ctx.asks === undefined ? { kind: 'complete', result, hint, entry: ctx.entry } : asking(ctx)
}

/** The questions of a run that has asked. @throws Fault when the call has asked often enough */
export function asking(ctx: CallContext): Outcome {
  const asks = ctx.asks as NonNullable<typeof ctx.asks>
  // What is left of the run must not go on as if it were the next one.
  ctx.abandon()
  ctx.call.journal.ask(asks.keys())
  return { kind: 'asking', asks }
}
