/** Rate limits as middleware: a hook decides, and one ready hook counts tokens per caller. */

import {
  callerOf,
  checkOptions,
  duration,
  Fault,
  isThenable,
  Queue,
  systemClock,
  type Clock,
  type Duration,
  type OptionNames,
  type Queued,
} from '@oarlock/protocol'
import type { CallInfo, Middleware, Next } from './catalog/component.ts'
import type { Context } from './context.ts'

/** Decides whether a call may go on: nothing lets it pass, a wait refuses it. */
export type LimitHook = (call: CallInfo, ctx: Context) => LimitVerdict | Promise<LimitVerdict>
export type LimitVerdict = undefined | { readonly retryAfter: Duration }

/** Middleware that asks a hook before each call. Refusals are RATE_LIMITED, with `Retry-After` over HTTP. */
export function limit(hook: LimitHook): Middleware {
  return (call, next, ctx) => {
    const verdict = hook(call, ctx)
    if (!isThenable(verdict)) return judged(verdict, next)
    return Promise.resolve(verdict).then(settled => judged(settled, next))
  }
}

function judged(verdict: LimitVerdict, next: Next): Promise<object> {
  if (verdict === undefined) return next()
  const retryAfterMs = Math.ceil(duration(verdict.retryAfter, 'retryAfter'))
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1_000))
  throw new Fault('RATE_LIMITED', `Too many requests: try again in ${seconds} s`, {
    data: { retryAfterMs },
    headers: { 'Retry-After': String(seconds) },
  })
}

/** How fast tokens come and how many may be saved. */
export interface BucketOptions {
  /** Calls per second in the long run. */
  readonly perSecond: number
  /** Calls at once. */
  readonly burst: number
  /** Whose bucket; the principal, or the address of the peer where there is none. */
  readonly key?: (call: CallInfo, ctx: Context) => string
  /** Buckets kept; the longest unused make room. 10,000. */
  readonly keys?: number
  readonly clock?: Clock
}

const BUCKET: OptionNames<BucketOptions> = { perSecond: true, burst: true, key: true, keys: true, clock: true }

/** A bucket, in the order of use. */
interface Bucket extends Queued {
  readonly key: string
  tokens: number
  at: number
  older: this | undefined
  newer: this | undefined
}

/** A token bucket for each caller, in this process. */
export function tokenBucket(options: BucketOptions): LimitHook {
  checkOptions(options, BUCKET, 'tokenBucket()')
  const { perSecond, burst, keys = 10_000, clock = systemClock, key: keyOf = (_, ctx) => callerOf(ctx) } = options
  for (const [name, value] of Object.entries({ perSecond, burst, keys })) {
    if (!(value > 0 && Number.isFinite(value))) throw new TypeError(`tokenBucket: ${name} must be a positive number, not ${value}`)
  }
  const buckets = new Map<string, Bucket>()
  const used = new Queue<Bucket>()
  return (call, ctx) => {
    const now = clock.now()
    const bucket = bucketOf(keyOf(call, ctx), now)
    bucket.tokens = Math.min(burst, bucket.tokens + (Math.max(0, now - bucket.at) / 1_000) * perSecond)
    bucket.at = now
    if (bucket.tokens < 1) return { retryAfter: ((1 - bucket.tokens) / perSecond) * 1_000 }
    bucket.tokens -= 1
    return undefined
  }

  // The order of use is that of a list: a Map that is kept in order would be copied again and again (docs/decisions/0021).
  function bucketOf(key: string, now: number): Bucket {
    const known = buckets.get(key)
    if (known !== undefined) {
      used.remove(known)
      used.add(known)
      return known
    }
    const made: Bucket = { key, tokens: burst, at: now, older: undefined, newer: undefined }
    buckets.set(key, made)
    used.add(made)
    const { oldest } = used
    if (buckets.size > keys && oldest !== undefined) {
      buckets.delete(oldest.key)
      used.remove(oldest)
    }
    return made
  }
}
