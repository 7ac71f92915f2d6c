/** A component's guards, compiled once: who may know of it, which scopes it takes, and whether one call may go on. */

import { challengeOf, Fault, isThenable, type Challenge, type Head, type Peer, type Principal } from '@oarlock/protocol'
import type { Component } from './catalog/component.ts'
import type { Context } from './context.ts'
import type { Guard } from './guard.ts'

/** What the guards of a component come to. Undefined where no guard has a say. */
export interface Rules {
  readonly visible: ((principal: Principal | undefined, peer: Peer) => boolean) | undefined
  /** Every scope that some guard requires. */
  readonly scopes: readonly string[] | undefined
  /**
   * Resolves when the call may go on. `challenges` are those of the caller's head.
   * @throws Fault FORBIDDEN; UNAUTHENTICATED for an anonymous caller that is told how to say who it is; or whatever the guard threw
   */
  readonly allow: ((args: unknown, ctx: Context, challenges?: Head['challenges']) => Promise<void>) | undefined
}

/** Who asks. */
export interface Caller {
  readonly principal: Principal | undefined
  readonly peer: Peer
}

type Report = (cause: unknown, where: string) => void

/** RFC 6749, 3.3: what a scope may consist of. */
const SCOPE = /^[\x21\x23-\x5B\x5D-\x7E]+$/

/** Compiles the guards of a component. @throws TypeError for a scope that no challenge could name */
export function compileRules(component: Component, report: Report): Rules {
  const { guards, origin } = component
  return { visible: compileVisible(guards, origin, report), scopes: compileScopes(guards), allow: compileAllow(guards) }
}

function compileVisible(guards: readonly Guard[], origin: string, report: Report): Rules['visible'] {
  const deciding = guards.filter((guard): guard is Guard & Required<Pick<Guard, 'visible'>> => guard.visible !== undefined)
  if (deciding.length === 0) return undefined
  return (principal, peer) => deciding.every(guard => decides(guard, principal, peer, origin, report))
}

/** A rule that fails hides: what cannot be decided must not be shown. */
function decides(
  guard: Required<Pick<Guard, 'visible'>>,
  principal: Principal | undefined,
  peer: Peer,
  origin: string,
  report: Report,
): boolean {
  try {
    const verdict: unknown = guard.visible(principal, peer)
    if (!isThenable(verdict)) return Boolean(verdict)
    verdict.then(undefined, () => {})
    throw new TypeError('visible must answer at once, not with a promise')
  } catch (cause) {
    report(cause, `guard of ${origin}`)
    return false
  }
}

function compileScopes(guards: readonly Guard[]): readonly string[] | undefined {
  const scopes = [...new Set(guards.flatMap(guard => guard.requires ?? []))]
  const unfit = scopes.find(scope => !SCOPE.test(scope))
  if (unfit !== undefined) throw new TypeError(`a guard requires ${JSON.stringify(unfit)}, which is no scope (RFC 6749, 3.3)`)
  return scopes.length === 0 ? undefined : scopes
}

function compileAllow(guards: readonly Guard[]): Rules['allow'] {
  const deciding = guards.filter(guard => guard.allow !== undefined)
  if (deciding.length === 0) return undefined
  return async (args, ctx, challenges) => {
    for (const guard of deciding) {
      const verdict: unknown = await guard.allow?.(args, ctx)
      // Only a clear yes is one.
      if (verdict !== true) throw refusal(typeof verdict === 'string' && verdict !== '' ? verdict : undefined, challenges)
    }
  }
}

/** What is refused to nobody may be allowed to somebody: whoever could say who it is, is asked to. */
function refusal(reason: string | undefined, challenges: Head['challenges']): Fault {
  if (challenges === undefined) return new Fault('FORBIDDEN', reason)
  return new Fault('UNAUTHENTICATED', reason, { headers: { 'WWW-Authenticate': challengeOf(challenges) } })
}

/** Whether a principal has all scopes. */
export function hasScopes({ scopes }: Rules, principal: Principal | undefined): boolean {
  return scopes === undefined || scopes.every(scope => principal?.scopes?.includes(scope) === true)
}

/** Refuses a caller that lacks scopes, naming all that the operation needs in one challenge (DIGEST S-AUTH-06, S-AUTH-07). */
export function requireScopes(rules: Rules, principal: Principal | undefined, { challenges = BY_TOKEN }: Head): void {
  if (rules.scopes === undefined || hasScopes(rules, principal)) return
  const scope = rules.scopes.join(' ')
  const known = principal !== undefined
  const asked = known ? [{ scheme: 'Bearer', params: { error: 'insufficient_scope', scope } }] : challenges.map(way => scoped(way, scope))
  throw new Fault(known ? 'FORBIDDEN' : 'UNAUTHENTICATED', `This needs the scope ${scope}`, {
    data: { requiredScopes: rules.scopes },
    headers: { 'WWW-Authenticate': challengeOf(asked) },
  })
}

/** What is said where no authenticator said it better. */
const BY_TOKEN: readonly Challenge[] = [{ scheme: 'Bearer' }]

/** Scopes are a matter of tokens. */
function scoped(way: Challenge, scope: string): Challenge {
  const { scheme, params } = way
  return scheme === 'Bearer' ? { scheme, params: { ...params, scope } } : way
}
