/** Where tokens and registrations are kept. */

import type { JsonObject } from '@oarlock/protocol'

/**
 * Keeps small JSON records by key. They are secrets: never log them, and encrypt them at rest where others can read the disk. Keys hold
 * issuers and resources, no secrets.
 */
export interface TokenStore {
  get(key: string): JsonObject | undefined | PromiseLike<JsonObject | undefined>
  set(key: string, record: JsonObject): void | PromiseLike<void>
  delete(key: string): void | PromiseLike<void>
  /**
   * Runs `work` while nobody else, in this process or another that shares the store, runs with the same key. Without it, processes that
   * share a rotating refresh token may lose it to each other.
   */
  lock?<T>(key: string, work: () => Promise<T>): Promise<T>
}

/** A store for this process. */
export function memoryTokenStore(): TokenStore {
  const records = new Map<string, JsonObject>()
  return {
    get: key => records.get(key),
    set: (key, record) => void records.set(key, record),
    delete: key => void records.delete(key),
  }
}

/** A key of parts that cannot run into each other. */
export function keyOf(...parts: readonly string[]): string {
  return JSON.stringify(parts)
}
