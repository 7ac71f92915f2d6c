/** Every request by its own name, with the protocol's own params and results: for what the short forms of the client leave out. */

import type { JsonObject, ParamsOf, RequestName, ResultOf } from '@oarlock/protocol'
import type { RequestOptions } from './options.ts'

/** Sends one request and gives its complete result. */
export type Send = (method: string, params: JsonObject | undefined, options: RequestOptions | undefined) => Promise<JsonObject>

type Params<M extends RequestName> = ParamsOf<M>
type Result<M extends RequestName> = Promise<ResultOf<M>>

/** The requests of all revisions. Those that the spoken revision does not have reject with `Unsupported` and send nothing. */
export class RawClient {
  readonly #send: Send

  constructor(send: Send) {
    this.#send = send
  }

  /** Never throws for `isError`: that is a result. Lists leave out what cannot be called over HTTP; nothing else is changed. */
  callTool(params: Params<'tools/call'>, options?: RequestOptions): Result<'tools/call'> {
    return this.request('tools/call', params, options)
  }

  listTools(params?: Params<'tools/list'>, options?: RequestOptions): Result<'tools/list'> {
    return this.request('tools/list', params, options)
  }

  listResources(params?: Params<'resources/list'>, options?: RequestOptions): Result<'resources/list'> {
    return this.request('resources/list', params, options)
  }

  listResourceTemplates(params?: Params<'resources/templates/list'>, options?: RequestOptions): Result<'resources/templates/list'> {
    return this.request('resources/templates/list', params, options)
  }

  readResource(params: Params<'resources/read'>, options?: RequestOptions): Result<'resources/read'> {
    return this.request('resources/read', params, options)
  }

  /** Sessions only; `client.listen` works everywhere. */
  subscribe(params: Params<'resources/subscribe'>, options?: RequestOptions): Result<'resources/subscribe'> {
    return this.request('resources/subscribe', params, options)
  }

  /** Sessions only. */
  unsubscribe(params: Params<'resources/unsubscribe'>, options?: RequestOptions): Result<'resources/unsubscribe'> {
    return this.request('resources/unsubscribe', params, options)
  }

  listPrompts(params?: Params<'prompts/list'>, options?: RequestOptions): Result<'prompts/list'> {
    return this.request('prompts/list', params, options)
  }

  getPrompt(params: Params<'prompts/get'>, options?: RequestOptions): Result<'prompts/get'> {
    return this.request('prompts/get', params, options)
  }

  complete(params: Params<'completion/complete'>, options?: RequestOptions): Result<'completion/complete'> {
    return this.request('completion/complete', params, options)
  }

  /** Sessions only; `client.setLogLevel` works everywhere. */
  setLevel(params: Params<'logging/setLevel'>, options?: RequestOptions): Result<'logging/setLevel'> {
    return this.request('logging/setLevel', params, options)
  }

  /** Sessions only; `client.ping` works everywhere. */
  ping(params?: Params<'ping'>, options?: RequestOptions): Result<'ping'> {
    return this.request('ping', params, options)
  }

  /** Where there is no session; `client.discover` works everywhere. */
  discover(params?: Params<'server/discover'>, options?: RequestOptions): Result<'server/discover'> {
    return this.request('server/discover', params, options)
  }

  /** Any method, of an extension too. */
  request<M extends RequestName>(method: M, params?: ParamsOf<M>, options?: RequestOptions): Promise<ResultOf<M>>
  request(method: string, params?: JsonObject, options?: RequestOptions): Promise<JsonObject>
  request(method: string, params?: object, options?: RequestOptions): Promise<JsonObject> {
    return this.#send(method, params as JsonObject | undefined, options)
  }
}
