/** Layers around the requests of a client: the same shape as on the server, `(call, next, ctx) => …`. */

import type { JsonObject, Revision } from '@oarlock/protocol'
import type { RequestOptions } from './options.ts'
import type { ServerDescription } from './server.ts'
import type { KnownTool } from './tool-book.ts'

/** A request on its way out. */
export interface ClientCall {
  readonly method: string
  /** Of the tool or prompt, or the URI of the resource; undefined for methods without one. */
  readonly name: string | undefined
  /** What is sent. Assign to it to send something else. */
  params: JsonObject | undefined
}

/** Where a request comes from and goes to. */
export interface ClientCallContext {
  /** What the server said of itself, for display only (C-VER-13). */
  readonly server: ServerDescription | undefined
  readonly revision: Revision
  /** The tool that is called, if its list was seen. */
  readonly tool: KnownTool | undefined
  readonly signal: AbortSignal | undefined
  readonly options: RequestOptions
  /** For layers to leave notes for the layers inside them. */
  readonly state: Map<unknown, unknown>
}

/** The rest of the way. Another call of it sends the request again. */
export type ClientNext = () => Promise<JsonObject>

/** A layer. What it returns is the result; what it throws is the failure. */
export type ClientMiddleware = (call: ClientCall, next: ClientNext, ctx: ClientCallContext) => JsonObject | Promise<JsonObject>

/** All layers composed, for one method. */
export type ClientChain = (call: ClientCall, ctx: ClientCallContext) => Promise<JsonObject>

/** The layers of one client. Composed once for each method, and again when one is added. */
export class ClientLayers {
  readonly #core: ClientChain
  readonly #layers: { readonly method: string | undefined; readonly layer: ClientMiddleware }[] = []
  readonly #chains = new Map<string, ClientChain>()

  constructor(core: ClientChain) {
    this.#core = core
  }

  /** Adds one; the first added is the outermost. */
  add(method: string | undefined, layer: ClientMiddleware): void {
    this.#layers.push({ method, layer })
    this.#chains.clear()
  }

  /** The layers around a method; undefined where there is none. */
  chain(method: string): ClientChain | undefined {
    if (this.#layers.length === 0) return undefined
    let chain = this.#chains.get(method)
    if (chain === undefined) {
      chain = this.#layers
        .filter(each => each.method === undefined || each.method === method)
        .reduceRight<ClientChain>(
          (inner, { layer }) =>
            async (call, ctx) =>
              layer(call, () => inner(call, ctx), ctx),
          this.#core,
        )
      // Methods are a handful, unless somebody makes them up.
      if (this.#chains.size < 100) this.#chains.set(method, chain)
    }
    return chain
  }
}
