/** One server and its authorization server, as found by discovery. */

import type { Fetching } from './fetching.ts'
import { type IssuerMetadata, issuerMetadata, originMetadata } from './issuer.ts'
import { canonical, protectedResource } from './resource.ts'

/** What is known of a server when tokens are asked for. */
export interface Site {
  /** The `resource` parameter. */
  readonly resource: string
  readonly metadata: IssuerMetadata
  readonly scopes: readonly string[]
  readonly dpopRequired: boolean
}

/**
 * Finds out who gives tokens for a server.
 * @param prefers whether an issuer is one with which the client is registered; the first that a server lists otherwise
 * @throws AuthorizationFailed
 */
export async function discover(
  fetching: Fetching,
  endpoint: string,
  challenged: string | undefined,
  prefers: (issuer: string) => boolean,
): Promise<Site> {
  const found = await protectedResource(fetching, endpoint, challenged)
  if (found === undefined) {
    return { resource: canonical(endpoint), metadata: await originMetadata(fetching, endpoint), scopes: [], dpopRequired: false }
  }
  const issuer = found.issuers.find(prefers) ?? String(found.issuers[0])
  const { resource, scopes, dpopRequired } = found
  return { resource, metadata: await issuerMetadata(fetching, issuer, endpoint), scopes, dpopRequired }
}
