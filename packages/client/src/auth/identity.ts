/** Who the client is to an authorization server, and how it proves it at the token endpoint (C-AUTH-21, C-AUTH-30). */

import type { CryptoKey } from 'jose'
import type { ClientAuth } from 'oauth4webapi'
import { AuthorizationFailed } from './error.ts'
import type { IssuerMetadata } from './issuer.ts'
import { strings } from './resource.ts'

/** How a client proves at the token endpoint who it is. */
export type ClientAuthMethod = 'none' | 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt'

/** A key that signs client assertions. */
export interface AssertionKey {
  /** PKCS #8 as PEM, or a key of WebCrypto. */
  readonly key: string | CryptoKey
  /** Such as ES256. */
  readonly algorithm: string
  /** The `kid` by which the authorization server finds the public half. */
  readonly keyId?: string | undefined
}

/** A client that an authorization server knows. */
export interface ClientIdentity {
  readonly clientId: string
  readonly clientSecret?: string | undefined
  readonly privateKey?: AssertionKey | undefined
  /** Chosen from what the authorization server supports when absent. */
  readonly method?: ClientAuthMethod | undefined
}

/** The way in which an identity is proved. */
export function methodFor({ clientSecret, privateKey, method }: ClientIdentity, metadata: IssuerMetadata): ClientAuthMethod {
  if (method !== undefined) return method
  if (privateKey !== undefined) return 'private_key_jwt'
  if (clientSecret === undefined) return 'none'
  const listed = metadata['token_endpoint_auth_methods_supported']
  const supported = Array.isArray(listed) ? strings(listed) : ['client_secret_basic']
  const order = ['client_secret_basic', 'client_secret_post', 'none'] as const
  return order.find(one => supported.includes(one)) ?? 'client_secret_basic'
}

/** The proof, as the library adds it to a request. */
export async function proofOf(identity: ClientIdentity, metadata: IssuerMetadata): Promise<ClientAuth> {
  const method = methodFor(identity, metadata)
  if (method === 'private_key_jwt') return assertion(identity)
  const { clientId, clientSecret = '' } = identity
  switch (method) {
    case 'client_secret_basic':
      // The library escapes more than the form encoding does, which servers that do not decode take for another name.
      return (_as, _client, _body, headers) => headers.set('authorization', `Basic ${btoa(`${form(clientId)}:${form(clientSecret)}`)}`)
    case 'client_secret_post':
      return (_as, _client, body) => {
        body.set('client_id', clientId)
        body.set('client_secret', clientSecret)
      }
    case 'none':
      return (_as, _client, body) => body.set('client_id', clientId)
  }
}

async function assertion({ privateKey }: ClientIdentity): Promise<ClientAuth> {
  if (privateKey === undefined) throw new AuthorizationFailed('registration', 'private_key_jwt needs a private key')
  const [{ PrivateKeyJwt }, { importPKCS8 }] = await Promise.all([import('oauth4webapi'), import('jose')])
  const { key, algorithm, keyId } = privateKey
  const imported = typeof key === 'string' ? await importPKCS8(key, algorithm) : key
  return PrivateKeyJwt(keyId === undefined ? imported : { key: imported, kid: keyId })
}

function form(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1)
}
