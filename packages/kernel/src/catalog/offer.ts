/** One call of `server.offer`: what was offered, and the handle by which it is changed or withdrawn. */

import type { Catalog } from './catalog.ts'
import type { Component } from './component.ts'
import { FIELD, OFFERS, type FieldOffering, type Offerable, type Offering, type Provider } from './provider.ts'

/** What an offer needs of its server. */
interface OfferHost {
  updated(uri: string): void
  report(cause: unknown, where: string): void
  gone(): void
}

/** A handle on what was offered. */
export class Offer {
  readonly #catalog: Catalog
  readonly #host: OfferHost
  #provider: Provider
  #detach: (() => void | Promise<void>) | undefined
  #refreshing = false
  #withdrawn = false
  /** Resolves when the provider has started; rejects when it could not. */
  readonly ready: Promise<void>

  constructor(offerable: Offerable, catalog: Catalog, host: OfferHost) {
    this.#catalog = catalog
    this.#host = host
    this.#provider = toProvider(offerable)
    catalog.put(this.#provider)
    this.ready = this.#attach()
    this.ready.catch((cause: unknown) => host.report(cause, this.#provider.name ?? 'offer'))
  }

  async #attach(): Promise<void> {
    const detach = await this.#provider.attach?.({ changed: () => this.#refresh(), updated: uri => this.#host.updated(uri) })
    this.#detach = detach ?? undefined
    if (this.#withdrawn) await this.detach()
  }

  /** Reads the provider again, once for all changes of a turn. */
  #refresh(): void {
    if (this.#refreshing || this.#withdrawn) return
    this.#refreshing = true
    queueMicrotask(() => {
      this.#refreshing = false
      if (this.#withdrawn) return
      try {
        this.#catalog.put(this.#provider)
      } catch (cause) {
        this.#host.report(cause, this.#provider.name ?? 'offer')
      }
    })
  }

  /** The components of this offer. */
  get components(): readonly Component[] {
    return this.#provider.components()
  }

  /**
   * Puts something else in its place. Clients hear of it once. When the new one cannot be served the old one stays.
   * @throws InvalidComponent
   */
  update(offerable: Offerable): void {
    const next = toProvider(offerable)
    const previous = this.#provider
    this.#catalog.drop(previous)
    try {
      this.#catalog.put(next)
    } catch (error) {
      this.#catalog.put(previous)
      throw error
    }
    this.#provider = next
    void this.detach().then(() => this.#attach())
  }

  /** Withdraws everything of this offer. */
  remove(): void {
    this.#withdrawn = true
    this.#catalog.drop(this.#provider)
    this.#host.gone()
    void this.detach()
  }

  /** Stops the provider. */
  async detach(): Promise<void> {
    const detach = this.#detach
    this.#detach = undefined
    try {
      await detach?.()
    } catch (cause) {
      this.#host.report(cause, this.#provider.name ?? 'offer')
    }
  }
}

/** Turns whatever was offered into a provider. @throws TypeError saying what can be offered */
export function toProvider(offerable: Offerable): Provider {
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

function joined(providers: readonly Provider[]): Provider {
  return {
    name: providers.map(provider => provider.name ?? 'provider').join(', '),
    components: () => providers.flatMap(provider => provider.components()),
    async attach(host) {
      const detachers = await Promise.all(providers.map(provider => provider.attach?.(host)))
      return async () => {
        for (const detach of detachers) await detach?.()
      }
    },
  }
}
