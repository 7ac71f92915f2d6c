/** The layers every component has, whatever its kind: scopes, arguments, guards, its own middleware, timeout, then the work. */

import { Fault, type Clock } from '@oarlock/protocol'
import { allow, hasAllow, requireScopes } from './authorize.ts'
import { isThenable, type MaybePromise } from './call.ts'
import type { CallContext } from './call-context.ts'
import type { Component } from './catalog/component.ts'
import { compose, type CallInfo, type Core, type Middleware } from './chain.ts'
import type { Checked } from './schema/schema.ts'

/** How one kind of component checks arguments, works, and words a refusal. */
export interface Kind {
  /** Checks arguments; absent when there is nothing to check. */
  readonly check?: ((args: unknown) => MaybePromise<Checked>) | undefined
  /** The result when arguments do not pass, or a Fault thrown. */
  refuse(checked: Checked & { ok: false }): object
  /** Runs the handler with checked arguments and makes the method's result of what it returns. */
  work(info: CallInfo, ctx: CallContext): MaybePromise<object>
  /** The result when time is up. */
  expired(ms: number): object
}

/** The information middleware sees; its arguments become the checked ones on the way in. */
export interface MutableCallInfo extends CallInfo {
  args: unknown
}

/**
 * Composes the layers of a component: server middleware, scopes, arguments, `allow` guards, class and member middleware, timeout, work. Done
 * once; a component without layers costs two function calls.
 */
export function layered(component: Component, kind: Kind, server: readonly Middleware[], clock: Clock): Core {
  const timed = component.timeoutMs === undefined ? kind.work : withTimeout(component.timeoutMs, kind, clock)
  const inner = compose(component.use, timed as Core)
  const guarded: Core = hasAllow(component) ? async (info, ctx) => (await allow(component, info.args, ctx), inner(info, ctx)) : inner
  const checked: Core = kind.check === undefined ? guarded : checking(kind, kind.check, guarded)
  const scoped: Core = component.guards.some(guard => guard.requires !== undefined)
    ? (info, ctx) => (requireScopes(component, ctx.principal), checked(info, ctx))
    : checked
  return compose(server, scoped)
}

function checking(kind: Kind, check: (args: unknown) => MaybePromise<Checked>, next: Core): Core {
  const go = (checked: Checked, info: CallInfo, ctx: Parameters<Core>[1]): object | Promise<object> => {
    if (!checked.ok) return kind.refuse(checked)
    ;(info as MutableCallInfo).args = checked.value
    return next(info, ctx)
  }
  return (info, ctx) => {
    const checked = check(info.args)
    return isThenable(checked) ? checked.then(settled => go(settled, info, ctx)) : go(checked, info, ctx)
  }
}

/** Cancels the call when time is up and answers at once: a handler that ignores its signal must not hold the client. */
function withTimeout(ms: number, kind: Kind, clock: Clock): (info: CallInfo, ctx: CallContext) => MaybePromise<object> {
  return (info, ctx) => {
    const work = kind.work(info, ctx)
    if (!isThenable(work)) return work
    return new Promise((resolve, reject) => {
      const stop = clock.after(ms, () => {
        try {
          resolve(kind.expired(ms))
        } catch (fault) {
          reject(fault)
        }
        ctx.call.cancellation.expire(new Fault('INTERNAL_ERROR', `Timed out after ${ms} ms`))
      })
      work.then(
        result => (stop(), resolve(result)),
        (error: unknown) => (stop(), reject(error)),
      )
    })
  }
}
