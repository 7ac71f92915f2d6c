/** The server as its author uses it: offers components, adds middleware, listens on transports, closes in good order. */

import {
  duration,
  Fault,
  systemClock,
  type Clock,
  type Exchange,
  type Head,
  type Implementation,
  type Link,
  type Listener,
  type NameParams,
  type RequestMessage,
  type Revision,
  type Running,
  type ServerReceiver,
  type Service,
  type SessionRecord,
  type StatelessVerdict,
  type Transport,
} from '@oarlock/protocol'
import type { Component, Middleware } from './catalog/component.ts'
import {
  definePrompt,
  defineResource,
  defineTemplate,
  defineTool,
  type PromptOptions,
  type ResourceOptions,
  type TemplateOptions,
  type ToolOptions,
  type ToolReturn,
} from './catalog/define.ts'
import { Offer } from './catalog/offer.ts'
import type { Offerable } from './catalog/provider.ts'
import { check, joined, type Problem } from './check.ts'
import { checkProviders } from './checked-providers.ts'
import { checkCloseOptions, checkOfferOptions, checkServerOptions } from './checked-options.ts'
import { constructed } from './container.ts'
import type { Context } from './context.ts'
import type { Desk } from './edge/desk.ts'
import { serveExchange } from './edge/exchange.ts'
import { Gateway } from './edge/gateway.ts'
import type { Events, ServerEvents } from './events.ts'
import { Extensions } from './extension.ts'
import type { Hub } from './hub.ts'
import type { Kernel } from './kernel.ts'
import { lastWork } from './last-work.ts'
import { Listeners } from './listeners.ts'
import { logToConsole } from './log.ts'
import { infoOf, spokenRevisions, type CloseOptions, type OfferOptions, type ServerOptions } from './options.ts'
import { Parts } from './parts.ts'
import type { In } from './schema/infer.ts'
import type { Schema } from './schema/schema.ts'

/** An MCP server. One object serves any number of connections over any number of transports; nothing about a connection is kept on it. */
export class Server implements Service {
  readonly info: Implementation
  readonly revisions: readonly Revision[]
  readonly nameParams: NameParams
  readonly #kernel: Kernel
  readonly #hub: Hub
  readonly #desk: Desk
  readonly #events: Events
  readonly #clock: Clock
  /** When nobody can reach the server any more, what its providers hold must not keep the process alive. */
  readonly #listeners = new Listeners(this, () => void this.close())
  readonly #offers = new Set<Offer>()
  readonly #several: boolean
  #closing: Promise<void> | undefined

  constructor(options: ServerOptions) {
    checkServerOptions(options)
    const extensions = new Extensions(options.extensions ?? [])
    this.info = infoOf(options)
    this.revisions = spokenRevisions(options.revisions)
    this.nameParams = extensions.nameParams
    this.#clock = options.clock ?? systemClock
    this.#several = options.bus !== undefined
    const parts = new Parts(options, { info: this.info, revisions: this.revisions, clock: this.#clock, extensions })
    this.#kernel = parts.kernel
    this.#hub = parts.hub
    this.#desk = parts.desk
    this.#events = parts.events
    if (options.log !== false) this.#events.on('error.reported', logToConsole)
  }

  /**
   * Serves what `offerable` offers: an instance of a decorated class, an object with `tool(…)` fields, a provider, a class (its static members), or
   * an array of these. With a container a class is constructed first, and its `inject()` fields take from it. Returns a handle to change or withdraw
   * the offer.
   * @throws InvalidComponent when a component cannot be served; then nothing of the offer is
   */
  offer(offerable: Offerable, options: OfferOptions = {}): Offer {
    checkOfferOptions(options)
    const { container } = options
    const offer = new Offer(container === undefined ? offerable : constructed(offerable, container), this.#kernel.catalog, {
      updated: uri => this.resourceUpdated(uri),
      listChanged: () => this.#hub.publish({ kind: 'list', list: 'resources' }),
      whenListFollowed: listener => this.#hub.whenListFollowed(listener),
      report: (cause, where) => this.#kernel.report(cause, where),
      gone: () => void this.#offers.delete(offer),
    })
    this.#offers.add(offer)
    return offer
  }

  /** Adds a tool. */
  tool<const I extends Schema, const O extends Schema>(
    name: string,
    options: ToolOptions<I, O>,
    run: (args: In<I>, ctx: Context) => ToolReturn<O>,
  ): Offer {
    return this.#add(defineTool(name, options, run, { origin: `server.tool('${name}')` }))
  }

  /** Adds a resource at a fixed URI. */
  resource(name: string, options: ResourceOptions, run: (args: { readonly uri: string }, ctx: Context) => unknown): Offer {
    return this.#add(defineResource(name, options, run, { origin: `server.resource('${name}')` }))
  }

  /** Adds a resource template. Its function gets the variables of the URI. */
  template<const P extends Schema>(
    name: string,
    options: TemplateOptions<P>,
    run: (args: In<P> & { readonly uri: string }, ctx: Context) => unknown,
  ): Offer {
    return this.#add(defineTemplate(name, options, run, { origin: `server.template('${name}')` }))
  }

  /** Adds a prompt. */
  prompt<const A extends Schema>(
    name: string,
    options: PromptOptions<A>,
    run: (args: In<A>, ctx: Context) => unknown = () => undefined,
  ): Offer {
    return this.#add(definePrompt(name, options, run, { origin: `server.prompt('${name}')` }))
  }

  #add(component: Component): Offer {
    return this.offer({ name: component.origin, components: () => [component] })
  }

  /** Adds middleware around every call, or around the calls of one method. The first added is the outermost. */
  use(layer: Middleware): this
  use(method: string, layer: Middleware): this
  use(first: string | Middleware, second?: Middleware): this {
    const [method, layer] = typeof first === 'string' ? [first, second] : [undefined, first]
    if (typeof layer !== 'function') throw new TypeError('server.use needs middleware: a function (call, next, ctx) => result')
    if (method !== undefined) this.#kernel.checkMethod(method)
    this.#kernel.use(method, layer)
    return this
  }

  /** Listens to a fact. Returns how to stop. */
  on<E extends keyof ServerEvents>(event: E, listener: ServerEvents[E]): () => void {
    return this.#events.on(event, listener)
  }

  /** Everything offered now. */
  get components(): readonly Component[] {
    return this.#kernel.catalog.components
  }

  /**
   * Lists every problem and portability warning at once: those of components, then those that providers find about themselves, such as a folder or a driver
   * that is not there. A provider whose `check()` fails, or takes longer than ten seconds, is a problem; nothing is thrown for it.
   */
  async check(): Promise<readonly Problem[]> {
    const ofCatalog = check(this.#kernel.catalog.snapshot, { several: this.#several, sharedSeal: this.#desk.seal.shared })
    const providers = Array.from(this.#offers).flatMap(offer => offer.providers)
    return joined(ofCatalog, await checkProviders(providers, this.#clock))
  }

  /** Tells subscribers that the resource at a URI changed. */
  resourceUpdated(uri: string): void {
    this.#hub.publish({ kind: 'resource', uri })
  }

  /** Tells the client of a 2025-11-25 url elicitation that its page is done with. False when nobody waits for it. */
  elicitationComplete(id: string): boolean {
    return this.#desk.elicitations.complete(id)
  }

  /** Serves on transports. Resolves when all accept; when one cannot start, those that did are closed again. */
  listen(...transports: readonly Transport[]): Promise<readonly Listener[]> {
    return this.#listeners.start(transports)
  }

  connect(link: Link, head: Head, resume?: SessionRecord): ServerReceiver {
    return new Gateway(this.#desk, link, head, resume)
  }

  exchange(exchange: Exchange, message: RequestMessage, verdict: StatelessVerdict): Running | undefined {
    return serveExchange(this.#desk, exchange, message, verdict.revision, verdict.envelope)
  }

  report(cause: unknown, where: string): void {
    this.#kernel.report(cause, where)
  }

  /** Requests under way on all connections. */
  get busy(): number {
    return this.#desk.busy
  }

  /** Stops accepting, lets work finish, cancels what takes longer, ends streams, closes transports. Safe to call twice. */
  close(options: CloseOptions = {}): Promise<void> {
    checkCloseOptions(options)
    return (this.#closing ??= this.#close(duration(options.within ?? '10s')))
  }

  async #close(withinMs: number): Promise<void> {
    this.#listeners.stop()
    this.#hub.close()
    this.#desk.close()
    await lastWork(this.#desk, this.#clock, withinMs)
    await this.#listeners.close()
    // Those that no listener owns: in memory, or made by whoever called `connect`.
    for (const connection of this.#desk.connections) connection.end(new Fault('SHUTTING_DOWN'))
    await Promise.all(Array.from(this.#offers, offer => offer.detach()))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}
