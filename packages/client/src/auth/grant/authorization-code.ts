/** A person signs in with a browser: authorization code with PKCE (OAuth 2.1, section 4.1). */

import { checkOptions, isLoopbackHost, type OptionNames } from '@oarlock/protocol'
import { screened } from '../address.ts'
import { AuthorizationFailed } from '../error.ts'
import type { ClientIdentity } from '../identity.ts'
import { type IssuerMetadata, supports } from '../issuer.ts'
import { identityAt, type RegistrationOptions, type RegistrationPlace, unregister } from '../registration.ts'
import { withOffline } from '../scope.ts'
import type { Grant, GrantContext, Granted } from './grant.ts'

/** Where the browser comes back to, for one sign-in. */
export interface OpenRedirect {
  /** The redirect URI: https, or http on loopback. */
  readonly url: string
  /** Sends the browser to an address, and resolves with the one it comes back to. Rejects when it does not come. */
  visit(address: URL): Promise<string | URL>
  /** The sign-in is over. */
  close?(): void | PromiseLike<void>
}

/** How a browser is sent away and received again. `loopbackRedirect` of `@oarlock/client/auth/node` is one for command lines. */
export interface Redirect {
  /** Called before each sign-in. */
  open(): OpenRedirect | PromiseLike<OpenRedirect>
}

/** Options of `authorizationCode`. */
export interface AuthorizationCodeOptions extends RegistrationOptions {
  readonly redirect: Redirect
  /** Ask for `offline_access` where the authorization server lists it. True when absent. */
  readonly offline?: boolean | undefined
  /** More parameters of the authorization request, such as `prompt` or `audience`. Those of the protocol win. */
  readonly parameters?: Readonly<Record<string, string>> | undefined
}

const AUTHORIZATION_CODE_OPTIONS: OptionNames<AuthorizationCodeOptions> = {
  clients: true,
  clientMetadataUrl: true,
  clientName: true,
  clientMetadata: true,
  redirect: true,
  offline: true,
  parameters: true,
}

/** Obtains tokens by sending a person's browser to the authorization server. */
export function authorizationCode(options: AuthorizationCodeOptions): Grant {
  checkOptions(options, AUTHORIZATION_CODE_OPTIONS, 'authorizationCode()')
  return {
    interactive: true,
    clients: options.clients ?? [],
    async obtain(context) {
      const redirect = await options.redirect.open()
      try {
        return await signIn(options, context, redirect)
      } finally {
        await redirect.close?.()
      }
    },
  }
}

async function signIn(options: AuthorizationCodeOptions, context: GrantContext, redirect: OpenRedirect): Promise<Granted> {
  const { endpoint, resource, fetching, store, now } = context
  const { metadata } = endpoint
  checkRedirect(redirect.url)
  if (supports(metadata, 'code_challenge_methods_supported', 'S256') !== true) {
    throw new AuthorizationFailed('metadata', 'The authorization server does not say that it supports PKCE with S256')
  }
  const place: RegistrationPlace = { metadata, redirectUrl: redirect.url, resource, fetching, store, now }
  const scopes = options.offline === false ? context.scopes : withOffline(context.scopes, metadata)
  const once = async (): Promise<Granted> => {
    const identity = await identityAt(options, place)
    const answer = await exchange(options, context, redirect, identity, scopes)
    return { identity, answer, scopes }
  }
  try {
    return await once()
  } catch (cause) {
    // Registrations are forgotten by servers, and only then say so; one that was made beforehand stays wrong.
    const stale = AuthorizationFailed.is(cause) && cause.error === 'invalid_client' && (await unregister(place))
    if (!stale) throw cause
    return once()
  }
}

async function exchange(
  options: AuthorizationCodeOptions,
  { endpoint, resource }: GrantContext,
  redirect: OpenRedirect,
  identity: ClientIdentity,
  scopes: readonly string[],
): ReturnType<GrantContext['endpoint']['request']> {
  const { metadata } = endpoint
  const { calculatePKCECodeChallenge, generateRandomCodeVerifier, generateRandomState } = await import('oauth4webapi')
  const [state, verifier] = [generateRandomState(), generateRandomCodeVerifier()]
  const address = pageOf(metadata)
  const asked = {
    ...options.parameters,
    response_type: 'code',
    client_id: identity.clientId,
    redirect_uri: redirect.url,
    resource,
    state,
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...(scopes.length > 0 && { scope: scopes.join(' ') }),
  }
  for (const [name, value] of Object.entries(asked)) address.searchParams.set(name, value)
  const back = await redirect.visit(address)
  const code = await codeIn(new URL(back), metadata, identity, state)
  return endpoint.request(identity, 'authorization_code', { code, redirect_uri: redirect.url, code_verifier: verifier, resource })
}

/** The code that the browser brought, if the answer is from the issuer that was asked, and is for this sign-in (RFC 9207; C-AUTH-12 to C-AUTH-14). */
async function codeIn({ searchParams }: URL, metadata: IssuerMetadata, identity: ClientIdentity, state: string): Promise<string> {
  const { validateAuthResponse, AuthorizationResponseError } = await import('oauth4webapi')
  const iss = searchParams.get('iss')
  // As they stand, to the last slash: who normalises lets one server speak for another. Also an empty one is one.
  if (iss !== null && iss !== metadata.issuer)
    throw new AuthorizationFailed('response', 'The answer comes from another authorization server')
  try {
    validateAuthResponse(metadata, { client_id: identity.clientId }, searchParams, state)
  } catch (cause) {
    if (!(cause instanceof AuthorizationResponseError)) {
      throw new AuthorizationFailed('response', 'The answer of the authorization server is not one to this sign-in')
    }
    const words = cause.error_description === undefined ? '' : `: ${cause.error_description.slice(0, 200)}`
    throw new AuthorizationFailed(
      'refused',
      `The authorization server refused with ${cause.error.slice(0, 60)}${words}`,
      undefined,
      cause.error,
    )
  }
  const code = searchParams.get('code')
  if (code === null || code === '') throw new AuthorizationFailed('response', 'The answer of the authorization server holds no code')
  return code
}

function pageOf(metadata: IssuerMetadata): URL {
  if (metadata.authorization_endpoint === undefined) {
    throw new AuthorizationFailed('metadata', 'The authorization server has no page to sign in')
  }
  return screened(metadata.authorization_endpoint, 'The authorization endpoint')
}

function checkRedirect(address: string): void {
  const { protocol, hostname } = new URL(address)
  if (protocol !== 'https:' && !(protocol === 'http:' && isLoopbackHost(hostname))) {
    throw new TypeError('A redirect URL is https, or http on loopback')
  }
}
