/** Tokens as they are held and kept. */

import type { JsonObject } from '@oarlock/protocol'
import { split } from './scope.ts'

/** What an authorization server gave. */
export interface Tokens {
  readonly access: string
  readonly type: 'bearer' | 'dpop'
  readonly refresh: string | undefined
  /** Unix time in milliseconds. Absent where nothing was said. */
  readonly expiresAt: number | undefined
  readonly scopes: readonly string[]
}

/** The answer of a token endpoint, as the library reads it. */
export interface TokenAnswer {
  readonly access_token: string
  readonly token_type: string
  readonly refresh_token?: string | undefined
  readonly expires_in?: number | undefined
  readonly scope?: string | undefined
}

/** Tokens from an answer. A refresh token that is not replaced stays (C-AUTH-19); scopes that are not told are those asked for. */
export function tokensOf(answer: TokenAnswer, scopes: readonly string[], now: number, before?: Tokens): Tokens {
  return {
    access: answer.access_token,
    type: answer.token_type === 'dpop' ? 'dpop' : 'bearer',
    refresh: answer.refresh_token ?? before?.refresh,
    expiresAt: answer.expires_in === undefined ? undefined : now + answer.expires_in * 1000,
    scopes: answer.scope === undefined ? scopes : split(answer.scope),
  }
}

/** Tokens as a record. */
export function recordOf(tokens: Tokens): JsonObject {
  return { ...tokens }
}

/** Tokens from a record; undefined for one that somebody else has written. */
export function tokensIn(record: JsonObject | undefined): Tokens | undefined {
  if (record === undefined) return undefined
  const { access, type, refresh, expiresAt, scopes } = record
  if (typeof access !== 'string' || (type !== 'bearer' && type !== 'dpop') || !Array.isArray(scopes)) return undefined
  return {
    access,
    type,
    refresh: typeof refresh === 'string' ? refresh : undefined,
    expiresAt: typeof expiresAt === 'number' ? expiresAt : undefined,
    scopes: scopes.filter(scope => typeof scope === 'string'),
  }
}
