/** Access rules: one function decides what is listed, suggested, read and followed. */

import { checkOptions, isWellFormed, nearest, type OptionNames, type Peer, type Principal } from '@oarlock/protocol'
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
  /** Globs (percent-encoded or not; `*` within a segment, `**` across segments, `?` for one character) or regular expressions that fit the whole URI. All URIs when absent. */
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

/** What holds beside the rules. */
interface RulesOptions {
  /** What becomes of a URI that no rule fits. `deny` when absent. */
  readonly otherwise?: 'allow' | 'deny'
}

const RULES_OPTIONS: OptionNames<RulesOptions> = { otherwise: true }

const CONDITIONS = ['scopes', 'roles', 'subjects', 'claims'] as const

/**
 * Access by rules, in order. What no rule fits is refused, or allowed with `otherwise: 'allow'`.
 * @throws TypeError for a rule that cannot mean what it says
 */
export function rules(list: readonly AccessRule[], options: RulesOptions = {}): Access {
  if (!Array.isArray(list)) throw new TypeError('rules needs a list of rules')
  checkOptions(options, RULES_OPTIONS, 'rules()')
  const { otherwise: word = 'deny' } = options
  if (word !== 'allow' && word !== 'deny')
    throw new TypeError(`otherwise of rules() must be 'allow' or 'deny', not ${JSON.stringify(word)}`)
  const compiled = list.map(compileRule)
  const otherwise = word === 'allow'
  return (uri, { principal }) => {
    const rule = compiled.find(({ fits }) => fits(uri))
    return rule === undefined ? otherwise : rule.allows(principal)
  }
}

interface Compiled {
  fits(uri: string): boolean
  allows(principal: Principal | undefined): boolean
}

const MEMBERS = ['uri', 'allow', ...CONDITIONS]

/** A rule that is misspelt must not leave open what it was to close. */
function checkRule(rule: AccessRule, where: string): void {
  if (typeof rule !== 'object' || rule === null || Array.isArray(rule)) throw new TypeError(`${where} must be an object`)
  for (const key of Object.keys(rule)) {
    if (!MEMBERS.includes(key)) throw new TypeError(`${where}: '${key}' is no member of a rule.${nearest(key, MEMBERS)}`)
  }
  const { allow, claims } = rule
  if (allow !== undefined && typeof allow !== 'boolean') throw new TypeError(`${where}: allow must be true or false`)
  for (const name of ['scopes', 'roles', 'subjects'] as const) {
    if (rule[name] !== undefined && !isTexts(rule[name])) throw new TypeError(`${where}: ${name} must be a list of texts`)
  }
  if (claims !== undefined && (typeof claims !== 'object' || claims === null || !Object.values(claims).every(Array.isArray)))
    throw new TypeError(`${where}: claims must be lists of values by name, such as { tenant: ['acme'] }`)
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every(each => typeof each === 'string')
}

/**
 * A pattern in the spelling in which URIs are judged: what may not stand in a URI is encoded, escapes are in upper case, needless ones are written out.
 * @throws TypeError for one that no URI can fit
 */
function inNormalForm(pattern: string, where: string): string {
  if (!/^[A-Za-z][A-Za-z0-9+.-]*:|^\*\*/.test(pattern))
    throw new TypeError(`${where}: '${pattern}' fits no URI: begin with the scheme, such as file:///notes/private/**`)
  if (!isWellFormed(pattern)) throw new TypeError(`${where}: the pattern holds half a surrogate pair`)
  return pattern
    .replaceAll(/%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]/gu, encodeURIComponent)
    .replaceAll(/%[0-9A-Fa-f]{2}/g, escape => {
      const char = String.fromCharCode(Number.parseInt(escape.slice(1), 16))
      return /[A-Za-z0-9\-._~]/.test(char) ? char : escape.toUpperCase()
    })
}

function compileRule(rule: AccessRule, index: number): Compiled {
  const where = `access rule ${index + 1}`
  checkRule(rule, where)
  const conditions = CONDITIONS.filter(name => rule[name] !== undefined)
  if (rule.allow === false && conditions.length > 0)
    throw new TypeError(`${where}: a rule that allows nobody has no ${conditions.join(', ')}; put a rule for them before it`)
  const uris = rule.uri === undefined ? [] : typeof rule.uri === 'string' || rule.uri instanceof RegExp ? [rule.uri] : rule.uri
  const fitting = uris.map(uri => (typeof uri === 'string' ? glob(inNormalForm(uri, where)) : wholly(uri)))
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
