/** Results as text in a revision's words, stamped with what its results must carry. */

import { conversationOf, isObject, lower, META, type Implementation, type JsonObject, type Revision } from '@oarlock/protocol'
import type { Hint } from './hint.ts'

/** Encodes the results of one server. The constant parts are text already. */
export class Encoder {
  readonly #info: Implementation
  readonly #meta: string

  constructor(info: Implementation) {
    this.#info = info
    this.#meta = `"_meta":{${JSON.stringify(META.serverInfo)}:${JSON.stringify(info)}}`
  }

  /** A result of `method` as JSON text. `hint` only where the method's results carry one (DIGEST S-CACHE-01). */
  encode(method: string, result: object, revision: Revision, hint?: Hint): string {
    const lowered = lower(method, result, revision) as JsonObject
    return conversationOf(revision) === 'stateless' ? this.#stamped(lowered, hint) : JSON.stringify(lowered)
  }

  /** `resultType`, caching hint and `serverInfo` are written around the result; an object is made only when it says some of that itself. */
  #stamped(result: JsonObject, hint: Hint | undefined): string {
    const { _meta, resultType, ttlMs, cacheScope } = result
    if (_meta === undefined && resultType === undefined && ttlMs === undefined && cacheScope === undefined) {
      const cache = hint === undefined ? '' : `,"ttlMs":${hint.ttlMs},"cacheScope":"${hint.scope}"`
      const body = JSON.stringify(result)
      return `{"resultType":"complete"${cache},${this.#meta}${body === '{}' ? '}' : `,${body.slice(1)}`}`
    }
    const cache = hint === undefined ? {} : { ttlMs: hint.ttlMs, cacheScope: hint.scope }
    const meta = { ...(isObject(_meta) ? _meta : {}), [META.serverInfo]: this.#info }
    return JSON.stringify({ resultType: 'complete', ...cache, ...result, _meta: meta })
  }
}
