/** Call in, outcome out: finds the component or operation a call names, runs its chain, and turns whatever went wrong into a fault. */

import {
  type Clock,
  conversationOf,
  declares,
  excerpt,
  Fault,
  type Implementation,
  isThenable,
  type MaybePromise,
  method as methodOf,
  methodsOf,
  type Revision,
  REVISIONS,
  revisionsOf,
  type ServerCapabilities,
  nearest,
} from '@oarlock/protocol'
import type { Call, Complete, Outcome } from './call.ts'
import { CallContext } from './call-context.ts'
import { hasExtension, missingCapability } from './capability.ts'
import type { Catalog } from './catalog/catalog.ts'
import type { Entry } from './catalog/entry.ts'
import type { Middleware } from './catalog/component.ts'
import { compose, type Core } from './chain.ts'
import { copyOf } from './copy.ts'
import { Encoder } from './encode.ts'
import { Asking, ToolError } from './error.ts'
import type { Events } from './events.ts'
import type { Extensions } from './extension.ts'
import { Features, type DeclaredFeatures } from './features.ts'
import type { Hint } from './hint.ts'
import type { MutableCallInfo } from './layers.ts'
import { observed } from './observed.ts'
import { complete } from './operations/completion.ts'
import { Lists } from './operations/lists.ts'
import { resolvePrompt } from './operations/prompts.ts'
import { resolveResource } from './operations/resources.ts'
import { resolveTool, toolFailure } from './operations/tools.ts'
import { asking, outcomeOf } from './outcome.ts'
import { bytesBeyond, oversized } from './result-size.ts'

/** What the kernel is made with. */
export interface KernelOptions {
  readonly info: Implementation
  readonly instructions: string | undefined
  readonly revisions: readonly Revision[]
  readonly requireInitialize: boolean
  readonly pageSize: number
  readonly clock: Clock
  readonly declared: DeclaredFeatures
  readonly extensions: Extensions
  /** Caching hints by method; private and stale at once where absent (DIGEST S-CACHE-06). */
  readonly hints: ReadonlyMap<string, Hint>
  /** Bytes of JSON that a tool's result may take. */
  readonly resultBytes: number | undefined
}

/** A method without a component: its layers composed, and whether there are any. */
interface Route {
  readonly core: Core
  readonly bare: boolean
}

/** The heart of a server. Knows no conversation, no transport, no connection. */
export class Kernel {
  readonly catalog: Catalog
  readonly events: Events
  readonly encoder: Encoder
  readonly features: Features
  readonly options: KernelOptions
  readonly #lists: Lists
  /** The server's middleware in order; `method` undefined for all methods. */
  readonly #layers: { readonly method: string | undefined; readonly layer: Middleware }[] = []
  readonly #routes = new Map<string, Route>()

  constructor(catalog: Catalog, events: Events, options: KernelOptions) {
    this.catalog = catalog
    this.events = events
    this.options = options
    this.features = new Features(options.declared, options.extensions)
    const encoder = new Encoder(options.info)
    this.encoder = encoder
    this.#lists = new Lists({
      pageSize: options.pageSize,
      clock: options.clock,
      hints: options.hints,
      encode: (method, result, revision, hint) => encoder.encode(method, result, revision, hint),
      report: (cause, where) => this.report(cause, where),
    })
  }

  /** The middleware around a method, outermost first. */
  layers(method: string): readonly Middleware[] {
    return this.#layers.filter(each => each.method === undefined || each.method === method).map(each => each.layer)
  }

  /** @throws TypeError for a method that this server could never be asked */
  checkMethod(method: string): void {
    if (revisionsOf(method).length > 0 || this.options.extensions.methods.has(method)) return
    throw new TypeError(
      `There is no method '${excerpt(method)}' to put a layer around.${nearest(method, [...new Set(REVISIONS.flatMap(revision => methodsOf(revision, 'client').map(({ name }) => name)))])}`,
    )
  }

  /** Adds server middleware. Chains are composed anew. */
  use(method: string | undefined, layer: Middleware): void {
    this.#layers.push({ method, layer })
    this.#routes.clear()
    this.catalog.recompile()
  }

  /** What the server can do now. */
  get capabilities(): ServerCapabilities {
    return this.features.of(this.catalog.snapshot)
  }

  /** Serves one call. Throws or rejects with Faults only; everything else is masked and reported. */
  run(call: Call): MaybePromise<Outcome> {
    const ctx = new CallContext(call, this.events)
    if (this.events.wants('call.finished')) return observed(ctx, this.events, () => this.#settled(call, ctx))
    return this.#settled(call, ctx)
  }

  #settled(call: Call, ctx: CallContext): MaybePromise<Outcome> {
    try {
      return this.#dispatch(call, ctx)
    } catch (error) {
      return this.#caught(error, ctx)
    }
  }

  /** What becomes of a result, now or later. What goes wrong later is caught here: one promise serves both. */
  #concluded(result: MaybePromise<object>, hint: Hint | undefined, ctx: CallContext): MaybePromise<Outcome> {
    if (!isThenable(result)) return outcomeOf(result, hint, ctx)
    return Promise.resolve(result).then(
      settled => {
        try {
          return outcomeOf(settled, hint, ctx)
        } catch (error) {
          return this.#caught(error, ctx)
        }
      },
      (error: unknown) => this.#caught(error, ctx),
    )
  }

  #dispatch(call: Call, ctx: CallContext): MaybePromise<Outcome> {
    switch (call.method) {
      case 'tools/call':
        this.#require('tools', call)
        return this.#component(resolveTool(call, this.catalog.snapshot), call, ctx)
      case 'resources/read':
        this.#require('resources', call)
        return this.#component(resolveResource(call, this.catalog.snapshot), call, ctx)
      case 'prompts/get':
        this.#require('prompts', call)
        return this.#component(resolvePrompt(call, this.catalog.snapshot), call, ctx)
      default:
        return this.#plain(call, ctx)
    }
  }

  /** What is not advertised is not there (DIGEST S-MSG-11). */
  #require(capability: string, { method }: Call): void {
    const { capabilities } = this
    if ((capabilities as Readonly<Record<string, unknown>>)[capability] !== undefined || declares(capabilities, capability)) return
    throw new Fault('METHOD_NOT_FOUND', `This server does not offer ${excerpt(method)}`)
  }

  #component({ entry, args }: { readonly entry: Entry; readonly args: unknown }, call: Call, ctx: CallContext): MaybePromise<Outcome> {
    ctx.entry = entry
    // A client that is asked sends the same params again, and they are held against these: what layers and handlers do to arguments must not reach them.
    const own = call.answer === undefined && call.askable ? copyOf(args) : args
    const info: MutableCallInfo = { method: call.method, component: entry.component, args: own }
    const hint = entry.kind === 'resource' || entry.kind === 'template' ? entry.hint : undefined
    return this.#concluded(entry.core(info, ctx), hint, ctx)
  }

  #plain(call: Call, ctx: CallContext): MaybePromise<Outcome> {
    const { method } = call
    const gate = methodOf(method, call.revision)?.gate
    if (gate !== undefined && gate.side === 'server') this.#require(gate.capability, call)
    const route = this.#route(method, call)
    const isList = Lists.has(method)
    if (isList && route.bare) {
      const ready = this.#lists.ready(call, this.catalog.snapshot)
      if (ready !== undefined) return { kind: 'encoded', ready }
    }
    const result = route.core({ method, component: undefined, args: call.params }, ctx)
    const hint = isList ? this.#lists.hint(method, this.catalog.snapshot) : this.options.hints.get(method)
    return this.#concluded(result, hint, ctx)
  }

  #route(method: string, call: Call): Route {
    let route = this.#routes.get(method)
    if (route === undefined) {
      const core = this.#operation(method, call)
      const layers = this.layers(method)
      route = { core: compose(layers, core), bare: layers.length === 0 }
      this.#routes.set(method, route)
    }
    return route
  }

  #operation(method: string, call: Call): Core {
    // The core sees more of a context than middleware does.
    const core = (run: (ctx: CallContext) => MaybePromise<object>): Core => ((_, ctx) => run(ctx as CallContext)) satisfies Core
    if (call.own !== undefined) return core(ctx => (ctx.call.own as NonNullable<Call['own']>)(ctx))
    if (method === 'completion/complete') return core(ctx => complete(ctx.call, ctx, this.catalog.snapshot, this.options.clock))
    if (Lists.has(method)) return core(ctx => this.#lists.page(ctx.call, ctx, this.catalog.snapshot))
    if (method === 'server/discover') return core(() => this.#discover())
    const extension = this.options.extensions.methods.get(method)
    if (extension === undefined) throw new Fault('METHOD_NOT_FOUND', `Method not found: ${excerpt(method)}`)
    return (info, ctx) => {
      if (!hasExtension(ctx.peer, extension.id)) throw missingCapability({ extensions: { [extension.id]: {} } }, extension.id)
      return extension.method.handle(info.args as never, ctx)
    }
  }

  #discover(): object {
    const { revisions, instructions } = this.options
    const supportedVersions = revisions.filter(revision => conversationOf(revision) === 'stateless')
    return { supportedVersions, capabilities: this.capabilities, ...(instructions === undefined ? {} : { instructions }) }
  }

  /** The result of a call as text, in the words of its caller. One that clients would cut becomes a hint for the model to ask for less. */
  encode({ result, hint, entry }: Complete, call: Call): string {
    const { method, revision } = call
    const text = this.encoder.encode(method, result, revision, hint)
    const { resultBytes } = this.options
    if (resultBytes === undefined || entry?.kind !== 'tool') return text
    const bytes = bytesBeyond(text, resultBytes)
    if (bytes === undefined) return text
    const message = oversized(entry, bytes, resultBytes)
    this.report(new RangeError(message), entry.component.origin)
    return this.encoder.encode(method, toolFailure(message), revision)
  }

  #caught(error: unknown, ctx: CallContext): Outcome {
    const outcome = this.#handled(error, ctx)
    if (Fault.is(outcome)) throw outcome
    return outcome
  }

  /** What an error means: questions to ask, a tool result, or a fault. */
  #handled(error: unknown, ctx: CallContext): Outcome | Fault {
    if (ctx.asks !== undefined) return asking(ctx)
    const { call, correlationId } = ctx
    if (Fault.is(error)) {
      if (error.cause !== undefined) this.report(error.cause, call.method, correlationId)
      return error
    }
    if (ToolError.is(error)) {
      if (call.method === 'tools/call') return outcomeOf(toolFailure(error.message, error.content), undefined, ctx)
      return new Fault('INTERNAL_ERROR', error.message)
    }
    const late = error instanceof Asking
    if (late ? !call.cancellation.cancelled : !ctx.isEnd(error)) {
      this.report(late ? new Error('A question was thrown on after its answer had come') : error, call.method, correlationId)
    }
    return new Fault('INTERNAL_ERROR', `Internal error. Error id: ${correlationId}`)
  }

  /** Tells the log what the peer is not told. Never throws. */
  report(cause: unknown, where: string, correlationId?: string): void {
    this.events.emit('error.reported', { correlationId, where, cause })
  }
}
