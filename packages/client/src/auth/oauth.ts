/** `oauth(options)`: a client's authorization at any number of servers. */

import type { AuthorizedRequest, AuthorizedResponse, Authorizer } from '@oarlock/protocol'
import { Authorization } from './authorization.ts'
import { type OAuthOptions, oauthSettings, type OAuthSettings } from './options.ts'

/**
 * Gets, shows, renews and widens tokens by OAuth 2.1 as the protocol prescribes it. Give it to `connect` or to `httpConnector` as `auth`; one
 * object serves any number of servers and connections, and never shows the tokens of one to another.
 */
export function oauth(options: OAuthOptions): OAuth {
  return new OAuth(options)
}

/** What `oauth` makes. */
export class OAuth implements Authorizer {
  readonly #settings: OAuthSettings
  readonly #servers = new Map<string, Authorization>()

  constructor(options: OAuthOptions) {
    this.#settings = oauthSettings(options)
  }

  headers(request: AuthorizedRequest): Promise<Readonly<Record<string, string>>> {
    return this.#at(request.resource).headers(request)
  }

  answered(request: AuthorizedRequest, sent: Readonly<Record<string, string>>, response: AuthorizedResponse): Promise<boolean> {
    return this.#at(request.resource).answered(request, sent, response)
  }

  /**
   * Obtains tokens before the first request needs them, so that no request waits for a person.
   * @throws AuthorizationFailed
   */
  signIn(server: string | URL): Promise<void> {
    return this.#at(new URL(server).href).signIn()
  }

  /** Forgets the tokens of a server. */
  signOut(server: string | URL): Promise<void> {
    return this.#at(new URL(server).href).signOut()
  }

  #at(address: string): Authorization {
    const server = address.split('#', 1)[0] ?? address
    const known = this.#servers.get(server)
    if (known !== undefined) return known
    const made = new Authorization(this.#settings, server)
    this.#servers.set(server, made)
    return made
  }
}
