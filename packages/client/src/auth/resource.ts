/** What a server says about itself as a protected resource: where to look, and whether to believe it (RFC 9728; C-AUTH-02, C-AUTH-03). */

import { excerpt, type JsonObject } from '@oarlock/protocol'
import { screened, screenedFrom } from './address.ts'
import { AuthorizationFailed } from './error.ts'
import { type Fetching, getDocument } from './fetching.ts'

/** A protected resource and those who may give tokens for it. */
export interface ProtectedResource {
  /** Exactly as published: it goes into `resource` unchanged. */
  readonly resource: string
  /** Issuers, at least one. */
  readonly issuers: readonly string[]
  readonly scopes: readonly string[]
  /** Only tokens bound to a key are taken (RFC 9449). */
  readonly dpopRequired: boolean
}

const WHAT = "The server's resource metadata"

/**
 * Reads the metadata of the server at `endpoint`: where the challenge says, else at the well-known places, with the path first. Undefined
 * where there is none, as before 2025-06-18.
 * @throws AuthorizationFailed when it speaks of another server, or cannot be read
 */
export async function protectedResource(
  fetching: Fetching,
  endpoint: string,
  challenged: string | undefined,
): Promise<ProtectedResource | undefined> {
  for (const place of placesOf(endpoint, challenged)) {
    const found = await getDocument(fetching, place, WHAT)
    if (found !== undefined) return believed(found, endpoint)
  }
  return undefined
}

function placesOf(endpoint: string, challenged: string | undefined): URL[] {
  const { origin, pathname } = new URL(endpoint)
  screened(endpoint, "The server's address")
  const places: URL[] = []
  if (challenged !== undefined) {
    const url = screenedFrom(endpoint, challenged, WHAT)
    // Whoever can inject a header must not choose whose word counts.
    if (url.origin !== origin) throw new AuthorizationFailed('address', `${WHAT} is of another origin than the server`)
    places.push(url)
  }
  const path = pathname === '/' ? [] : [pathname]
  for (const suffix of [...path, '']) places.push(new URL(`/.well-known/oauth-protected-resource${suffix}`, origin))
  return places.filter((place, index) => places.findIndex(({ href }) => href === place.href) === index)
}

function believed(document: JsonObject, endpoint: string): ProtectedResource {
  const { resource, authorization_servers: issuers, scopes_supported: scopes } = document
  if (typeof resource !== 'string' || !covers(resource, endpoint)) {
    const named = typeof resource === 'string' ? excerpt(resource) : 'nothing'
    throw new AuthorizationFailed('metadata', `${WHAT} is about another resource: ${named}`)
  }
  const listed = strings(issuers)
  if (listed.length === 0) throw new AuthorizationFailed('metadata', `${WHAT} names no authorization server`)
  return { resource, issuers: listed, scopes: strings(scopes), dpopRequired: document['dpop_bound_access_tokens_required'] === true }
}

/** Whether a resource identifier stands for an endpoint: the same, or a path above it on the same origin. */
export function covers(resource: string, endpoint: string): boolean {
  if (!URL.canParse(resource)) return false
  const [outer, inner] = [new URL(resource), new URL(endpoint)]
  if (outer.origin !== inner.origin || outer.hash !== '' || outer.username !== '' || outer.password !== '') return false
  if (outer.search !== '' && outer.search !== inner.search) return false
  const folder = outer.pathname.endsWith('/') ? outer.pathname : `${outer.pathname}/`
  return inner.pathname === outer.pathname || `${inner.pathname}/`.startsWith(folder)
}

/** An endpoint as a resource identifier, for a server that publishes none: without fragment and without a bare slash (C-AUTH-07). */
export function canonical(endpoint: string): string {
  const { origin, pathname, search } = new URL(endpoint)
  return `${origin}${pathname === '/' ? '' : pathname}${search}`
}

/** The strings of a list; none where there is no list. */
export function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter(item => typeof item === 'string') : []
}
