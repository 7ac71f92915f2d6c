/** Authentication by API key: looked up by the key's public half, compared by hash in constant time (THREATS T32). */

import { Anonymous, unauthenticated } from './anonymous.ts'
import type { Authenticate } from './authenticate.ts'
import { challengeOf } from './challenge.ts'
import { holdsSeveral, ONE_CREDENTIAL } from './credentials.ts'
import { Fault } from './fault.ts'
import { checkOptions, type OptionNames } from './option-names.ts'
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
  /**
   * Serves a request without a key as anonymous: `ctx.principal` is undefined, and guards that want to know who asks refuse it with the challenge. A key that is not good
   * is refused all the same. Only for a server of which everything that is not for everybody has a guard.
   */
  readonly optional?: boolean
  /** The header that carries the key. `X-API-Key` when absent; in `Authorization` it follows `Bearer`. */
  readonly header?: string
  readonly realm?: string
  readonly clock?: Clock
}

const OPTIONS: OptionNames<ApiKeyOptions> = { optional: true, header: true, realm: true, clock: true }

/** Longest key that is looked at. */
const MAX_KEY = 512
/** Compared with where there is no such key, so that it takes as long. */
const NOBODY = '0'.repeat(64)

/**
 * Authenticates by keys of the form `id.secret`, the secret being 128 random bits or more; `randomId()` makes either half. An unknown id, a
 * wrong secret and an expired key are answered alike.
 * @throws TypeError for an option that does not exist
 */
export function apiKeys(store: ApiKeyStore, options: ApiKeyOptions = {}): Authenticate {
  checkOptions(options, OPTIONS, 'apiKeys()')
  const header = (options.header ?? 'X-API-Key').toLowerCase()
  const clock = options.clock ?? systemClock
  const challenges = [{ scheme: header === 'authorization' ? 'Bearer' : 'ApiKey', params: { realm: options.realm } }]
  const nobody = new Anonymous(challenges)
  const refusal = (): Fault => new Fault('UNAUTHENTICATED', undefined, { headers: { 'WWW-Authenticate': challengeOf(challenges) } })
  return async head => {
    const shown = head.headers?.get(header)
    if (shown !== undefined && header === 'authorization' && holdsSeveral(shown)) return new Fault('INVALID_REQUEST', ONE_CREDENTIAL)
    // What follows another scheme in `Authorization` is no key that is wrong, but none.
    if (shown === undefined || (header === 'authorization' && !/^bearer(?: |$)/i.test(shown)))
      return options.optional === true ? nobody : unauthenticated(nobody)
    const key = keyOf(shown, header)
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

function keyOf(text: string, header: string): string | undefined {
  const key = header === 'authorization' ? /^bearer +(\S+)$/i.exec(text)?.[1] : text
  return key !== undefined && key.length <= MAX_KEY && key.indexOf('.') > 0 ? key : undefined
}

/** Whether two texts are the same, in a time that depends on the length of the first alone. */
function sameText(known: string, asked: string): boolean {
  let difference = known.length ^ asked.length
  for (let i = 0; i < known.length; i++) difference |= known.charCodeAt(i) ^ asked.charCodeAt(i)
  return difference === 0
}
