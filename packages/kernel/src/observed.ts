/** `call.finished`: tells whoever listens what became of a call. Nothing of it is on the way of a call that nobody observes. */

import type { Fault } from '@oarlock/protocol'
import type { Call, Outcome } from './call.ts'
import type { CallContext } from './call-context.ts'
import type { CallEnd, Events } from './events.ts'

/** Runs a call and tells of its end. `work` throws Faults only. */
export async function observed(ctx: CallContext, events: Events, work: () => Promise<Outcome>): Promise<Outcome> {
  const start = performance.now()
  let end: CallEnd = 'fault'
  let fault: Fault | undefined
  try {
    const outcome = await work()
    end = endOf(outcome)
    return outcome
  } catch (error) {
    fault = error as Fault
    throw error
  } finally {
    const { method, peer, principal, head, cancellation } = ctx.call
    events.emit('call.finished', {
      correlationId: ctx.correlationId,
      method,
      name: nameOf(ctx.call),
      peer,
      principal,
      head,
      ms: performance.now() - start,
      ...(cancellation.cancelled ? { end: 'cancelled', reason: cancellation.reason } : { end }),
      ...(fault === undefined ? {} : { fault: fault.fault }),
    })
  }
}

function endOf(outcome: Outcome): CallEnd {
  if (outcome.kind === 'asking') return 'asking'
  return outcome.kind === 'complete' && (outcome.result as { readonly isError?: unknown }).isError === true ? 'tool-error' : 'complete'
}

function nameOf({ params: { name, uri } }: Call): string | undefined {
  return typeof name === 'string' ? name : typeof uri === 'string' ? uri : undefined
}
