/** The way of a request through a client: its layers, what is kept of earlier answers, the connection, and the check of what came. */

import { type Connector, type JsonObject, NAME_PARAMS } from '@oarlock/protocol'
import { Cached } from './cache/cached.ts'
import type { Host } from './connection.ts'
import type { Lifeline } from './heal/lifeline.ts'
import type { Repeats } from './heal/repeats.ts'
import { wholeList } from './listing.ts'
import { ClientLayers, type ClientMiddleware } from './middleware.ts'
import { faultIn, type RequestOptions } from './options.ts'
import { isRepeatable } from './repeatable.ts'
import { ResultCheck } from './result-check.ts'
import type { News } from './subscription.ts'
import { ToolBook } from './tool-book.ts'

const NO_OPTIONS: RequestOptions = Object.freeze({})

/** The requests of one client. */
export class Requests {
  readonly #host: Host
  readonly #lifeline: Lifeline
  readonly #repeats: Repeats
  readonly #cached: Cached
  readonly #tools = new ToolBook()
  readonly #layers: ClientLayers
  readonly #results: ResultCheck

  constructor(host: Host, connector: Connector, lifeline: Lifeline, repeats: Repeats) {
    this.#host = host
    this.#lifeline = lifeline
    this.#repeats = repeats
    this.#cached = new Cached(host, connector, (method, params, options) => this.#send(method, params, options))
    this.#layers = new ClientLayers(({ method, params }, { options }) => this.#exchange(method, params, options))
    this.#results = new ResultCheck(host.settings.validate)
  }

  /** Adds a layer around every request, or around those of one method. */
  use(method: string | undefined, layer: ClientMiddleware): void {
    this.#layers.add(method, layer)
  }

  /** Answers that this made out of date are not given again. */
  invalidate(news: News): void {
    this.#cached.cache?.invalidate(news)
  }

  /** Makes a request. */
  request(method: string, params: JsonObject | undefined, options: RequestOptions = NO_OPTIONS): Promise<JsonObject> {
    const wrong = options === NO_OPTIONS ? undefined : faultIn(options)
    if (wrong !== undefined) return Promise.reject(wrong)
    const chain = this.#layers.chain(method)
    if (chain === undefined) return this.#exchange(method, params, options)
    const name = params?.[NAME_PARAMS.get(method) ?? '']
    const call = { method, name: typeof name === 'string' ? name : undefined, params }
    const { server, revision } = this.#lifeline.talk
    const tool = method === 'tools/call' ? this.#tools.get(name) : undefined
    return chain(call, { server, revision, tool, signal: options.signal, options, state: new Map() })
  }

  /** All pages of a list as one. */
  all<T>(method: string, key: string, options: RequestOptions | undefined): Promise<T[]> {
    return wholeList<T>({
      method,
      key,
      maxPages: this.#host.settings.maxPages,
      request: params => this.request(method, params, options),
      forget: () => this.#cached.cache?.forget([method]),
    })
  }

  #exchange(method: string, params: JsonObject | undefined, options: RequestOptions): Promise<JsonObject> {
    if (method === 'tools/call') return this.#call(params, options)
    const answer = this.#cached.request(method, params, options)
    return method === 'tools/list' ? this.#learned(answer) : answer
  }

  async #call(params: JsonObject | undefined, options: RequestOptions): Promise<JsonObject> {
    const name = params?.['name']
    const { strict } = this.#host.settings
    if (strict && this.#results.active && this.#tools.get(name) === undefined) {
      await this.all('tools/list', 'tools', { signal: options.signal })
    }
    const result = await this.#send('tools/call', params, options)
    const tool = this.#tools.get(name)
    return tool?.outputSchema === undefined ? result : this.#results.check(name as string, tool, result)
  }

  #send(method: string, params: JsonObject | undefined, options: RequestOptions): Promise<JsonObject> {
    const safe = options.idempotent ?? isRepeatable(method, params, this.#tools)
    return this.#repeats.run(method, safe, options, (talk, left) => talk.request(method, params, left))
  }

  async #learned(answer: Promise<JsonObject>): Promise<JsonObject> {
    const page = await answer
    this.#tools.learn(page)
    return page
  }
}
