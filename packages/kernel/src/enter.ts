/** The innermost loop around a handler: runs it, and runs it again from the top when an answer it asked for has come. */

import { type Clock, Fault, isThenable, type MaybePromise } from '@oarlock/protocol'
import type { CallContext } from './call-context.ts'
import { copyOf } from './copy.ts'
import { ASKING } from './error.ts'
import { inTime } from './in-time.ts'

/** How long one run of a handler may take. The time in which the client thinks about a question does not count. */
export interface TimeLimit {
  readonly ms: number
  readonly clock: Clock
  /** The error that takes the place of the handler's result. */
  expired(): Error
}

/** A handler with its context. */
type Run = (args: unknown) => unknown

/**
 * Runs a handler to its value. `run` is called once per round; what it yields is progress. Each run gets the arguments as they came: what an earlier
 * one did to them it does not see, just as where every round is a request of its own.
 */
export function enter(run: Run, args: unknown, ctx: CallContext, limit?: TimeLimit): MaybePromise<unknown> {
  const kept = ctx.call.answer !== undefined && ctx.call.askable ? copyOf(args) : args
  ctx.begin()
  let value: unknown
  try {
    value = run(args)
  } catch (error) {
    if (ctx.asks === undefined) {
      ctx.end()
      throw error
    }
  }
  if (ctx.asks !== undefined || isThenable(value) || isAsyncIterator(value)) return settle(value, run, kept, ctx, limit)
  ctx.end()
  return value
}

/** A handler that simply answers later costs one promise here; everything else that may happen has its own way. */
function settle(pending: unknown, run: Run, kept: unknown, ctx: CallContext, limit: TimeLimit | undefined): Promise<unknown> {
  if (limit !== undefined || !isThenable(pending)) return outcome(pending, run, kept, ctx, limit)
  return Promise.resolve(pending).then(
    value => {
      if (ctx.asks !== undefined || isAsyncIterator(value)) return outcome(value, run, kept, ctx, limit)
      ctx.end()
      return value
    },
    (error: unknown) => {
      if (ctx.asks !== undefined) return outcome(Promise.reject(error), run, kept, ctx, limit)
      ctx.end()
      throw error
    },
  )
}

async function outcome(pending: unknown, run: Run, kept: unknown, ctx: CallContext, limit: TimeLimit | undefined): Promise<unknown> {
  let value: unknown
  try {
    value = await (limit === undefined ? wholeRun(pending, ctx) : within(limit, wholeRun(pending, ctx), ctx))
  } catch (error) {
    // Once a run has asked, whatever it returned or threw is void: the questions are what counts.
    if (ctx.asks === undefined) {
      ctx.end()
      throw error
    }
  }
  if (ctx.asks !== undefined) return reenter(run, kept, ctx, limit)
  ctx.end()
  return value
}

/** To a run that asks belongs what it does once: without its result the next run would do it again. */
async function wholeRun(pending: unknown, ctx: CallContext): Promise<unknown> {
  try {
    const value = isThenable(pending) ? await pending : pending
    return isAsyncIterator(value) ? await drain(value, ctx) : value
  } finally {
    if (ctx.asks !== undefined) await ctx.worked()
  }
}

/** Answers at once when time is up: a handler that ignores its signal must not hold the client. */
function within({ ms, clock, expired }: TimeLimit, work: Promise<unknown>, ctx: CallContext): Promise<unknown> {
  return inTime(work, ms, clock, () => {
    ctx.abandon()
    ctx.call.cancellation.expire(new Fault('INTERNAL_ERROR', `Timed out after ${ms} ms`))
    return expired()
  })
}

async function reenter(run: Run, kept: unknown, ctx: CallContext, limit: TimeLimit | undefined): Promise<unknown> {
  if (ctx.call.answer === undefined) throw ASKING
  const asks = ctx.asks as NonNullable<typeof ctx.asks>
  // From here on an error is one: no question takes its place.
  ctx.end()
  await ctx.answerAll(asks)
  return enter(run, kept, ctx, limit)
}

/** Whether a handler returned a generator, whose yields are progress. */
export function isAsyncIterator(value: unknown): value is AsyncGenerator<unknown> {
  return (
    typeof value === 'object' && value !== null && Symbol.asyncIterator in value && typeof (value as { next?: unknown }).next === 'function'
  )
}

/**
 * A yielded number, text, or `{ progress, total, message }` is progress; the returned value is the result. A generator that is left half way is told,
 * so that its `finally` blocks run.
 */
async function drain(generator: AsyncGenerator<unknown>, ctx: CallContext): Promise<unknown> {
  for (let count = 1; ; count += 1) {
    const step = await generator.next()
    if (step.done === true) return step.value
    if (ctx.over) return leave(generator)
    try {
      const behind = report(step.value, count, ctx)
      if (behind !== undefined) await behind
    } catch (error) {
      await leave(generator)
      throw error
    }
  }
}

async function leave(generator: AsyncGenerator<unknown>): Promise<undefined> {
  await generator.return(undefined)
}

function report(step: unknown, count: number, ctx: CallContext): void | PromiseLike<void> {
  if (typeof step === 'number') return ctx.progress(step)
  if (typeof step === 'string') return ctx.progress(count, undefined, step)
  const { progress = count, total, message } = (step ?? {}) as { progress?: number; total?: number; message?: string }
  return ctx.progress(progress, total, message)
}
