/** What an authorization server says about itself: where to look, in which order, and whether it is the one that was asked (RFC 8414). */

import { excerpt, type JsonObject } from '@oarlock/protocol'
import type { AuthorizationServer } from 'oauth4webapi'
import { screened, screenedFrom } from './address.ts'
import { AuthorizationFailed } from './error.ts'
import { type Fetching, getDocument } from './fetching.ts'
import { strings } from './resource.ts'

/** Metadata of an authorization server. Its URLs are screened; other members are as they came. */
export type IssuerMetadata = AuthorizationServer & { readonly token_endpoint: string }

const WHAT = "The authorization server's metadata"
const ENDPOINTS = ['token_endpoint', 'authorization_endpoint', 'registration_endpoint'] as const

/**
 * Reads the metadata of an issuer that a server named, in the prescribed order (C-AUTH-04). A document of another issuer is discarded: the
 * identifiers are compared as they stand (C-AUTH-05).
 * @throws AuthorizationFailed when there is none
 */
export async function issuerMetadata(fetching: Fetching, issuer: string, namedBy: string): Promise<IssuerMetadata> {
  const url = screenedFrom(namedBy, issuer, "The authorization server's address")
  if (url.search !== '' || url.hash !== '') throw new AuthorizationFailed('metadata', 'An issuer has no query and no fragment')
  let failure: unknown
  let stranger: string | undefined
  for (const place of placesOf(url)) {
    try {
      const found = await getDocument(fetching, place, WHAT)
      if (found?.['issuer'] === issuer) return usable(found, issuer)
      if (found !== undefined) stranger = JSON.stringify(found['issuer'])
    } catch (cause) {
      failure = cause
    }
  }
  if (stranger !== undefined) throw new AuthorizationFailed('metadata', `${WHAT} is of another issuer: ${excerpt(stranger)}`)
  throw failure ?? new AuthorizationFailed('metadata', `The authorization server ${excerpt(issuer)} publishes no metadata`)
}

/** The authorization server of a server that publishes no resource metadata, as in 2025-03-26: its own origin (C-AUTH-27). */
export async function originMetadata(fetching: Fetching, endpoint: string): Promise<IssuerMetadata> {
  const { origin } = new URL(endpoint)
  screened(origin, "The server's address")
  const found = await getDocument(fetching, new URL('/.well-known/oauth-authorization-server', origin), WHAT)
  if (found !== undefined) {
    const { issuer } = found
    if (issuer !== origin && issuer !== `${origin}/`) throw new AuthorizationFailed('metadata', `${WHAT} is of another issuer`)
    return usable(found, issuer)
  }
  return {
    issuer: origin,
    authorization_endpoint: `${origin}/authorize`,
    token_endpoint: `${origin}/token`,
    registration_endpoint: `${origin}/register`,
    // Nobody says so, but that revision demands it of every server.
    code_challenge_methods_supported: ['S256'],
  }
}

/** Whether a member that lists what is supported has a value. Undefined where there is no such list. */
export function supports(metadata: IssuerMetadata, member: string, value: string): boolean | undefined {
  return Array.isArray(metadata[member]) ? strings(metadata[member]).includes(value) : undefined
}

function placesOf({ origin, pathname }: URL): URL[] {
  const path = pathname.replace(/\/$/, '')
  const places = [`/.well-known/oauth-authorization-server${path}`, `/.well-known/openid-configuration${path}`]
  if (path !== '') places.push(`${path}/.well-known/openid-configuration`)
  return places.map(place => new URL(place, origin))
}

function usable(document: JsonObject, issuer: string): IssuerMetadata {
  for (const name of ENDPOINTS) {
    const address = document[name]
    if (typeof address === 'string') screenedFrom(issuer, address, `${WHAT}, ${name},`)
    else if (address !== undefined) throw new AuthorizationFailed('metadata', `${WHAT} has a ${name} that is not a URL`)
  }
  if (document['token_endpoint'] === undefined) throw new AuthorizationFailed('metadata', `${WHAT} names no token endpoint`)
  return document as IssuerMetadata
}
