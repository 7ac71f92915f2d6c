/** Authentication by API key: looked up by the key's public half, compared by hash in constant time (THREATS T32). */

import { type Authenticate, challenge } from './authenticate.ts'
import { Fault } from './fault.ts'
import type { Principal } from './peer.ts'
import { type Clock, systemClock } from './port/clock.ts'

/** What is kept of a key. The key itself is kept nowhere. */
export interface ApiKeyRecord {
  /** `hashApiKey` of the whole key. */
  readonly hash: string
  readonly principal: Principal
  /** Unix time in milliseconds from which the key is no longer good. */
  readonly expiresAt?: number
}

/** Keys by their id, which is what stands before the first dot of a key. A `Map` is one. */
export interface ApiKeyStore {
  get(id: string): ApiKeyRecord | undefined | PromiseLike<ApiKeyRecord | undefined>
}

/** Options of `apiKeys`. */
export interface ApiKeyOptions {
  /** The header that carries the key. `X-API-Key` when absent; in `Authorization` it follows `Bearer`. */
  readonly header?: string
  readonly realm?: string
  readonly clock?: Clock
}

/** Longest key that is looked at. */
const MAX_KEY = 512
/** Compared with where there is no such key, so that it takes as long. */
const NOBODY = '0'.repeat(64)

/**
 * Authenticates by keys of the form `id.secret`, the secret being 128 random bits or more; `randomId()` makes either half. An unknown id, a
 * wrong secret and an expired key are answered alike.
 */
export function apiKeys(store: ApiKeyStore, options: ApiKeyOptions = {}): Authenticate {
  const header = (options.header ?? 'X-API-Key').toLowerCase()
  const clock = options.clock ?? systemClock
  const refusal = (): Fault => {
    const value = challenge(header === 'authorization' ? 'Bearer' : 'ApiKey', { realm: options.realm })
    return new Fault('UNAUTHENTICATED', undefined, { headers: { 'WWW-Authenticate': value } })
  }
  return async head => {
    const key = keyOf(head.headers?.get(header), header)
    if (key === undefined) return refusal()
    const found = await store.get(key.slice(0, key.indexOf('.')))
    const hash = await hashApiKey(key)
    const matches = sameText(hash, found?.hash.toLowerCase() ?? NOBODY)
    if (found === undefined || !matches || (found.expiresAt ?? Number.POSITIVE_INFINITY) <= clock.now()) return refusal()
    return found.principal
  }
}

/** The SHA-256 of a key in hexadecimal digits: what an `ApiKeyRecord` holds. */
export async function hashApiKey(key: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(key)))
  return Array.from(digest, byte => byte.toString(16).padStart(2, '0')).join('')
}

function keyOf(text: string | undefined, header: string): string | undefined {
  const key = header === 'authorization' ? /^bearer +(\S+)$/i.exec(text ?? '')?.[1] : text
  return key !== undefined && key.length <= MAX_KEY && key.indexOf('.') > 0 ? key : undefined
}

/** Whether two texts are the same, in a time that depends on the length of the first alone. */
function sameText(known: string, asked: string): boolean {
  let difference = known.length ^ asked.length
  for (let i = 0; i < known.length; i++) difference |= known.charCodeAt(i) ^ asked.charCodeAt(i)
  return difference === 0
}
