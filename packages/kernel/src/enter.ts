/** The innermost loop around a handler: runs it, and runs it again from the top when an answer it asked for has come. */

import { Fault } from '@oarlock/protocol'
import { isThenable, type MaybePromise } from './call.ts'
import type { CallContext } from './call-context.ts'
import { ASKING } from './error.ts'

/** Rounds of questions one call may take (DIGEST S-MRTR-20). */
export const MAX_ROUNDS = 16

/** Runs a handler to its value. `run` is called once per round; what it yields is progress. */
export function enter(run: () => unknown, ctx: CallContext): MaybePromise<unknown> {
  ctx.begin()
  let value: unknown
  try {
    value = run()
  } catch (error) {
    if (ctx.asks !== undefined) return askThenEnter(run, ctx)
    throw error
  }
  if (isThenable(value) || isAsyncIterator(value)) return settle(value, run, ctx)
  return ctx.asks === undefined ? value : askThenEnter(run, ctx)
}

async function settle(pending: PromiseLike<unknown> | AsyncIterator<unknown>, run: () => unknown, ctx: CallContext): Promise<unknown> {
  try {
    const settled = isThenable(pending) ? await pending : pending
    const value = isAsyncIterator(settled) ? await drain(settled, ctx) : settled
    if (ctx.asks === undefined) return value
  } catch (error) {
    if (ctx.asks === undefined) throw error
  }
  return askThenEnter(run, ctx)
}

/** Once a run has asked, whatever it returned or threw is void: the questions are what counts. */
async function askThenEnter(run: () => unknown, ctx: CallContext): Promise<unknown> {
  const { call } = ctx
  const { journal } = call
  journal.rounds += 1
  if (journal.rounds > MAX_ROUNDS) throw new Fault('INTERNAL_ERROR', `The call asked for answers more than ${MAX_ROUNDS} times`)
  if (call.answer === undefined) throw ASKING
  const answers = await call.answer(ctx.asks as NonNullable<typeof ctx.asks>)
  for (const [key, value] of answers) journal.answers.set(key, value)
  return enter(run, ctx)
}

function isAsyncIterator(value: unknown): value is AsyncGenerator<unknown> {
  return (
    typeof value === 'object' && value !== null && Symbol.asyncIterator in value && typeof (value as { next?: unknown }).next === 'function'
  )
}

/** A yielded number, text, or `{ progress, total, message }` is progress; the returned value is the result. */
async function drain(generator: AsyncGenerator<unknown>, ctx: CallContext): Promise<unknown> {
  let count = 0
  for (;;) {
    const step = await generator.next()
    if (step.done === true) return step.value
    if (ctx.call.cancellation.cancelled) {
      // Lets the generator's finally blocks run; nobody waits for its value any more.
      await generator.return(undefined)
      return undefined
    }
    count += 1
    await report(step.value, count, ctx)
  }
}

function report(step: unknown, count: number, ctx: CallContext): void | PromiseLike<void> {
  if (typeof step === 'number') return ctx.progress(step)
  if (typeof step === 'string') return ctx.progress(count, undefined, step)
  const { progress = count, total, message } = (step ?? {}) as { progress?: number; total?: number; message?: string }
  return ctx.progress(progress, total, message)
}
