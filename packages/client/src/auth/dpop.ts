/** Proof of possession: tokens that are of no use to a thief (RFC 9449, SEP-1932). */

import type { CryptoKeyPair, DPoPHandle } from 'oauth4webapi'
import { randomId, type JsonObject } from '@oarlock/protocol'
import { keyOf, type TokenStore } from './store.ts'

const ALGORITHM = 'ES256'
const KEY = keyOf('dpop')

/** Makes proofs with one key, and remembers the nonces that servers ask for, by origin. */
export class Prover {
  readonly keys: CryptoKeyPair
  readonly #jwk: JsonObject
  readonly #nonces = new Map<string, string>()

  private constructor(keys: CryptoKeyPair, jwk: JsonObject) {
    this.keys = keys
    this.#jwk = jwk
  }

  /** A prover whose key is kept with the tokens: a refresh token may be bound to it. */
  static async kept(store: TokenStore): Promise<Prover> {
    const { exportJWK, generateKeyPair, importJWK } = await import('jose')
    const known = await store.get(KEY)
    if (known !== undefined) {
      const { d: _, ...open } = known
      const [privateKey, publicKey] = await Promise.all([
        importJWK({ ...known }, ALGORITHM),
        importJWK(open, ALGORITHM, { extractable: true }),
      ])
      if (!(privateKey instanceof Uint8Array) && !(publicKey instanceof Uint8Array)) return new Prover({ privateKey, publicKey }, open)
    }
    const keys = await generateKeyPair(ALGORITHM, { extractable: true })
    await store.set(KEY, { ...(await exportJWK(keys.privateKey)) })
    return new Prover(keys, { ...(await exportJWK(keys.publicKey)) })
  }

  /** Signs for the token endpoint, where the library keeps the nonces. */
  async handle(): Promise<DPoPHandle> {
    const { DPoP } = await import('oauth4webapi')
    return DPoP({}, this.keys)
  }

  /** A proof for one request with a token. */
  async proof(method: string, address: string, token: string): Promise<string> {
    const { SignJWT, base64url } = await import('jose')
    const { origin, pathname } = new URL(address)
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token))
    const nonce = this.#nonces.get(origin)
    return new SignJWT({
      htm: method,
      htu: `${origin}${pathname}`,
      ath: base64url.encode(new Uint8Array(digest)),
      ...(nonce === undefined ? {} : { nonce }),
    })
      .setProtectedHeader({ alg: ALGORITHM, typ: 'dpop+jwt', jwk: this.#jwk })
      .setJti(randomId())
      .setIssuedAt()
      .sign(this.keys.privateKey)
  }

  /** Notes the nonce that a server gave. Returns whether it is a new one. */
  noted(address: string, nonce: string | undefined): boolean {
    const { origin } = new URL(address)
    if (nonce === undefined || this.#nonces.get(origin) === nonce) return false
    this.#nonces.set(origin, nonce)
    return true
  }
}
