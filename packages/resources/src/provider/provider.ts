/** The base of all sources of resources: what they have in common is done here, once. */

import type { Component, Context, Finding, ListedResource, ListPage, Provider, ProviderHost, Watch } from '@oarlock/kernel'
import { isThenable, type MaybePromise, principalKey, type ResourceContents } from '@oarlock/protocol'
import type { Who } from '../access.ts'
import { KeptReads } from '../cache.ts'
import { checkedRange } from '../parts.ts'
import { whole } from '../whole.ts'
import type { Address } from './address.ts'
import { Admission, notFound } from './admission.ts'
import { componentsOf, withOwner, type Offered, type ReadArgs, type SourceHost } from './components.ts'
import { contentsOf } from './contents.ts'
import type { CompleteRequest, ListRequest, ReadRequest, SourceAnswer, SourceContent, SourceTemplate, Suggestions } from './contract.ts'
import { UNCHANGED } from './contract.ts'
import { checkAnnotations, LEAST_BYTES, MAX_BYTES, type ResourceProviderOptions } from './options.ts'
import { ListWatch } from './list-watch.ts'
import { NormalListing } from './normal-listing.ts'
import { SharedWatches } from './shared-watches.ts'

/**
 * A source of resources. Extend it, say which URIs there are and how they are read; the base sees to valid URIs, access, sizes and parts, media types,
 * caching, and to watching that starts with the first subscriber and stops with the last.
 */
export abstract class ResourceProvider implements Provider {
  readonly name: string
  /** The most bytes of a document that one answer holds. */
  readonly maxBytes: number
  readonly #options: ResourceProviderOptions
  readonly #admission: Admission
  readonly #kept: KeptReads | undefined
  readonly #hosts = new Set<ProviderHost>()
  readonly #watches: SharedWatches
  readonly #listWatch: ListWatch
  #normal = new NormalListing([], () => {})
  readonly #offered = new WeakMap<SourceTemplate, Offered>()
  readonly #extras = new WeakMap<Component, Component>()
  #last: ProviderHost | undefined
  #running: AbortController | undefined
  #started: Promise<void> | undefined

  /** @throws TypeError for options that cannot be */
  constructor(options: ResourceProviderOptions) {
    if (typeof options?.name !== 'string' || options.name === '') throw new TypeError('a provider of resources needs a name')
    this.name = options.name
    checkAnnotations(options.annotations, options.name)
    this.maxBytes = whole('maxBytes', options.maxBytes ?? MAX_BYTES, LEAST_BYTES)
    this.#options = options
    this.#admission = new Admission(options.access, (cause, where) => this.failed(cause, where))
    this.#kept = options.keep === undefined ? undefined : new KeptReads(options.keep)
    this.#watches = new SharedWatches(
      (uri, updated) => this.watch?.(uri, updated) ?? (() => {}),
      uri => this.#kept?.forget(uri),
      (cause, where) => this.failed(cause, where),
    )
    this.#listWatch = new ListWatch(
      () => this.watchList?.() ?? (() => {}),
      cause => this.failed(cause, 'watch of the list'),
    )
  }

  /** The URIs of this source. Asked when offered and after each `changed()`. */
  protected abstract templates(): readonly SourceTemplate[]

  /**
   * Reads a document. The request is allowed, its URI in normal form. Undefined when there is no such document; `UNCHANGED` when the copy whose
   * validator is `request.known` holds. Throws Fault to tell the client something, anything else to tell the log.
   */
  protected abstract read(request: ReadRequest): MaybePromise<SourceAnswer>

  /** Lists documents that can be read, all in one or the page that is asked for. Without it, only URIs without variables are listed. */
  protected list?(request: ListRequest): Iterable<ListedResource> | Promise<Iterable<ListedResource>>

  /** Watches a document, which need not exist yet, and calls `updated` after each change. Called with its first subscriber; what it returns with its last. */
  protected watch?(uri: string, updated: () => void): (() => void) | Promise<() => void>

  /**
   * Watches for documents that come and go, and calls `listChanged()`. Called with the first client that follows the list of resources; what it returns
   * with the last.
   */
  protected watchList?(): (() => void) | Promise<() => void>

  /**
   * Suggests values of a variable. Those whose URI the caller may not read are left out. What is no value yet, only the beginning of some, is given as
   * `{ beginning, of }` with the URI of one that the caller may read, which `request.allows` tells.
   */
  protected complete?(request: CompleteRequest): Suggestions | Promise<Suggestions>

  /** Tools and other components that belong to the source. Access rules, which are about URIs, do not hold for them; `guards` do. */
  protected extras?(): readonly Component[]

  /** Called once, when offered. Must be quick and need no network. `signal` aborts when the last offer is withdrawn or its server closes. */
  protected start?(signal: AbortSignal): void | Promise<void>

  /** Called once after `signal` aborted. */
  protected stop?(): void | Promise<void>

  /** Looks whether what the source needs is there, without reading documents. `server.check()` lists what it returns; a text is an error. */
  check?(): MaybePromise<readonly (string | Finding)[]>

  /** The components of the source now. Called by the server. */
  components(): readonly Component[] {
    const owner = { guards: this.#options.guards ?? [], use: this.#options.use ?? [], tags: this.#options.tags ?? [] }
    const host = this.#sourceHost()
    let lists = this.list !== undefined
    const components: Component[] = []
    const addresses: Address[] = []
    for (const template of this.templates()) {
      const known = this.#offered.get(template)
      const offered = known ?? componentsOf(template, host, { ...this.#options, ...owner }, lists)
      this.#offered.set(template, offered)
      lists &&= !offered.lists
      components.push(...offered.components)
      addresses.push(offered.address)
    }
    this.#normal = new NormalListing(addresses, (cause, where) => this.failed(cause, where))
    if (lists) throw new TypeError(`${this.name} lists resources, but has no template with variables that they fit`)
    return [...components, ...(this.extras?.() ?? []).map(extra => this.#owned(extra, owner))]
  }

  /** Called by the server when the source is offered; what it returns when the offer ends. One source may be offered to several servers. */
  async attach(host: ProviderHost): Promise<() => Promise<void>> {
    this.#hosts.add(host)
    if (this.watchList !== undefined) host.whenListFollowed(followed => this.#listWatch.followed(host, followed))
    try {
      this.#started ??= this.#begin()
      await this.#started
    } catch (cause) {
      await this.#detach(host)
      throw cause
    }
    return () => this.#detach(host)
  }

  /** `templates()` or `extras()` give something else than before: they are asked again. */
  protected changed(): void {
    for (const host of this.#hosts) host.changed()
  }

  /** `list()` gives something else than before: whoever follows the list is told, and reads it again. */
  protected listChanged(): void {
    for (const host of this.#hosts) host.listChanged()
  }

  /** The document at this URI, in normal form, changed: what is kept of it is forgotten, and its subscribers are told. */
  protected updated(uri: string): void {
    this.#kept?.forget(uri)
    for (const host of this.#hosts) host.updated(uri)
    this.#watches.tellOthers(uri)
  }

  /** Reports what failed in the background, where no caller can be told. */
  protected failed(cause: unknown, where: string): void {
    const { onError } = this.#options
    if (onError === undefined) return this.#report(cause, where)
    const itself = (failure: unknown): void => {
      this.#report(cause, where)
      this.#report(failure, 'onError')
    }
    try {
      const done: unknown = onError(cause, where)
      if (isThenable(done)) done.then(undefined, itself)
    } catch (failure) {
      itself(failure)
    }
  }

  /** Whether a caller may know of a URI in normal form: read it, list it, suggest it, follow it. */
  protected allows(uri: string, who: Who): boolean {
    return this.#admission.allows(uri, who)
  }

  /** Those of some items whose URI the caller may know of, for tools and documents that tell of others. */
  protected readable<T>(items: Iterable<T>, uriOf: (item: T) => string, who: Who): readonly T[] {
    return this.#admission.readable(items, uriOf, who)
  }

  /** What fails while the source stops is for the server that let go of it last. */
  #report(cause: unknown, where: string): void {
    const hosts = this.#hosts.size === 0 && this.#last !== undefined ? [this.#last] : this.#hosts
    for (const host of hosts) host.report(cause, where)
  }

  async #begin(): Promise<void> {
    this.#running = new AbortController()
    await this.start?.(this.#running.signal)
  }

  async #detach(host: ProviderHost): Promise<void> {
    if (!this.#hosts.delete(host)) return
    this.#last = host
    this.#listWatch.followed(host, false)
    if (this.#hosts.size > 0) return
    this.#started = undefined
    this.#watches.clear()
    this.#kept?.forget()
    this.#running?.abort()
    await this.stop?.()
  }

  #owned(extra: Component, owner: Parameters<typeof withOwner>[1]): Component {
    const owned = this.#extras.get(extra) ?? withOwner(extra, owner)
    this.#extras.set(extra, owned)
    return owned
  }

  #sourceHost(): SourceHost {
    return {
      origin: this.name,
      admission: this.#admission,
      read: (offered, args, ctx) => this.#read(offered, args, ctx),
      list: this.list === undefined ? undefined : (page, ctx) => this.#list(page, ctx),
      watch: offered => this.#watchOf(offered),
      complete: this.complete === undefined ? undefined : request => (this.complete as NonNullable<typeof this.complete>)(request),
    }
  }

  #read(offered: Offered, args: ReadArgs, ctx: Context): MaybePromise<readonly ResourceContents[]> {
    const { address, template } = offered
    const { uri, variables, range: wanted } = this.#admission.admit(address, args.uri, ctx)
    const range = checkedRange(wanted, this.maxBytes)
    const about = { address, asked: args.uri, uri, range, maxBytes: this.maxBytes, mimeType: template.mimeType }
    const request = (known?: string): ReadRequest => ({
      uri,
      template: address.template,
      variables,
      values: template.params === undefined ? variables : ownValues(args, address.variables),
      range,
      maxBytes: this.maxBytes,
      known,
      ctx,
      // Made when first read: most sources need none.
      get signal() {
        return ctx.signal
      },
    })
    const finish = (given: readonly SourceContent[] | undefined): readonly ResourceContents[] => {
      if (given === undefined || given.length === 0) throw notFound(args.uri)
      return contentsOf(given, about)
    }
    if (this.#kept === undefined) {
      const given = this.read(request())
      return isThenable(given) ? given.then(answer => finish(listOf(answer))) : finish(listOf(given))
    }
    const caller = this.#options.keep?.shared === true ? '' : principalKey(ctx.principal)
    const fetch = async (known: string | undefined) => {
      const answer = await this.read(request(known))
      return answer === UNCHANGED ? 'unchanged' : listOf(answer)
    }
    const part = JSON.stringify([uri, caller, range?.offset, range?.length])
    const whole = JSON.stringify([uri, caller])
    return this.#kept.read({ uri, part, whole, fetch, isGone: () => ctx.signal.aborted }).then(finish)
  }

  #list(page: ListPage, ctx: Context): MaybePromise<Iterable<ListedResource>> {
    const allows = (uri: string): boolean => this.allows(uri, ctx)
    const look = (each: ListPage): MaybePromise<Iterable<ListedResource>> => {
      const given = this.list?.({ ...each, allows, ctx }) ?? []
      return isThenable(given) ? given.then(items => this.#normal.items(items)) : this.#normal.items(given)
    }
    return this.#admission.list(page, look, ctx)
  }

  #watchOf({ address }: Offered): Watch {
    return (uri, updated) => {
      const asked = address.read(uri)
      return asked === undefined ? () => {} : this.#watches.follow(asked.uri, updated, uri)
    }
  }
}

function ownValues(args: ReadArgs, names: readonly string[]): Readonly<Record<string, unknown>> {
  const values: Record<string, unknown> = Object.create(null)
  for (const name of names) if (Object.hasOwn(args, name)) values[name] = (args as unknown as Readonly<Record<string, unknown>>)[name]
  return values
}

function listOf(answer: SourceAnswer): readonly SourceContent[] | undefined {
  if (answer === undefined || answer === UNCHANGED) return undefined
  return Array.isArray(answer) ? (answer as readonly SourceContent[]) : [answer as SourceContent]
}
