/** `call.finished`: tells whoever listens what became of a call. Nothing of it is on the way of a call that nobody observes. */

import { isThenable, type Fault, type MaybePromise } from '@oarlock/protocol'
import type { Call, Outcome } from './call.ts'
import type { CallContext } from './call-context.ts'
import type { CallEnd, CallFinished, Events } from './events.ts'

/** Runs a call and tells of its end. `work` throws Faults only. A call that waits for nothing does not wait to be observed either. */
export function observed(ctx: CallContext, events: Events, work: () => MaybePromise<Outcome>): MaybePromise<Outcome> {
  const start = performance.now()
  const done = (outcome: Outcome): Outcome => {
    events.emit('call.finished', finished(ctx, start, endOf(outcome)))
    return outcome
  }
  const failed = (error: unknown): never => {
    events.emit('call.finished', { ...finished(ctx, start, 'fault'), fault: (error as Fault).fault })
    throw error
  }
  let outcome: MaybePromise<Outcome>
  try {
    outcome = work()
  } catch (error) {
    return failed(error)
  }
  return isThenable(outcome) ? outcome.then(done, failed) : done(outcome)
}

function finished({ call, correlationId }: CallContext, start: number, end: CallEnd): CallFinished {
  const { method, peer, principal, head, cancellation } = call
  const event = { correlationId, method, name: nameOf(call), peer, principal, head, end, ms: performance.now() - start }
  return cancellation.cancelled ? { ...event, end: 'cancelled', reason: cancellation.reason } : event
}

function endOf(outcome: Outcome): CallEnd {
  if (outcome.kind === 'asking') return 'asking'
  return outcome.kind === 'complete' && (outcome.result as { readonly isError?: unknown }).isError === true ? 'tool-error' : 'complete'
}

function nameOf({ params: { name, uri } }: Call): string | undefined {
  return typeof name === 'string' ? name : typeof uri === 'string' ? uri : undefined
}
