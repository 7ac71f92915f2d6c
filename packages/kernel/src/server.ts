/** The server as its author uses it: offers components, adds middleware, listens on transports, closes in good order. */

import {
  REVISIONS,
  systemClock,
  type Bus,
  type Clock,
  type Exchange,
  type Head,
  type Icon,
  type Implementation,
  type Link,
  type Listener,
  type RequestMessage,
  type Revision,
  type Running,
  type ServerReceiver,
  type Service,
  type SessionRecord,
  type StatelessVerdict,
  type Transport,
} from '@oarlock/protocol'
import { Catalog } from './catalog/catalog.ts'
import type { Component } from './catalog/component.ts'
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
import type { Middleware } from './chain.ts'
import { check, type Problem } from './check.ts'
import { compileComponent, entryTools } from './compile.ts'
import { constructed, type Container } from './container.ts'
import type { Context } from './context.ts'
import { duration, type Duration } from './duration.ts'
import { Desk } from './edge/desk.ts'
import { serveExchange } from './edge/exchange.ts'
import { Gateway } from './edge/gateway.ts'
import { StateSeal, type StateOptions } from './edge/state.ts'
import type { Hint } from './encode.ts'
import { Events, type ServerEvents } from './events.ts'
import { Extensions, type Extension } from './extension.ts'
import type { DeclaredFeatures } from './features.ts'
import { Hub } from './hub.ts'
import { Kernel } from './kernel.ts'
import { logToConsole } from './log.ts'
import { Quota } from './quota.ts'
import type { In } from './schema/infer.ts'
import type { Schema } from './schema/schema.ts'
import { installedTemplateEngine, type TemplateEngine } from './template-engine.ts'
import { Watches } from './watches.ts'
import type { CacheHint } from './catalog/component.ts'

/** Methods whose results carry a caching hint, for `cache`. */
export type Cacheable = 'server/discover' | 'tools/list' | 'resources/list' | 'resources/templates/list' | 'prompts/list' | 'resources/read'

/** What a server is made with. Only name and version are needed. */
export interface ServerOptions {
  readonly name: string
  readonly version: string
  readonly title?: string
  readonly description?: string
  readonly websiteUrl?: string
  readonly icons?: readonly Icon[]
  /** Guidance for the model that uses this server. */
  readonly instructions?: string
  /** Revisions to speak; all when absent. */
  readonly revisions?: readonly Revision[]
  /** Entries in one page of a list. 1,000 when absent. */
  readonly pageSize?: number
  /** Features to declare before anything of their kind is offered, or to leave out. */
  readonly features?: DeclaredFeatures
  readonly extensions?: readonly Extension[]
  /** Caching hints by method. */
  readonly cache?: Readonly<Partial<Record<Cacheable, CacheHint>>>
  /** How `requestState` is sealed. Give `secrets` when several processes serve one endpoint. */
  readonly state?: StateOptions
  readonly templates?: TemplateEngine
  /** Turn strings of tool arguments into what the schema wants. Off when absent: models are told what is wrong. */
  readonly coerce?: boolean
  /** Fill absent arguments from their schema's `default`. On when absent. */
  readonly defaults?: boolean
  readonly limits?: ServerLimits
  /** Carries facts between processes that serve one endpoint. */
  readonly bus?: Bus
  readonly clock?: Clock
  /** Where errors go that peers are not told of: the console's error stream when absent, nowhere with false. */
  readonly log?: false
}

/** Bounds of a server. Everything a client can make grow has one. */
export interface ServerLimits {
  /** Requests of one connection under way. 1,024 when absent. */
  readonly inFlight?: number
  /** Subscription streams of one caller, and of all. 100 and 10,000. */
  readonly streams?: number
  readonly allStreams?: number
  /** Subscribed URIs of one caller, and of all. 1,000 and 100,000. */
  readonly uris?: number
  readonly allUris?: number
  /** How long a client may take to answer a question. Ten minutes. */
  readonly ask?: Duration
  /** How long facts are collected before they are told. 50 ms. */
  readonly coalesce?: Duration
}

/** How a server closes. */
export interface CloseOptions {
  /** How long work under way may take to finish. 10 s when absent. */
  readonly within?: Duration
}

/** An MCP server. One object serves any number of connections over any number of transports; nothing about a connection is kept on it. */
export class Server implements Service {
  readonly info: Implementation
  readonly revisions: readonly Revision[]
  readonly #kernel: Kernel
  readonly #desk: Desk
  readonly #clock: Clock
  readonly #events = new Events()
  readonly #hub: Hub
  readonly #listeners = new Set<Listener>()
  readonly #offers = new Set<Offer>()
  #closing: Promise<void> | undefined

  constructor(options: ServerOptions) {
    const { name, version, title, description, websiteUrl, icons } = options
    this.info = Object.fromEntries(
      Object.entries({ name, version, title, description, websiteUrl, icons }).filter(([, value]) => value !== undefined),
    ) as unknown as Implementation
    this.revisions = REVISIONS.filter(revision => options.revisions?.includes(revision) ?? true)
    if (this.revisions.length === 0) throw new TypeError(`revisions must name at least one of ${REVISIONS.join(', ')}`)
    this.#clock = options.clock ?? systemClock
    const extensions = new Extensions(options.extensions ?? [])
    const tools = entryTools({
      clock: this.#clock,
      layers: method => this.#kernel.layers(method),
      templates: () => options.templates ?? installedTemplateEngine(),
      report: (cause, where, id) => this.#kernel.report(cause, where, id),
      coerceInput: options.coerce ?? false,
      defaults: options.defaults ?? true,
    })
    const catalog = new Catalog(
      (component, key, seq) => compileComponent(component, key, seq, tools),
      kinds => this.#catalogChanged(kinds),
    )
    this.#kernel = new Kernel(catalog, this.#events, {
      info: this.info,
      instructions: options.instructions,
      revisions: this.revisions,
      pageSize: checkedPageSize(options.pageSize ?? 1_000),
      declared: options.features ?? {},
      extensions,
      hints: hintsOf(options.cache),
    })
    const limits = options.limits ?? {}
    const watches = new Watches(this.#kernel, uri => this.resourceUpdated(uri))
    this.#hub = new Hub({
      clock: this.#clock,
      windowMs: duration(limits.coalesce ?? 50),
      bus: options.bus,
      watch: uri => watches.start(uri),
      unwatch: uri => watches.stop(uri),
    })
    this.#desk = new Desk({
      kernel: this.#kernel,
      hub: this.#hub,
      seal: new StateSeal(options.state ?? {}, () => this.#clock.now()),
      clock: this.#clock,
      limits: { inFlight: limits.inFlight ?? 1_024, askMs: duration(limits.ask ?? '10m') },
      streams: new Quota(limits.streams ?? 100, limits.allStreams ?? 10_000),
      uris: new Quota(limits.uris ?? 1_000, limits.allUris ?? 100_000),
    })
    if (options.log !== false) this.#events.on('error.reported', logToConsole)
  }

  /**
   * Serves what `offerable` offers: an instance of a decorated class, an object with `tool(…)` fields, a provider, a class (its static members), or
   * an array of these. With a container a class is constructed first, and its `inject()` fields take from it. Returns a handle to change or withdraw
   * the offer.
   * @throws InvalidComponent when a component cannot be served; then nothing of the offer is
   */
  offer(offerable: Offerable, { container }: { readonly container?: Container } = {}): Offer {
    const offer = new Offer(container === undefined ? offerable : constructed(offerable, container), this.#kernel.catalog, {
      updated: uri => this.resourceUpdated(uri),
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
    return this.#add(defineTool(name, options, run as never, { origin: `server.tool('${name}')` }))
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
    return this.#add(defineTemplate(name, options, run as never, { origin: `server.template('${name}')` }))
  }

  /** Adds a prompt. */
  prompt<const A extends Schema>(
    name: string,
    options: PromptOptions<A>,
    run: (args: In<A>, ctx: Context) => unknown = () => undefined,
  ): Offer {
    return this.#add(definePrompt(name, options, run as never, { origin: `server.prompt('${name}')` }))
  }

  #add(component: Component): Offer {
    return this.offer({ name: component.origin, components: () => [component] })
  }

  /** Adds middleware around every call, or around the calls of one method. The first added is the outermost. */
  use(layer: Middleware): this
  use(method: string, layer: Middleware): this
  use(first: string | Middleware, second?: Middleware): this {
    if (typeof first === 'string') this.#kernel.use(first, second as Middleware)
    else this.#kernel.use(undefined, first)
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

  /** Lists every problem and portability warning at once. */
  check(): Promise<readonly Problem[]> {
    return check(this.#kernel.catalog.snapshot, this.#desk)
  }

  /** Tells subscribers that the resource at a URI changed. */
  resourceUpdated(uri: string): void {
    this.#hub.publish({ kind: 'resource', uri })
  }

  /** Tells the client of a 2025-11-25 url elicitation that its page is done with. False when nobody waits for it. */
  elicitationComplete(id: string): boolean {
    return this.#desk.elicitations.complete(id)
  }

  /** Serves on transports. Resolves when all accept. */
  async listen(...transports: readonly Transport[]): Promise<readonly Listener[]> {
    if (this.#closing !== undefined) throw new Error('The server is closed')
    const started: Listener[] = []
    try {
      for (const transport of transports) started.push(await transport.listen(this))
    } catch (error) {
      await Promise.all(started.map(listener => listener.close()))
      throw error
    }
    for (const listener of started) {
      this.#listeners.add(listener)
      void listener.ended?.then(() => this.#listeners.delete(listener))
    }
    return started
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
    return (this.#closing ??= this.#close(duration(options.within ?? '10s')))
  }

  async #close(withinMs: number): Promise<void> {
    for (const listener of this.#listeners) listener.stop()
    this.#hub.close()
    this.#desk.close()
    await this.#finished(withinMs)
    for (const listener of this.#listeners) await listener.close()
    this.#listeners.clear()
    for (const offer of [...this.#offers]) await offer.detach()
  }

  /** Waits for work to finish; tells it to stop shortly before time is up. */
  async #finished(withinMs: number): Promise<void> {
    const idle = this.#desk.idle()
    const expired = new Promise<'expired'>(resolve => void this.#clock.after(withinMs, () => resolve('expired')))
    if ((await Promise.race([idle, expired])) !== 'expired') return
    this.#desk.expire(new Error('The server is closing'))
    await Promise.race([idle, new Promise(resolve => void this.#clock.after(250, () => resolve(undefined)))])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #catalogChanged(kinds: readonly ('tools' | 'resources' | 'prompts')[]): void {
    for (const list of kinds) this.#hub?.publish({ kind: 'list', list })
    if (this.#events.wants('catalog.changed')) this.#events.emit('catalog.changed', { kinds })
  }
}

function checkedPageSize(size: number): number {
  if (!Number.isInteger(size) || size < 1) throw new TypeError('pageSize must be a positive integer')
  return size
}

/** @throws TypeError for a hint that clients could not use (DIGEST S-CACHE-07) */
function hintsOf(cache: ServerOptions['cache']): ReadonlyMap<string, Hint> {
  return new Map(
    Object.entries(cache ?? {}).map(([method, { ttlMs = 0, scope = 'private' }]) => {
      if (!Number.isSafeInteger(ttlMs) || ttlMs < 0)
        throw new TypeError(`cache: ttlMs of ${method} must be a non-negative integer of milliseconds`)
      return [method, { ttlMs, scope }]
    }),
  )
}
