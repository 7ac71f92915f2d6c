/** Asks a token endpoint, by way of oauth4webapi, which is loaded when first needed. */

import type { TokenEndpointRequestOptions } from 'oauth4webapi'
import { isObject } from '@oarlock/protocol'
import type { Prover } from './dpop.ts'
import { AuthorizationFailed } from './error.ts'
import { type Fetching, send } from './fetching.ts'
import { type ClientIdentity, proofOf } from './identity.ts'
import type { IssuerMetadata } from './issuer.ts'
import type { TokenAnswer } from './tokens.ts'

type Library = typeof import('oauth4webapi')

/** The token endpoint of one authorization server. */
export class TokenEndpoint {
  readonly metadata: IssuerMetadata
  readonly #fetching: Fetching
  readonly #prover: Prover | undefined

  /** @param prover binds the tokens to its key */
  constructor(metadata: IssuerMetadata, fetching: Fetching, prover: Prover | undefined) {
    this.metadata = metadata
    this.#fetching = fetching
    this.#prover = prover
  }

  /**
   * One grant. Asked again only for the sake of a nonce.
   * @throws AuthorizationFailed with the code of the refusal in `error`
   */
  async request(identity: ClientIdentity, grant: string, params: Readonly<Record<string, string | undefined>>): Promise<TokenAnswer> {
    const library = await import('oauth4webapi')
    const given = Object.entries(params).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))
    const options = { ...this.#options(library), ...(this.#prover && { DPoP: await this.#prover.handle() }) }
    const client = { client_id: identity.clientId }
    const ask = async (): Promise<TokenAnswer> => {
      const proof = await proofOf(identity, this.metadata)
      const response = await library.genericTokenEndpointRequest(this.metadata, client, proof, grant, given, options)
      return library.processGenericTokenEndpointResponse(this.metadata, client, response, { recognizedTokenTypes: NOT_FOR_USE })
    }
    try {
      return await ask().catch((cause: unknown) => {
        if (this.#prover !== undefined && library.isDPoPNonceError(cause)) return ask()
        throw cause
      })
    } catch (cause) {
      throw failureOf(cause)
    }
  }

  // Every URL was screened, and http is let through for loopback alone.
  #options(library: Library): TokenEndpointRequestOptions {
    return {
      [library.allowInsecureRequests]: true,
      [library.customFetch]: (url, init) => {
        const { method, headers, body } = init
        return send(this.#fetching, url, { method, headers, body }, 'The token endpoint')
      },
    }
  }
}

/** What an identity provider calls a token that is only to be handed on (RFC 8693, section 2.2.1). */
const NOT_FOR_USE = { n_a: (): void => {} }

// The library's errors carry the response, and with it secrets: only the code and the words of a refusal are kept.
function failureOf(cause: unknown): unknown {
  if (AuthorizationFailed.is(cause)) return cause
  const error = isObject(cause) && typeof cause['error'] === 'string' ? cause['error'] : undefined
  const words = isObject(cause) && typeof cause['error_description'] === 'string' ? `: ${cause['error_description'].slice(0, 200)}` : ''
  if (error !== undefined) {
    return new AuthorizationFailed('refused', `The authorization server refused with ${error.slice(0, 60)}${words}`, undefined, error)
  }
  const text = cause instanceof Error ? cause.message : String(cause)
  return new AuthorizationFailed('response', `The token endpoint's answer cannot be used: ${text.slice(0, 200)}`)
}
