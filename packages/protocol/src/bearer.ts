/** Authentication by bearer token: parsed strictly, verified by yours, believed for a little while. */

import { Anonymous, unauthenticated } from './anonymous.ts'
import type { Authenticate, AuthVerdict } from './authenticate.ts'
import { challenge, type ChallengeParams } from './challenge.ts'
import { holdsSeveral, ONE_CREDENTIAL } from './credentials.ts'
import { duration, type Duration } from './duration.ts'
import { Fault, type FaultName } from './fault.ts'
import type { Head } from './head.ts'
import { checkBounds } from './bounds.ts'
import { checkOptions, type OptionNames } from './option-names.ts'
import type { Principal } from './peer.ts'
import { type Clock, systemClock } from './port/clock.ts'
import { isThenable } from './thenable.ts'

/**
 * Verifies one token: signature or introspection, expiry, issuer and audience. Returns whom it stands for, or undefined for a token that is
 * not good; a `Fault` where the refusal is to say more.
 */
export type VerifyToken = (token: string, head: Head) => Principal | Fault | undefined | PromiseLike<Principal | Fault | undefined>

/** Options of `bearer`. */
export interface BearerOptions {
  /**
   * Serves a request without a token as anonymous: `ctx.principal` is undefined, and guards that want to know who asks refuse it with the challenge. A token that is not good
   * is refused all the same. Only for a server of which everything that is not for everybody has a guard.
   */
  readonly optional?: boolean
  readonly realm?: string
  /** URL of the protected resource metadata (RFC 9728), told in every challenge. */
  readonly resourceMetadata?: string
  /** Scopes that every request needs, told in every challenge. */
  readonly scope?: string | readonly string[]
  /** Longest time a verified token is believed without asking again; 0 for never. `1m` when absent. Never beyond `expiresAt`. */
  readonly cache?: Duration
  /** Most tokens remembered. 1,000 when absent. */
  readonly cacheSize?: number
  readonly clock?: Clock
}

const OPTIONS: OptionNames<BearerOptions> = {
  optional: true,
  realm: true,
  resourceMetadata: true,
  scope: true,
  cache: true,
  cacheSize: true,
  clock: true,
}

/**
 * Authenticates by `Authorization: Bearer` (RFC 6750). Tokens in the query are not looked at (S-AUTH-12); credentials of another scheme are none.
 * @throws TypeError for an option that does not exist
 */
export function bearer(verify: VerifyToken, options: BearerOptions = {}): Authenticate {
  checkOptions(options, OPTIONS, 'bearer()')
  checkBounds(options, '', ['cacheSize'])
  return new Bearer(verify, options).authenticate
}

const TOKEN = /^bearer +([\w.~+/-]+=*)$/i

class Bearer {
  readonly #verify: VerifyToken
  readonly #clock: Clock
  readonly #scopes: readonly string[]
  readonly #params: ChallengeParams
  readonly #nobody: Anonymous
  readonly #optional: boolean
  readonly #cacheMs: number
  readonly #known: Remembered<Principal>

  constructor(verify: VerifyToken, options: BearerOptions) {
    this.#verify = verify
    this.#clock = options.clock ?? systemClock
    this.#scopes = typeof options.scope === 'string' ? options.scope.split(' ').filter(Boolean) : (options.scope ?? [])
    const scope = this.#scopes.length === 0 ? undefined : this.#scopes.join(' ')
    this.#params = { realm: options.realm, resource_metadata: options.resourceMetadata, scope }
    this.#nobody = new Anonymous([{ scheme: 'Bearer', params: this.#params }])
    // A word that stands for no, such as 'false', must not open the server.
    this.#optional = options.optional === true
    this.#cacheMs = duration(options.cache ?? '1m', 'cache')
    this.#known = new Remembered(options.cacheSize ?? 1000)
  }

  readonly authenticate: Authenticate = head => {
    const header = head.headers?.get('authorization')
    const token = header === undefined ? undefined : TOKEN.exec(header)?.[1]
    if (token === undefined && header !== undefined && holdsSeveral(header))
      return this.#refusal('INVALID_REQUEST', 'invalid_request', ONE_CREDENTIAL)
    if (header === undefined || !/^bearer(?: |$)/i.test(header)) return this.#optional ? this.#nobody : unauthenticated(this.#nobody)
    if (token === undefined) return this.#refusal('INVALID_REQUEST', 'invalid_request', 'The Authorization header is malformed')
    const known = this.#known.get(token, this.#clock.now())
    if (known !== undefined) return known
    const verified = this.#verify(token, head)
    return isThenable(verified) ? Promise.resolve(verified).then(found => this.#settle(token, found)) : this.#settle(token, verified)
  }

  #settle(token: string, verified: Principal | Fault | undefined): AuthVerdict {
    if (Fault.is(verified)) return this.#challenged(verified)
    const now = this.#clock.now()
    const expiresAt = verified?.expiresAt ?? Number.POSITIVE_INFINITY
    if (verified === undefined || expiresAt <= now) {
      return this.#refusal('UNAUTHENTICATED', 'invalid_token', 'The access token is invalid or expired')
    }
    if (!this.#scopes.every(scope => verified.scopes?.includes(scope))) {
      return this.#refusal('FORBIDDEN', 'insufficient_scope', 'The access token lacks a scope')
    }
    if (this.#cacheMs > 0) this.#known.set(token, verified, Math.min(now + this.#cacheMs, expiresAt))
    return verified
  }

  /** A refusal of the verifier's own; given the challenge it owes where it has none. */
  #challenged(fault: Fault): Fault {
    if (fault.headers !== undefined || (fault.fault !== 'UNAUTHENTICATED' && fault.fault !== 'FORBIDDEN')) return fault
    return this.#refusal(fault.fault, fault.fault === 'FORBIDDEN' ? 'insufficient_scope' : 'invalid_token', fault.message)
  }

  #refusal(fault: FaultName, error: string, text: string): Fault {
    const value = challenge('Bearer', { ...this.#params, error, error_description: text })
    return new Fault(fault, text, { headers: { 'WWW-Authenticate': value } })
  }
}

/** What was found lately, the least recently asked for first to go. */
class Remembered<T> {
  readonly #size: number
  readonly #entries = new Map<string, { readonly value: T; readonly until: number }>()

  constructor(size: number) {
    this.#size = size
  }

  get(key: string, now: number): T | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    this.#entries.delete(key)
    if (entry.until <= now) return undefined
    this.#entries.set(key, entry)
    return entry.value
  }

  set(key: string, value: T, until: number): void {
    this.#entries.delete(key)
    const [oldest] = this.#entries.keys()
    if (this.#entries.size >= this.#size && oldest !== undefined) this.#entries.delete(oldest)
    if (this.#size > 0) this.#entries.set(key, { value, until })
  }
}
