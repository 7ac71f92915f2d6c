/** What can be chosen for a client's authorization, and what is chosen when nobody does. */

import { checkOptions, type Clock, type Duration, duration, type OptionNames, systemClock } from '@oarlock/protocol'
import type { AuthFetch, Fetching } from './fetching.ts'
import type { Grant } from './grant/grant.ts'
import { memoryTokenStore, type TokenStore } from './store.ts'

/** Options of `oauth`. */
export interface OAuthOptions {
  /** How a first token is obtained. */
  readonly grant: Grant
  /** Scopes to ask for where a challenge names none, in place of those that the server publishes. */
  readonly scopes?: readonly string[] | undefined
  /** In memory when absent. */
  readonly store?: TokenStore | undefined
  /** Tells the users of one store apart. Empty when absent. */
  readonly subject?: string | undefined
  /** Tokens bound to a key: always, never, or where the server asks for them (`auto`, when absent). */
  readonly dpop?: 'always' | 'never' | 'auto' | undefined
  /** Times that an operation may ask a person for more scopes without having succeeded meanwhile. 2 when absent. */
  readonly maxStepUps?: number | undefined
  /** For metadata, registration and tokens; `guardedFetch` of `@oarlock/client/auth/node` also checks what names resolve to. The platform's when absent. */
  readonly fetch?: AuthFetch | undefined
  /** For each of those requests. `5s` when absent. */
  readonly timeout?: Duration | undefined
  readonly clock?: Clock | undefined
}

const OAUTH_OPTIONS: OptionNames<OAuthOptions> = {
  grant: true,
  scopes: true,
  store: true,
  subject: true,
  dpop: true,
  maxStepUps: true,
  fetch: true,
  timeout: true,
  clock: true,
}

/** Options with nothing left open. */
export interface OAuthSettings {
  readonly grant: Grant
  readonly scopes: readonly string[] | undefined
  readonly store: TokenStore
  readonly subject: string
  readonly dpop: 'always' | 'never' | 'auto'
  readonly maxStepUps: number
  readonly fetching: Fetching
  readonly clock: Clock
}

const MAX_BYTES = 1_048_576

/** The longest that a timer can wait. */
const LONGEST_MS = 2 ** 31 - 1

/** Fills in what was left out. @throws TypeError for options that do not exist */
export function oauthSettings(options: OAuthOptions): OAuthSettings {
  checkOptions(options, OAUTH_OPTIONS, 'oauth()')
  return {
    grant: options.grant,
    scopes: options.scopes,
    store: options.store ?? memoryTokenStore(),
    subject: options.subject ?? '',
    dpop: options.dpop ?? 'auto',
    maxStepUps: options.maxStepUps ?? 2,
    fetching: {
      fetch: options.fetch ?? ((url, init) => globalThis.fetch(url, init)),
      timeoutMs: Math.min(Math.ceil(duration(options.timeout ?? '5s', 'timeout')), LONGEST_MS),
      maxBytes: MAX_BYTES,
    },
    clock: options.clock ?? systemClock,
  }
}
