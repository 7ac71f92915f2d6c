/** Which scopes are asked for (C-AUTH-08 to C-AUTH-10, C-AUTH-18). */

import type { IssuerMetadata } from './issuer.ts'
import { strings } from './resource.ts'

const OFFLINE = 'offline_access'

/** What is known when scopes are chosen. */
export interface ScopeChoice {
  /** Of the challenge; whatever it names is needed, and nothing is concluded from what it does not name. */
  readonly challenged: string | undefined
  /** Chosen by the program, in place of what the server publishes. */
  readonly configured: readonly string[] | undefined
  /** Published by the server. */
  readonly published: readonly string[]
  /** Asked for before. */
  readonly before: Iterable<string>
}

/** The scopes to ask for; none means that the parameter is left out. */
export function scopesFor({ challenged, configured, published, before }: ScopeChoice): string[] {
  const wanted = challenged === undefined || challenged.trim() === '' ? (configured ?? published) : split(challenged)
  return [...new Set([...before, ...wanted])].filter(scope => scope !== OFFLINE)
}

/** The same with `offline_access` where the authorization server lists it; alone it would replace the default scopes. */
export function withOffline(scopes: readonly string[], metadata: IssuerMetadata): readonly string[] {
  return scopes.length > 0 && strings(metadata['scopes_supported']).includes(OFFLINE) ? [...scopes, OFFLINE] : scopes
}

/** The scopes of a parameter. */
export function split(text: string | undefined): string[] {
  return text?.split(' ').filter(Boolean) ?? []
}
