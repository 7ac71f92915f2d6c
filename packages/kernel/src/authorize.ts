/** Asks a component's guards whether a call may go on. */

import { Fault, type Principal } from '@oarlock/protocol'
import type { Component } from './catalog/component.ts'
import type { Context } from './context.ts'

/** Refuses a caller that lacks scopes, naming all that the operation needs in one challenge (DIGEST S-AUTH-06, S-AUTH-07). */
export function requireScopes(component: Component, principal: Principal | undefined): void {
  let missing = false
  let wanted: string[] | undefined
  for (const { requires } of component.guards) {
    if (requires === undefined) continue
    ;(wanted ??= []).push(...requires)
    if (!requires.every(scope => principal?.scopes?.includes(scope))) missing = true
  }
  if (!missing || wanted === undefined) return
  const scope = [...new Set(wanted)].join(' ')
  const name = principal === undefined ? 'UNAUTHENTICATED' : 'FORBIDDEN'
  const error = principal === undefined ? '' : 'error="insufficient_scope", '
  throw new Fault(name, `This needs the scope ${scope}`, {
    data: { requiredScopes: [...new Set(wanted)] },
    headers: { 'WWW-Authenticate': `Bearer ${error}scope="${scope}"` },
  })
}

/** Whether some guard wants to see the arguments. */
export function hasAllow(component: Component): boolean {
  return component.guards.some(guard => guard.allow !== undefined)
}

/** Asks the guards that look at arguments, in order. */
export async function allow(component: Component, args: unknown, ctx: Context): Promise<void> {
  for (const guard of component.guards) {
    if (guard.allow === undefined) continue
    const verdict = await guard.allow(args, ctx)
    if (verdict === false) throw new Fault('FORBIDDEN')
    if (typeof verdict === 'string') throw new Fault('FORBIDDEN', verdict)
  }
}
