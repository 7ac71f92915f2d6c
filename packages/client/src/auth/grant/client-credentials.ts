/** A program signs in as itself: client credentials, with a secret or a key (io.modelcontextprotocol/oauth-client-credentials). */

import type { ClientIdentity } from '../identity.ts'
import { identityAt, type RegisteredClient } from '../registration.ts'
import type { Grant, GrantContext } from './grant.ts'

/** Obtains tokens for a client that has a secret or a private key. Clients of several issuers may be given; each is used with its own. */
export function clientCredentials(...clients: readonly RegisteredClient[]): Grant {
  return {
    interactive: false,
    clients,
    async obtain(context) {
      const { endpoint, resource, scopes } = context
      const identity = await knownAt(context, clients)
      const answer = await endpoint.request(identity, 'client_credentials', { resource, scope: scopes.join(' ') || undefined })
      return { identity, answer, scopes }
    },
  }
}

/** One of the clients that were registered beforehand; a program that acts as itself never registers (DIGEST 4.5). */
export function knownAt(
  { endpoint, resource, fetching, store, now }: GrantContext,
  clients: readonly RegisteredClient[],
): Promise<ClientIdentity> {
  const { registration_endpoint: _, ...metadata } = endpoint.metadata
  return identityAt({ clients }, { metadata, redirectUrl: '', resource, fetching, store, now })
}
