/** Call in, outcome out: finds the component or operation a call names, runs its chain, and turns whatever went wrong into a fault. */

import {
  declares,
  excerpt,
  Fault,
  method as methodOf,
  type Implementation,
  type Revision,
  type ServerCapabilities,
} from '@oarlock/protocol'
import { isThenable, type Call, type MaybePromise, type Outcome } from './call.ts'
import { CallContext } from './call-context.ts'
import { hasExtension, missingCapability } from './capability.ts'
import type { Catalog } from './catalog/catalog.ts'
import type { Entry } from './catalog/entry.ts'
import { compose, type Core, type Middleware } from './chain.ts'
import { Encoder, type Hint } from './encode.ts'
import { Asking, ToolError } from './error.ts'
import type { CallEnd, Events } from './events.ts'
import type { Extensions } from './extension.ts'
import { capabilitiesOf, type DeclaredFeatures } from './features.ts'
import type { MutableCallInfo } from './layers.ts'
import { complete } from './operations/completion.ts'
import { encodedPage, isList, listPage } from './operations/lists.ts'
import { resolvePrompt } from './operations/prompts.ts'
import { resolveResource } from './operations/resources.ts'
import { resolveTool } from './operations/tools.ts'
import type { Snapshot } from './catalog/snapshot.ts'

/** What the kernel is made with. */
export interface KernelOptions {
  readonly info: Implementation
  readonly instructions: string | undefined
  readonly revisions: readonly Revision[]
  readonly pageSize: number
  readonly declared: DeclaredFeatures
  readonly extensions: Extensions
  /** Caching hints by method; private and stale at once where absent (DIGEST S-CACHE-06). */
  readonly hints: ReadonlyMap<string, Hint>
}

const NO_CACHE: Hint = { ttlMs: 0, scope: 'private' }

/** The heart of a server. Knows no conversation, no transport, no connection. */
export class Kernel {
  readonly catalog: Catalog
  readonly events: Events
  readonly encoder: Encoder
  readonly options: KernelOptions
  /** The server's middleware in order; `method` undefined for all methods. */
  readonly #layers: { readonly method: string | undefined; readonly layer: Middleware }[] = []
  readonly #chains = new Map<string, Core>()
  #features: { readonly snapshot: Snapshot; readonly capabilities: ServerCapabilities } | undefined

  constructor(catalog: Catalog, events: Events, options: KernelOptions) {
    this.catalog = catalog
    this.events = events
    this.options = options
    this.encoder = new Encoder(options.info)
  }

  /** The middleware around a method, outermost first. */
  layers(method: string): readonly Middleware[] {
    return this.#layers.filter(each => each.method === undefined || each.method === method).map(each => each.layer)
  }

  /** Adds server middleware. Chains are composed anew. */
  use(method: string | undefined, layer: Middleware): void {
    this.#layers.push({ method, layer })
    this.#chains.clear()
    this.catalog.recompile()
  }

  /** What the server can do now. */
  get capabilities(): ServerCapabilities {
    const { snapshot } = this.catalog
    if (this.#features?.snapshot !== snapshot) {
      this.#features = { snapshot, capabilities: capabilitiesOf(snapshot, this.options.declared, this.options.extensions) }
    }
    return this.#features.capabilities
  }

  /** Serves one call. Throws or rejects with Faults only; everything else is masked and reported. */
  run(call: Call): MaybePromise<Outcome> {
    const ctx = new CallContext(call, this.events)
    if (this.events.wants('call.finished')) return this.#observed(call, ctx)
    let outcome: MaybePromise<Outcome>
    try {
      outcome = this.#dispatch(call, ctx)
    } catch (error) {
      return this.#caught(error, ctx)
    }
    return isThenable(outcome) ? outcome.then(undefined, (error: unknown) => this.#caught(error, ctx)) : outcome
  }

  async #observed(call: Call, ctx: CallContext): Promise<Outcome> {
    const start = performance.now()
    let end: CallEnd = 'fault'
    let fault: Fault | undefined
    try {
      const outcome = await this.#dispatch(call, ctx)
      end =
        outcome.kind === 'asking'
          ? 'asking'
          : outcome.kind === 'complete' && (outcome.result as { isError?: unknown }).isError === true
            ? 'tool-error'
            : 'complete'
      return outcome
    } catch (error) {
      const outcome = this.#handled(error, ctx)
      if (!Fault.is(outcome)) {
        end = outcome.kind === 'asking' ? 'asking' : 'tool-error'
        return outcome
      }
      fault = outcome
      throw outcome
    } finally {
      if (call.cancellation.cancelled) end = 'cancelled'
      const { method, peer, principal, head } = call
      const name = nameOf(call)
      const ms = performance.now() - start
      this.events.emit('call.finished', {
        correlationId: ctx.correlationId,
        method,
        name,
        peer,
        principal,
        head,
        end,
        ms,
        ...(fault === undefined ? {} : { fault: fault.fault }),
      })
    }
  }

  #dispatch(call: Call, ctx: CallContext): MaybePromise<Outcome> {
    switch (call.method) {
      case 'tools/call':
        return this.#served('tools') ?? this.#component(resolveTool(call, this.catalog.snapshot), call, ctx)
      case 'resources/read':
        return this.#served('resources') ?? this.#component(resolveResource(call, this.catalog.snapshot), call, ctx)
      case 'prompts/get':
        return this.#served('prompts') ?? this.#component(resolvePrompt(call, this.catalog.snapshot), call, ctx)
      default:
        return this.#plain(call, ctx)
    }
  }

  /** Throws when a feature is not offered: what is not advertised is not there (DIGEST S-MSG-11). */
  #served(feature: string): undefined {
    if (!declares(this.capabilities, feature)) throw new Fault('METHOD_NOT_FOUND', `This server offers no ${feature}`)
    return undefined
  }

  #component({ entry, args }: { readonly entry: Entry; readonly args: unknown }, call: Call, ctx: CallContext): MaybePromise<Outcome> {
    const info: MutableCallInfo = { method: call.method, component: entry.component, args }
    const result = entry.core(info, ctx)
    if (isThenable(result)) return result.then(settled => this.#completed(settled, entry, ctx))
    return this.#completed(result, entry, ctx)
  }

  #completed(result: object, entry: Entry, ctx: CallContext): Outcome {
    // Asked and not answered: whatever a layer made of the signal is void.
    if (ctx.asks !== undefined) return { kind: 'asking', asks: ctx.asks }
    return { kind: 'complete', result, cache: hintOf(entry, this.options.hints) }
  }

  #plain(call: Call, ctx: CallContext): MaybePromise<Outcome> {
    const { method } = call
    const gate = methodOf(method, call.peer.revision)?.gate
    if (gate !== undefined && gate.side === 'server' && !declares(this.capabilities, gate.capability)) {
      throw new Fault('METHOD_NOT_FOUND', `This server does not offer ${excerpt(method)}`)
    }
    if (isList(method) && this.layers(method).length === 0) {
      const { snapshot } = this.catalog
      const encode = (name: string, result: object, revision: Revision): string =>
        this.encoder.encode(name, result, revision, this.#listHint(method))
      const page = encodedPage(call, snapshot, { pageSize: this.options.pageSize, encode })
      if (page !== undefined) return page
    }
    const result = this.#chain(method)({ method, component: undefined, args: call.params }, ctx)
    const finish = (settled: object): Outcome => ({
      kind: 'complete',
      result: settled,
      cache: isList(method) ? this.#listHint(method) : this.options.hints.get(method),
    })
    return isThenable(result) ? result.then(finish) : finish(result)
  }

  /** A list that guards make different for each caller is never shareable (DIGEST S-CACHE-04). */
  #listHint(method: string): Hint {
    const hint = this.options.hints.get(method) ?? NO_CACHE
    const { tools, resources, templates, prompts } = this.catalog.snapshot
    const guarded = [tools, resources, templates, prompts].some(shelf => shelf.guarded)
    return guarded && hint.scope === 'public' ? { ttlMs: hint.ttlMs, scope: 'private' } : hint
  }

  #chain(method: string): Core {
    let chain = this.#chains.get(method)
    if (chain === undefined) {
      const core = this.#operation(method)
      chain = compose(this.layers(method), core)
      this.#chains.set(method, chain)
    }
    return chain
  }

  #operation(method: string): Core {
    if (method === 'completion/complete') return (_, ctx) => complete((ctx as CallContext).call, ctx as CallContext, this.catalog.snapshot)
    if (isList(method))
      return (_, ctx) => listPage((ctx as CallContext).call, ctx as CallContext, this.catalog.snapshot, this.options.pageSize)
    if (method === 'server/discover') return (_, ctx) => this.#discover(ctx as CallContext)
    const extension = this.options.extensions.methods.get(method)
    if (extension === undefined) throw new Fault('METHOD_NOT_FOUND', `Method not found: ${excerpt(method)}`)
    return (info, ctx) => {
      if (!hasExtension(ctx.peer, extension.id)) throw missingCapability({ extensions: { [extension.id]: {} } }, extension.id)
      return extension.method.handle(info.args as never, ctx)
    }
  }

  #discover(ctx: CallContext): object {
    const { revisions, instructions } = this.options
    const stateless = revisions.filter(revision => methodOf('server/discover', revision) !== undefined)
    void ctx
    return { supportedVersions: stateless, capabilities: this.capabilities, ...(instructions === undefined ? {} : { instructions }) }
  }

  #caught(error: unknown, ctx: CallContext): Outcome {
    const outcome = this.#handled(error, ctx)
    if (Fault.is(outcome)) throw outcome
    return outcome
  }

  /** What an error means: questions to ask, a tool result, or a fault. */
  #handled(error: unknown, ctx: CallContext): Outcome | Fault {
    if (ctx.asks !== undefined) return { kind: 'asking', asks: ctx.asks }
    if (Fault.is(error)) {
      if (error.cause !== undefined) this.report(error.cause, ctx.call.method, ctx.correlationId)
      return error
    }
    if (ToolError.is(error)) {
      if (ctx.call.method === 'tools/call')
        return { kind: 'complete', result: { content: [{ type: 'text', text: error.message }, ...(error.content ?? [])], isError: true } }
      return new Fault('INTERNAL_ERROR', error.message)
    }
    const cause = error instanceof Asking ? new Error('A question was thrown on after its answer had come') : error
    this.report(cause, ctx.call.method, ctx.correlationId)
    return new Fault('INTERNAL_ERROR', `Internal error. Error id: ${ctx.correlationId}`)
  }

  /** Tells the log what the peer is not told. Never throws. */
  report(cause: unknown, where: string, correlationId?: string): void {
    this.events.emit('error.reported', { correlationId, where, cause })
  }
}

function hintOf(entry: Entry, hints: ReadonlyMap<string, Hint>): Hint | undefined {
  if (entry.kind !== 'resource' && entry.kind !== 'template') return undefined
  const base = hints.get('resources/read') ?? NO_CACHE
  const { cache, guards } = entry.component
  const scope = cache?.scope ?? base.scope
  return { ttlMs: cache?.ttlMs ?? base.ttlMs, scope: guards.length > 0 ? 'private' : scope }
}

function nameOf(call: Call): string | undefined {
  const { name, uri } = call.params
  return typeof name === 'string' ? name : typeof uri === 'string' ? uri : undefined
}
