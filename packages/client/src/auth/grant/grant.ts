/** The ways to obtain a first token, as the rest of the client sees them. */

import type { ClientIdentity } from '../identity.ts'
import type { RegisteredClient } from '../registration.ts'
import type { Fetching } from '../fetching.ts'
import type { TokenStore } from '../store.ts'
import type { TokenEndpoint } from '../token-endpoint.ts'
import type { TokenAnswer } from '../tokens.ts'

/** What a grant may use: one server, one authorization server, one attempt. */
export interface GrantContext {
  readonly endpoint: TokenEndpoint
  /** Goes into `resource` of every request. */
  readonly resource: string
  readonly scopes: readonly string[]
  readonly fetching: Fetching
  readonly store: TokenStore
  /** Tells the users of a store apart. */
  readonly subject: string
  readonly now: () => number
}

/** A token, and who it was given to: only this client can refresh it. */
export interface Granted {
  readonly identity: ClientIdentity
  readonly answer: TokenAnswer
  readonly scopes: readonly string[]
}

/** A way to obtain tokens. */
export interface Grant {
  /** Whether a person is asked. Only then is it worth asking for more scopes, and only then does it happen in no stream of the background. */
  readonly interactive: boolean
  /** Clients that were registered beforehand: their secrets are taken from here when a token is refreshed, and are not kept elsewhere. */
  readonly clients: readonly RegisteredClient[]
  /** @throws AuthorizationFailed */
  obtain(context: GrantContext): Promise<Granted>
}
