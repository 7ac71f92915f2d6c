/** One call of `server.offer`: what was offered, and the handle by which it is changed or withdrawn. */

import { keyOf, type Catalog } from './catalog.ts'
import type { Component } from './component.ts'
import { FIELD, OFFERS, type FieldOffering, type Offerable, type Offering, type Provider, type ProviderHost } from './provider.ts'

/** What an offer needs of its server. */
interface OfferHost {
  updated(uri: string): void
  listChanged(): void
  /** Returns how to stop. */
  whenListFollowed(listener: (followed: boolean) => void): () => void
  report(cause: unknown, where: string): void
  gone(): void
}

/** A handle on what was offered. */
export class Offer {
  readonly #catalog: Catalog
  readonly #host: OfferHost
  #attachment: Attachment
  #withdrawn = false

  constructor(offerable: Offerable, catalog: Catalog, host: OfferHost) {
    const provider = toProvider(offerable)
    if (catalog.has(provider)) throw new TypeError(`${nameOf(provider)} is offered already: change it by the handle that offer() returned`)
    catalog.put(provider)
    this.#catalog = catalog
    this.#host = host
    this.#attachment = new Attachment(provider, catalog, host)
  }

  /** Resolves when the provider has started; rejects when it could not. */
  get ready(): Promise<void> {
    return this.#attachment.ready
  }

  /** The components of this offer. */
  get components(): readonly Component[] {
    return this.#catalog.componentsOf(this.#attachment.provider)
  }

  /** Who offers: more than one when an array was offered. */
  get providers(): readonly Provider[] {
    return partsOf(this.#attachment.provider)
  }

  /**
   * Puts something else in its place. Clients hear of it once. When the new one cannot be served the old one stays.
   * @throws InvalidComponent, or Error after `remove`
   */
  update(offerable: Offerable): void {
    if (this.#withdrawn) throw new Error('This offer was removed: offer anew')
    const previous = this.#attachment
    const provider = toProvider(offerable)
    this.#catalog.put(provider, previous.provider)
    if (provider === previous.provider) return
    this.#attachment = new Attachment(provider, this.#catalog, this.#host, previous.end())
  }

  /** Withdraws everything of this offer. Safe to call twice. */
  remove(): void {
    if (this.#withdrawn) return
    this.#withdrawn = true
    this.#catalog.drop(this.#attachment.provider)
    this.#host.gone()
    void this.detach()
  }

  /** Stops the provider. What it offers stays. */
  detach(): Promise<void> {
    return this.#attachment.end()
  }
}

/** The time in which a provider is attached: from its start to its end, which may come before it has quite started. */
class Attachment {
  readonly provider: Provider
  readonly ready: Promise<void>
  readonly #catalog: Catalog
  readonly #host: OfferHost
  #detach: (() => void | Promise<void>) | undefined
  readonly #following: (() => void)[] = []
  #ended = false
  #refreshing = false

  /** @param before what has to have ended first */
  constructor(provider: Provider, catalog: Catalog, host: OfferHost, before?: Promise<void>) {
    this.provider = provider
    this.#catalog = catalog
    this.#host = host
    this.ready = this.#start(before)
    this.ready.catch((cause: unknown) => this.#report(cause))
  }

  async #start(before: Promise<void> | undefined): Promise<void> {
    if (before !== undefined) await before
    if (this.#ended) return
    const detach = await this.provider.attach?.(this.#seen())
    this.#detach = detach ?? undefined
    if (this.#ended) await this.#stop()
  }

  /** The server, as the provider sees it. Once it has ended, nothing it says is heard. */
  #seen(): ProviderHost {
    return {
      changed: () => this.#changed(),
      listChanged: () => this.#ended || this.#host.listChanged(),
      updated: uri => this.#ended || this.#host.updated(uri),
      rival: component => (this.#ended ? undefined : this.#catalog.rival(component, this.provider)?.origin),
      report: (cause, where) => this.#host.report(cause, `${this.#name}: ${where}`),
      whenListFollowed: listener => {
        if (!this.#ended) this.#following.push(this.#host.whenListFollowed(listener))
      },
    }
  }

  /** Stops the provider. Safe to call twice. */
  end(): Promise<void> {
    this.#ended = true
    for (const stop of this.#following.splice(0)) stop()
    return this.#stop()
  }

  async #stop(): Promise<void> {
    const detach = this.#detach
    this.#detach = undefined
    try {
      await detach?.()
    } catch (cause) {
      this.#report(cause)
    }
  }

  /** Reads the provider again, once for all changes of a turn. */
  #changed(): void {
    if (this.#refreshing) return
    this.#refreshing = true
    queueMicrotask(() => {
      this.#refreshing = false
      if (this.#ended) return
      try {
        this.#catalog.put(this.provider)
      } catch (cause) {
        this.#report(cause)
      }
    })
  }

  get #name(): string {
    return this.provider.name ?? 'offer'
  }

  #report(cause: unknown): void {
    this.#host.report(cause, this.#name)
  }
}

/** Turns whatever was offered into a provider. @throws TypeError saying what can be offered */
export function toProvider(offerable: Offerable): Provider {
  if ((typeof offerable !== 'object' && typeof offerable !== 'function') || offerable === null)
    throw new TypeError(`${String(offerable)} offers nothing`)
  if (Array.isArray(offerable)) return joined(offerable.map(toProvider))
  if (isProvider(offerable)) return offerable
  const components = componentsOf(offerable)
  if (components.length > 0) return { name: nameOf(offerable), components: () => components }
  throw new TypeError(
    `${nameOf(offerable)} offers nothing. Offer an instance of a class with @Tool, @Resource or @Prompt members, an object with tool(), resource() or prompt() fields, or a provider with components().`,
  )
}

/** The components of an object: those of its decorated members, then those of its fields. */
function componentsOf(object: object): readonly Component[] {
  const decorated = (object as Partial<Offering>)[OFFERS]?.() ?? []
  const fields = Object.entries(object).flatMap(([name, value]) => (isField(value) ? [value[FIELD](name, object)] : []))
  return [...decorated, ...fields]
}

function isProvider(value: object): value is Provider {
  return typeof (value as Partial<Provider>).components === 'function'
}

function isField(value: unknown): value is FieldOffering {
  return (
    ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
    typeof (value as Partial<FieldOffering>)[FIELD] === 'function'
  )
}

function nameOf(object: object): string {
  return typeof object === 'function' ? object.name : (object.constructor?.name ?? 'object')
}

/** What stands behind the provider that an array was made into. */
const PARTS = new WeakMap<Provider, readonly Provider[]>()

function partsOf(provider: Provider): readonly Provider[] {
  return PARTS.get(provider)?.flatMap(partsOf) ?? [provider]
}

/** `check` is not forwarded: each of the parts is asked by its own name, and one that hangs keeps nothing of the others. */
function joined(providers: readonly Provider[]): Provider {
  let read: readonly (readonly [Provider, readonly Component[]])[] = []
  /** Where each component was written, by identity. Told only to providers that ask for rivals. */
  let parts: ReadonlyMap<string, { readonly provider: Provider; readonly origin: string }> | undefined
  /** To the server they are one provider; to each other they are not. */
  const seen = (host: ProviderHost, provider: Provider): ProviderHost => ({
    ...host,
    rival(component) {
      const part = (parts ??= firstsOf(read)).get(identity(component))
      return part === undefined || part.provider === provider ? host.rival(component) : part.origin
    },
  })
  const whole: Provider = {
    name: providers.map(provider => provider.name ?? 'provider').join(', '),
    components() {
      read = providers.map(provider => [provider, provider.components()] as const)
      parts = undefined
      return read.flatMap(([, components]) => components)
    },
    async attach(host) {
      const attached = await Promise.allSettled(providers.map(async provider => provider.attach?.(seen(host, provider))))
      const detach = (): Promise<void> => all(attached.map(async result => result.status === 'fulfilled' && (await result.value?.())))
      const failed = attached.find(result => result.status === 'rejected')
      if (failed === undefined) return detach
      await detach()
      throw failed.reason
    },
  }
  PARTS.set(whole, providers)
  return whole
}

/** The first of each identity. */
function firstsOf(read: readonly (readonly [Provider, readonly Component[]])[]) {
  const parts = new Map<string, { readonly provider: Provider; readonly origin: string }>()
  for (const [provider, components] of read.toReversed()) {
    for (const component of components.toReversed()) parts.set(identity(component), { provider, origin: component.origin })
  }
  return parts
}

/** What only one component of a server can be. */
function identity(component: Component): string {
  return JSON.stringify([component.kind, keyOf(component), component.version ?? null])
}

/** Waits for all, then fails with the first that failed. */
async function all(works: readonly Promise<unknown>[]): Promise<void> {
  await Promise.allSettled(works)
  await Promise.all(works)
}
