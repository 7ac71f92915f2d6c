/** The tokens of one server: shown with each request, renewed once for all who need it, widened when the server asks for more. */

import type { AuthorizedRequest, AuthorizedResponse } from '@oarlock/protocol'
import { challengesOf, type Demand, demandOf } from './challenge.ts'
import { Prover } from './dpop.ts'
import { AuthorizationFailed } from './error.ts'
import type { GrantContext } from './grant/grant.ts'
import { type Kept, Keeping } from './keeping.ts'
import { issuerMetadata } from './issuer.ts'
import type { OAuthSettings } from './options.ts'
import { scopesFor } from './scope.ts'
import { discover, type Site } from './site.ts'
import { TokenEndpoint } from './token-endpoint.ts'
import { type Tokens, tokensOf } from './tokens.ts'

type Headers = Readonly<Record<string, string>>

/** A token that is about to expire would do so on its way. */
const SKEW_MS = 30_000
const NONE: Headers = Object.freeze({})
const NO_DEMAND: Demand = { error: undefined, scope: undefined, resourceMetadata: undefined }

/** What one request has gone through. */
interface Trials {
  renewals: number
  nonces: number
}

/** Why tokens are wanted. */
interface Need {
  readonly demand: Demand
  /** The `Authorization` that was refused. */
  readonly refused: string | undefined
  /** Refreshing will not do: more scopes are needed, or it did not help. */
  readonly anew: boolean
  /** Whether a person may be asked. */
  readonly ask: boolean
}

/** Authorization at one server. */
export class Authorization {
  readonly #settings: OAuthSettings
  readonly #endpoint: string
  readonly #keeping: Keeping
  readonly #trials = new WeakMap<AuthorizedRequest, Trials>()
  /** Times that an operation asked for more, by operation. */
  readonly #stepUps = new Map<string, number>()
  readonly #requested = new Set<string>()
  #kept: Kept | undefined
  /** What the store could not take. */
  #unwritten: { readonly issuer: string; readonly resource: string; readonly kept: Kept } | undefined
  #site: Site | undefined
  #prover: Prover | undefined
  #dpop: boolean
  #loading: Promise<void> | undefined
  #flight: Promise<void> | undefined
  /** Whether the flight, if there is one, asks nobody. */
  #quiet = false

  constructor(settings: OAuthSettings, endpoint: string) {
    this.#settings = settings
    this.#endpoint = endpoint
    this.#keeping = new Keeping(settings.store, settings.subject, endpoint, settings.grant.clients)
    this.#dpop = settings.dpop === 'always'
  }

  async headers({ method, url }: AuthorizedRequest): Promise<Headers> {
    await this.#loaded()
    if (this.#flight === undefined && this.#expiring && this.#kept?.tokens.refresh !== undefined) await this.#quietly()
    const tokens = this.#kept?.tokens
    if (tokens === undefined) return NONE
    const shown = { Authorization: this.#shown(tokens) }
    if (tokens.type === 'bearer' || this.#prover === undefined) return shown
    return { ...shown, DPoP: await this.#prover.proof(method, url, tokens.access) }
  }

  async answered(request: AuthorizedRequest, sent: Headers, { status, headers }: AuthorizedResponse): Promise<boolean> {
    const fresh = this.#prover?.noted(request.url, headers.get('dpop-nonce')) ?? false
    if (status !== 401 && status !== 403) {
      if (status < 300 && request.operation !== undefined) this.#stepUps.delete(request.operation)
      return false
    }
    const header = headers.get('www-authenticate')
    const demand = demandOf(header, this.#dpop ? 'dpop' : 'bearer')
    const trials = this.#trialsOf(request)
    if (demand.error === 'use_dpop_nonce') return fresh && trials.nonces++ < 2
    const refused = sent['Authorization']
    if (status === 403) return demand.error === 'insufficient_scope' && this.#stepUp(request, refused, demand)
    if (this.#settings.dpop === 'auto' && challengesOf(header).every(({ scheme }) => scheme === 'dpop') && header !== undefined)
      this.#dpop = true
    if (trials.renewals >= (this.#settings.grant.interactive ? 2 : 1)) return false
    trials.renewals += 1
    // A stream of the background does not send anybody to a login page, once there has been a login.
    const ask = request.method === 'POST' || this.#kept === undefined
    return this.#renewed({ demand, refused, anew: trials.renewals > 1, ask })
  }

  /** Obtains tokens now, if there are none that can be used. */
  async signIn(): Promise<void> {
    await this.#loaded()
    if (this.#kept === undefined || this.#expiring) await this.#renewed({ demand: NO_DEMAND, refused: undefined, anew: false, ask: true })
  }

  /** Forgets the tokens, here and in the store. */
  async signOut(): Promise<void> {
    const place = await this.#keeping.place()
    this.#kept = undefined
    this.#unwritten = undefined
    this.#requested.clear()
    if (place !== undefined) await this.#keeping.delete(place.issuer, place.resource)
  }

  get #expiring(): boolean {
    const { expiresAt } = this.#kept?.tokens ?? {}
    return expiresAt !== undefined && expiresAt - SKEW_MS <= this.#settings.clock.now()
  }

  #shown({ type, access }: Tokens): string {
    return `${type === 'dpop' ? 'DPoP' : 'Bearer'} ${access}`
  }

  #trialsOf(request: AuthorizedRequest): Trials {
    const known = this.#trials.get(request) ?? { renewals: 0, nonces: 0 }
    this.#trials.set(request, known)
    return known
  }

  /** What cannot be read now may be readable for the next request. */
  #loaded(): Promise<void> {
    return (this.#loading ??= this.#load().catch((cause: unknown) => {
      this.#loading = undefined
      throw cause
    }))
  }

  async #load(): Promise<void> {
    const place = await this.#keeping.place()
    if (place === undefined) return
    await this.#adopt(await this.#keeping.get(place.issuer, place.resource))
  }

  async #adopt(kept: Kept | undefined): Promise<void> {
    if (kept?.tokens.type === 'dpop') {
      this.#dpop = true
      this.#prover ??= await Prover.kept(this.#settings.store)
    }
    this.#kept = kept
    for (const scope of kept?.tokens.scopes ?? []) this.#requested.add(scope)
  }

  /** Asks a person for more, while that may help (C-AUTH-10, C-AUTH-11). A program gets what it gets (C-AUTH-30). */
  async #stepUp(request: AuthorizedRequest, refused: string | undefined, demand: Demand): Promise<boolean> {
    const { grant, maxStepUps } = this.#settings
    if (!grant.interactive || request.method !== 'POST') return false
    if (this.#kept !== undefined && this.#shown(this.#kept.tokens) !== refused) return true
    const operation = request.operation ?? ''
    const before = this.#stepUps.get(operation) ?? 0
    if (before >= maxStepUps) return false
    this.#stepUps.set(operation, before + 1)
    return this.#renewed({ demand, refused, anew: true, ask: true })
  }

  /** Renews before a token expires. When that fails the server decides: what it says about the old token comes next. */
  async #quietly(): Promise<void> {
    const refused = this.#kept && this.#shown(this.#kept.tokens)
    try {
      await this.#renewed({ demand: NO_DEMAND, refused, anew: false, ask: false })
    } catch (cause) {
      if (!AuthorizationFailed.is(cause)) throw cause
    }
  }

  /** Whether there are other tokens than the refused ones, after getting some if need be: one flight for all who wait (THREATS 11). */
  async #renewed(need: Need): Promise<boolean> {
    const other = (): boolean => this.#kept !== undefined && this.#shown(this.#kept.tokens) !== need.refused
    if (need.refused !== undefined && other()) return true
    // Whoever waited in vain for an attempt that asks nobody makes one that does.
    if (this.#quiet && need.ask) await this.#flight?.catch(() => {})
    if (need.refused !== undefined && other()) return true
    if (this.#flight === undefined) {
      this.#quiet = !need.ask
      this.#flight = this.#renew(need).finally(() => {
        this.#flight = undefined
      })
    }
    await this.#flight
    return other()
  }

  async #renew(need: Need): Promise<void> {
    const site = await this.#siteFor(need)
    this.#site = site
    if (this.#dpop && this.#settings.dpop !== 'never') this.#prover ??= await Prover.kept(this.#settings.store)
    const endpoint = new TokenEndpoint(site.metadata, this.#settings.fetching, this.#dpop ? this.#prover : undefined)
    if (!need.anew && (await this.#keeping.alone(site.metadata.issuer, site.resource, () => this.#refresh(site, endpoint, need)))) return
    if (need.ask || !this.#settings.grant.interactive) await this.#obtain(site, endpoint, need)
  }

  /** Who gives tokens may have changed since, and only the server can say so: it is asked whenever it has refused one. */
  async #siteFor({ demand, ask }: Need): Promise<Site> {
    const { fetching, grant, dpop } = this.#settings
    const place = ask || demand !== NO_DEMAND ? undefined : await this.#keeping.place()
    if (place !== undefined) {
      if (this.#site?.metadata.issuer === place.issuer) return this.#site
      const metadata = await issuerMetadata(fetching, place.issuer, this.#endpoint)
      return { resource: place.resource, metadata, scopes: [], dpopRequired: false }
    }
    const site = await discover(fetching, this.#endpoint, demand.resourceMetadata, issuer =>
      grant.clients.some(one => one.issuer === issuer),
    )
    if (site.dpopRequired && dpop === 'auto') this.#dpop = true
    return site
  }

  /** Refreshes, or takes what somebody else who shares the store has got meanwhile. Returns false when neither is possible. */
  async #refresh({ metadata: { issuer }, resource }: Site, endpoint: TokenEndpoint, { refused }: Need): Promise<boolean> {
    const kept = await this.#latest(issuer, resource)
    if (kept === undefined) return false
    const { tokens, identity } = kept
    const now = this.#settings.clock.now()
    if (this.#shown(tokens) !== refused && (tokens.expiresAt ?? Number.POSITIVE_INFINITY) - SKEW_MS > now) {
      await this.#adopt(kept)
      return true
    }
    if (tokens.refresh === undefined) return false
    try {
      const answer = await endpoint.request(identity, 'refresh_token', { refresh_token: tokens.refresh, resource })
      await this.#keep(issuer, resource, { identity, tokens: tokensOf(answer, tokens.scopes, now, tokens) })
      return true
    } catch (cause) {
      if (!AuthorizationFailed.is(cause) || cause.error === undefined) throw cause
      // Only what was refused is thrown away: another process may have got new tokens in the meantime.
      const current = await this.#keeping.get(issuer, resource)
      if (current !== undefined && current.tokens.access !== tokens.access) {
        await this.#adopt(current)
        return true
      }
      await this.#keeping.delete(issuer, resource)
      return false
    }
  }

  async #obtain(site: Site, endpoint: TokenEndpoint, { demand }: Need): Promise<void> {
    const { grant, fetching, store, subject, clock, scopes: configured, dpop } = this.#settings
    const { resource, metadata } = site
    const scopes = scopesFor({ challenged: demand.scope, configured, published: site.scopes, before: this.#requested })
    const context: GrantContext = { endpoint, resource, scopes, fetching, store, subject, now: () => clock.now() }
    const { identity, answer, scopes: asked } = await grant.obtain(context)
    const tokens = tokensOf(answer, asked, clock.now())
    if (dpop === 'always' && tokens.type !== 'dpop') {
      throw new AuthorizationFailed('response', 'The authorization server gave a token that is not bound to our key')
    }
    for (const scope of scopes) this.#requested.add(scope)
    await this.#keep(metadata.issuer, resource, { identity, tokens })
  }

  /** A refresh token may be good for one use: what it gave counts here, though the store fails, of which whoever asked is told. */
  async #keep(issuer: string, resource: string, kept: Kept): Promise<void> {
    this.#unwritten = { issuer, resource, kept }
    try {
      await this.#keeping.set(issuer, resource, kept)
      this.#unwritten = undefined
    } finally {
      await this.#adopt(kept)
    }
  }

  /** The tokens of a server: those of the store, unless it could not take the latest. */
  async #latest(issuer: string, resource: string): Promise<Kept | undefined> {
    const { issuer: from, resource: of, kept } = this.#unwritten ?? {}
    return from === issuer && of === resource ? kept : this.#keeping.get(issuer, resource)
  }
}
