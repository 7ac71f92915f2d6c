/** The layers every component has, whatever its kind: scopes, arguments, guards, its own middleware, then the work. */

import { isThenable, type Head, type MaybePromise } from '@oarlock/protocol'
import { requireScopes, type Rules } from './authorize.ts'
import type { CallContext } from './call-context.ts'
import type { CallInfo, Component, Middleware } from './catalog/component.ts'
import { compose, type Core } from './chain.ts'
import type { Context } from './context.ts'
import type { Checked } from './schema/schema.ts'

/** How one kind of component checks arguments, works, and words a refusal. */
export interface Kind {
  /** Checks arguments; absent when there is nothing to check. */
  readonly check?: ((args: unknown) => MaybePromise<Checked>) | undefined
  /** The result when arguments do not pass, or a Fault thrown. */
  refuse(checked: Checked & { ok: false }): object
  /** Runs the handler with checked arguments and makes the method's result of what it returns. */
  work(info: CallInfo, ctx: CallContext): MaybePromise<object>
}

/** The information middleware sees; its arguments become the checked ones on the way in. */
export interface MutableCallInfo extends CallInfo {
  args: unknown
}

/**
 * Composes the layers of a component: server middleware, scopes, arguments, `allow` guards, class and member middleware, work. Done once; a
 * component without layers costs two function calls.
 */
export function layered(component: Component, rules: Rules, kind: Kind, server: readonly Middleware[]): Core {
  const inner = compose(component.use, kind.work as Core)
  const { allow, scopes } = rules
  const guarded: Core =
    allow === undefined ? inner : async (info, ctx) => (await allow(info.args, ctx, headOf(ctx).challenges), inner(info, ctx))
  const checked: Core = kind.check === undefined ? guarded : checking(kind, kind.check, guarded)
  const scoped: Core =
    scopes === undefined ? checked : (info, ctx) => (requireScopes(rules, ctx.principal, headOf(ctx)), checked(info, ctx))
  return compose(server, scoped)
}

/** What middleware knows as a Context is the call's own. */
function headOf(ctx: Context): Head {
  return (ctx as CallContext).call.head
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
