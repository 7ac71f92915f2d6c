/** Sends what is not kept, and keeps what may be. */

import type { Connector, JsonObject } from '@oarlock/protocol'
import type { Host } from '../connection.ts'
import { mayPass } from '../heal/broken.ts'
import type { RequestOptions } from '../options.ts'
import { cancelled } from '../pending.ts'
import { Cache, type Slot } from './cache.ts'
import { keyOf } from './key.ts'

/** Sends a request. */
export type Send = (method: string, params: JsonObject | undefined, options: RequestOptions) => Promise<JsonObject>

/** The cache in front of a client's requests. */
export class Cached {
  readonly cache: Cache | undefined
  readonly #host: Host
  readonly #connector: Connector
  readonly #send: Send

  constructor(host: Host, connector: Connector, send: Send) {
    const { cache, clock } = host.settings
    this.cache = cache === undefined ? undefined : new Cache(cache, clock)
    this.#host = host
    this.#connector = connector
    this.#send = send
  }

  request(method: string, params: JsonObject | undefined, options: RequestOptions): Promise<JsonObject> {
    const key = this.cache === undefined ? undefined : keyOf(method, params, options.meta)
    return key === undefined ? this.#send(method, params, options) : this.#through(this.cache as Cache, key, method, params, options)
  }

  async #through(cache: Cache, key: string, method: string, params: JsonObject | undefined, options: RequestOptions): Promise<JsonObject> {
    const slot = this.#slot(cache, key)
    const found = cache.find(slot)
    if (found?.fresh === true && options.fresh !== true) {
      if (options.signal?.aborted === true) throw cancelled(method, options.signal.reason)
      return found.value()
    }
    let result: JsonObject
    try {
      result = await this.#send(method, params, options)
    } catch (cause) {
      if (found !== undefined && this.#host.settings.cache?.staleOnError === true && mayPass(cause)) return found.value()
      throw cause
    }
    // An answer to one who was asked is for nobody else (C-CACHE-03).
    if (!this.#host.personal.has(result)) cache.store(this.#same(cache, slot), result)
    return result
  }

  #slot(cache: Cache, key: string): Slot {
    const { principal } = this.#connector
    return cache.slot(key, principal === undefined ? undefined : { principal: principal.call(this.#connector) })
  }

  /** The slot, unless somebody else has signed in since: then the answer may be either's, and is not kept. */
  #same(cache: Cache, before: Slot): Slot {
    const now = this.#slot(cache, before.key)
    return now.principal === before.principal ? before : { ...before, generation: -1 }
  }
}
