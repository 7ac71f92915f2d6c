/** Access rules: one function decides what is listed, suggested, read and followed. */

import type { Peer, Principal } from '@oarlock/protocol'
import { glob } from './glob.ts'

/** Who wants something. */
export interface Who {
  /** Undefined without authentication. */
  readonly principal: Principal | undefined
  /** The client in its own words; no evidence of anything. */
  readonly peer: Peer
}

/**
 * Whether somebody may read a URI, which is in normal form and without a range. Pure and quick: it is asked for each resource of each list. What is not
 * allowed does not exist for the caller. One that throws refuses.
 */
export type Access = (uri: string, who: Who) => boolean

/** One rule. The first whose `uri` fits decides alone: its URIs are allowed to whoever meets all its conditions, and to nobody else. */
export interface AccessRule {
  /** Globs (`*` within a segment, `**` across segments, `?` for one character) or regular expressions that fit the whole URI. All URIs when absent. */
  readonly uri?: string | RegExp | readonly (string | RegExp)[]
  /** False: allowed to nobody. Such a rule has no conditions. */
  readonly allow?: boolean
  /** Scopes of which the caller must have all. */
  readonly scopes?: readonly string[]
  /** Roles of which the caller must have one. */
  readonly roles?: readonly string[]
  /** Subjects of which the caller must be one. */
  readonly subjects?: readonly string[]
  /** Verified claims that the caller's token must hold, each with one of the values: `{ tenant: ['acme'] }`. */
  readonly claims?: Readonly<Record<string, readonly unknown[]>>
}

const CONDITIONS = ['scopes', 'roles', 'subjects', 'claims'] as const

/**
 * Access by rules, in order. What no rule fits is refused, or allowed with `otherwise: 'allow'`.
 * @throws TypeError for a rule that cannot mean what it says
 */
export function rules(list: readonly AccessRule[], options: { readonly otherwise?: 'allow' | 'deny' } = {}): Access {
  const compiled = list.map(compileRule)
  const otherwise = options.otherwise === 'allow'
  return (uri, { principal }) => {
    const rule = compiled.find(({ fits }) => fits(uri))
    return rule === undefined ? otherwise : rule.allows(principal)
  }
}

interface Compiled {
  fits(uri: string): boolean
  allows(principal: Principal | undefined): boolean
}

function compileRule(rule: AccessRule, index: number): Compiled {
  const conditions = CONDITIONS.filter(name => rule[name] !== undefined)
  if (rule.allow === false && conditions.length > 0)
    throw new TypeError(
      `access rule ${index + 1}: a rule that allows nobody has no ${conditions.join(', ')}; put a rule for them before it`,
    )
  const uris = rule.uri === undefined ? [] : typeof rule.uri === 'string' || rule.uri instanceof RegExp ? [rule.uri] : rule.uri
  const fitting = uris.map(uri => (typeof uri === 'string' ? glob(uri) : wholly(uri)))
  return {
    fits: uri => rule.uri === undefined || fitting.some(fits => fits(uri)),
    allows: principal => rule.allow !== false && (conditions.length === 0 || (principal !== undefined && meets(rule, principal))),
  }
}

function wholly({ source, flags }: RegExp): (uri: string) => boolean {
  const whole = new RegExp(`^(?:${source})$`, flags.replaceAll(/[gy]/g, ''))
  return uri => whole.test(uri)
}

function meets({ scopes, roles, subjects, claims }: AccessRule, principal: Principal): boolean {
  if (scopes?.some(scope => principal.scopes?.includes(scope) !== true) === true) return false
  if (roles !== undefined && !roles.some(role => principal.roles?.includes(role) === true)) return false
  if (subjects !== undefined && !subjects.includes(principal.id)) return false
  return Object.entries(claims ?? {}).every(([name, values]) => {
    const held = principal.claims
    if (held === undefined || !Object.hasOwn(held, name)) return false
    const value: unknown = held[name]
    return Array.isArray(value) ? value.some(each => values.includes(each)) : values.includes(value)
  })
}
