/** How a client becomes known to an authorization server: registered beforehand, by a document of its own, or now (C-AUTH-15 to C-AUTH-18, C-AUTH-20). */

import { excerpt, isLoopbackHost, type JsonObject } from '@oarlock/protocol'
import { AuthorizationFailed } from './error.ts'
import { type Fetching, objectIn, send } from './fetching.ts'
import type { ClientAuthMethod, ClientIdentity } from './identity.ts'
import { type IssuerMetadata, supports } from './issuer.ts'
import { keyOf, type TokenStore } from './store.ts'

/** A client that was registered beforehand. */
export interface RegisteredClient extends ClientIdentity {
  /** Where. It is used with no other; when absent, with the first that it was used with. */
  readonly issuer?: string | undefined
}

/** By what a client can make itself known. */
export interface RegistrationOptions {
  readonly clients?: readonly RegisteredClient[] | undefined
  /** Where the client publishes its metadata (Client ID Metadata Document): https, with a path. */
  readonly clientMetadataUrl?: string | undefined
  /** Shown by authorization servers. */
  readonly clientName?: string | undefined
  /** More members for dynamic registration, such as `logo_uri`. */
  readonly clientMetadata?: JsonObject | undefined
}

/** Where a registration takes place. */
export interface RegistrationPlace {
  readonly metadata: IssuerMetadata
  readonly redirectUrl: string
  readonly resource: string
  readonly fetching: Fetching
  readonly store: TokenStore
  readonly now: () => number
}

/** The identity to use with an authorization server. @throws AuthorizationFailed when there is no way to get one */
export async function identityAt(options: RegistrationOptions, place: RegistrationPlace): Promise<ClientIdentity> {
  const known = await registeredBefore(options.clients ?? [], place)
  if (known !== undefined) return known
  const { metadata } = place
  const { clientMetadataUrl } = options
  if (clientMetadataUrl !== undefined && metadata['client_id_metadata_document_supported'] === true) {
    // It is the authorization server that fetches it, and a company's own may reach what is private.
    const { protocol, pathname } = new URL(clientMetadataUrl)
    if (protocol !== 'https:' || pathname === '/') throw new TypeError('A client metadata document has an https URL with a path')
    return { clientId: clientMetadataUrl, method: 'none' }
  }
  if (metadata.registration_endpoint === undefined) {
    throw new AuthorizationFailed(
      'registration',
      `${excerpt(metadata.issuer)} does not register clients: register one with it and give its id in \`clients\``,
    )
  }
  const key = keyFor(place)
  return stillGood(await place.store.get(key), place.now()) ?? register(options, place, metadata.registration_endpoint, key)
}

/** Forgets a registration that the authorization server does not know any more. Returns whether there was one. */
export async function unregister(place: RegistrationPlace): Promise<boolean> {
  const key = keyFor(place)
  const known = (await place.store.get(key)) !== undefined
  await place.store.delete(key)
  return known
}

function keyFor({ metadata, redirectUrl }: RegistrationPlace): string {
  return keyOf('client', metadata.issuer, redirectUrl)
}

async function registeredBefore(clients: readonly RegisteredClient[], place: RegistrationPlace): Promise<ClientIdentity | undefined> {
  const { metadata, store, resource } = place
  const named = clients.find(({ issuer }) => issuer === metadata.issuer)
  if (named !== undefined) return named
  const free = clients.find(({ issuer }) => issuer === undefined)
  if (free === undefined) return undefined
  const key = keyOf('bound', free.clientId, resource)
  const bound = (await store.get(key))?.['issuer']
  if (bound === undefined) await store.set(key, { issuer: metadata.issuer })
  // The secret of one authorization server is not shown to another, whatever the server says (C-AUTH-20).
  return bound === undefined || bound === metadata.issuer ? free : undefined
}

function stillGood(record: JsonObject | undefined, now: number): ClientIdentity | undefined {
  const { clientId, clientSecret, method, expiresAt } = record ?? {}
  if (typeof clientId !== 'string' || (typeof expiresAt === 'number' && expiresAt <= now)) return undefined
  return {
    clientId,
    clientSecret: typeof clientSecret === 'string' ? clientSecret : undefined,
    method: isMethod(method) ? method : undefined,
  }
}

async function register(options: RegistrationOptions, place: RegistrationPlace, address: string, key: string): Promise<ClientIdentity> {
  const { metadata, redirectUrl, fetching, store } = place
  const method = METHODS.find(one => supports(metadata, 'token_endpoint_auth_methods_supported', one) === true) ?? 'client_secret_basic'
  const body = JSON.stringify({
    client_name: options.clientName ?? 'Oarlock',
    ...options.clientMetadata,
    redirect_uris: [redirectUrl],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: method,
    application_type: isLoopbackHost(new URL(redirectUrl).hostname) ? 'native' : 'web',
  })
  const headers = { 'Content-Type': 'application/json', Accept: 'application/json' }
  const response = await send(fetching, address, { method: 'POST', headers, body }, 'The registration endpoint')
  const answer = await objectIn(response, "The registration endpoint's answer")
  const { client_id: clientId, client_secret: secret, token_endpoint_auth_method: given, client_secret_expires_at: expires } = answer
  if (!response.ok || typeof clientId !== 'string') {
    const error = typeof answer['error'] === 'string' ? answer['error'] : undefined
    throw new AuthorizationFailed(
      'registration',
      `The client was not registered: ${excerpt(error ?? String(response.status))}`,
      undefined,
      error,
    )
  }
  const record = {
    clientId,
    ...(typeof secret === 'string' && { clientSecret: secret }),
    ...(isMethod(given) && { method: given }),
    ...(typeof expires === 'number' && expires > 0 && { expiresAt: expires * 1000 }),
  }
  await store.set(key, record)
  return record
}

const METHODS = ['none', 'client_secret_basic', 'client_secret_post'] as const

function isMethod(value: unknown): value is ClientAuthMethod {
  return METHODS.some(method => method === value)
}
