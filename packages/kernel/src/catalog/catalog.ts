/** All components that were offered, compiled when they come; the snapshot of them is made on the next request after a change, never in between. */

import type { Component } from './component.ts'
import { difference, type Difference } from './difference.ts'
import type { Entry, PromptEntry, ResourceEntry, TemplateEntry, ToolEntry } from './entry.ts'
import { InvalidComponent } from './invalid.ts'
import type { Provider } from './provider.ts'
import { Rack } from './rack.ts'
import { Shelf, TemplateShelf } from './shelf.ts'
import type { Snapshot } from './snapshot.ts'

/** Turns a component into an entry: compiles its schemas, composes its chain. @throws InvalidComponent for one that cannot be served */
export type Compile = (component: Component, key: string, seq: number) => Entry

/** The lists that a change concerns. */
export type ListKind = 'tools' | 'resources' | 'prompts'

const LIST_OF: Readonly<Record<Component['kind'], ListKind>> = {
  tool: 'tools',
  resource: 'resources',
  template: 'resources',
  prompt: 'prompts',
}

/** What identifies a component among its kind. */
export function keyOf(component: Component): string {
  return component.kind === 'resource' ? component.uri : component.kind === 'template' ? component.uriTemplate : component.name
}

/** A component that is offered: by whom, and made ready. */
interface Held {
  provider: Provider
  entry: Entry
}

/** The providers of one server. A change costs what it changes, and one comparison with what was there. */
export class Catalog {
  readonly #compile: Compile
  readonly #changed: (kinds: readonly ListKind[]) => void
  readonly #offers = new Map<Provider, readonly Component[]>()
  readonly #held = new Map<Component, Held>()
  readonly #racks = {
    tool: new Rack<ToolEntry>((byKey, guarded) => new Shelf(byKey, guarded)),
    resource: new Rack<ResourceEntry>((byKey, guarded) => new Shelf(byKey, guarded)),
    template: new Rack<TemplateEntry, TemplateShelf>((byKey, guarded, completable) => new TemplateShelf(byKey, guarded, completable)),
    prompt: new Rack<PromptEntry>((byKey, guarded, completable) => new Shelf(byKey, guarded, completable)),
  }
  /** The last place given to a key in the order of registration. What replaces a component, and another version of it, has its place: pages stay where they were. */
  #lastSeq = 0
  /** What was compiled for layers that are not those of today. */
  #stale = new Set<Component>()
  #snapshot: Snapshot | undefined

  constructor(compile: Compile, changed: (kinds: readonly ListKind[]) => void) {
    this.#compile = compile
    this.#changed = changed
  }

  /** The catalog now: the same object until something changes. */
  get snapshot(): Snapshot {
    return (this.#snapshot ??= this.#shown())
  }

  get components(): readonly Component[] {
    return [...this.#offers.values()].flat()
  }

  /** What a provider offers now. */
  componentsOf(provider: Provider): readonly Component[] {
    return this.#offers.get(provider) ?? []
  }

  /** The component that keeps a provider from offering this one: of the same identity, and another provider's. */
  rival(component: Component, provider: Provider): Component | undefined {
    const owner = this.#owner(component)
    return owner === undefined || this.#held.get(owner)?.provider === provider ? undefined : owner
  }

  /** Whether a provider is offered. */
  has(provider: Provider): boolean {
    return this.#offers.has(provider)
  }

  /**
   * Adds a provider, or reads it again, in the place of another if there is one.
   * @throws InvalidComponent naming all components at fault; then nothing changes
   */
  put(provider: Provider, instead: Provider = provider): void {
    const components = [...provider.components()]
    const before = instead === provider ? this.componentsOf(provider) : [...this.componentsOf(provider), ...this.componentsOf(instead)]
    const change = difference(before, components)
    const entries = this.#compiled(change, provider)
    if (instead !== provider) this.#handOver(components, instead, provider)
    this.#offers.set(provider, components)
    // What comes goes first: a key that is taken over is never without an entry, and so keeps its place.
    for (const entry of entries) {
      this.#held.set(entry.component, { provider, entry })
      this.#rackOf(entry).add(entry)
    }
    this.#remove(change.gone)
    this.#announce([...change.gone, ...change.come])
  }

  /** Takes a provider's components away. */
  drop(provider: Provider): void {
    const gone = this.componentsOf(provider)
    this.#offers.delete(provider)
    this.#remove(gone)
    this.#announce(gone)
  }

  /** Compiles everything anew, once somebody looks: the layers around all components changed. */
  recompile(): void {
    this.#stale = new Set(this.#held.keys())
    this.#snapshot = undefined
  }

  #shown(): Snapshot {
    for (const component of this.#stale) {
      const held = this.#held.get(component) as Held
      const { key, seq } = held.entry
      const rack = this.#rackOf(component)
      const entry = this.#compile(component, key, seq)
      rack.add(entry)
      rack.remove(held.entry)
      held.entry = entry
      this.#stale.delete(component)
    }
    const { tool, resource, template, prompt } = this.#racks
    return { tools: tool.shelf, resources: resource.shelf, templates: template.shelf, prompts: prompt.shelf }
  }

  #handOver(components: readonly Component[], from: Provider, to: Provider): void {
    this.#offers.delete(from)
    for (const component of components) {
      const held = this.#held.get(component)
      if (held !== undefined) held.provider = to
    }
  }

  #remove(components: Iterable<Component>): void {
    for (const component of components) {
      const { entry } = this.#held.get(component) as Held
      this.#held.delete(component)
      this.#stale.delete(component)
      this.#rackOf(component).remove(entry)
    }
  }

  #announce(changed: readonly Component[]): void {
    if (changed.length === 0) return
    this.#snapshot = undefined
    this.#changed([...new Set(changed.map(component => LIST_OF[component.kind]))])
  }

  /** Compiles what comes. Everything wrong is found before anything is refused. */
  #compiled({ gone, come, twice }: Difference<Component>, provider: Provider): readonly Entry[] {
    const failures = twice.map(component => clash(component, component))
    const entries: Entry[] = []
    const arrivals = new Map<string, { readonly seq: number; readonly components: Component[] }>()
    let lastSeq = this.#lastSeq
    for (const component of come) {
      const key = keyOf(component)
      const place = `${component.kind} ${key}`
      const arrival = arrivals.get(place) ?? { seq: this.#rackOf(component).placeOf(key) ?? (lastSeq += 1), components: [] }
      arrivals.set(place, arrival)
      const owner = this.#owner(component)
      const rival = owner === undefined || gone.has(owner) ? arrival.components.find(each => each.version === component.version) : owner
      try {
        if (rival !== undefined) throw clash(component, rival)
        arrival.components.push(component)
        entries.push(this.#compile(component, key, arrival.seq))
      } catch (error) {
        if (!(error instanceof InvalidComponent)) throw error
        failures.push(error)
      }
    }
    const [first] = failures
    if (first !== undefined) throw failures.length === 1 ? first : InvalidComponent.joined(provider.name ?? 'offer', failures)
    this.#lastSeq = lastSeq
    return entries
  }

  /** What is offered under the identity of a component. */
  #owner(component: Component): Component | undefined {
    return this.#rackOf(component).find(keyOf(component), component.version)?.component
  }

  /** Each entry goes to the rack of its kind and comes from it, which is all that the types of racks are about. */
  #rackOf({ kind }: { readonly kind: Component['kind'] }): Rack<Entry> {
    return this.#racks[kind] as unknown as Rack<Entry>
  }
}

function clash(component: Component, rival: Component): InvalidComponent {
  const version = component.version === undefined ? '' : ` version ${component.version}`
  const what = `${component.kind} '${keyOf(component)}'${version}`
  return new InvalidComponent(component.origin, [
    `${what} is offered twice: by ${rival.origin} and by ${component.origin}. Rename one, or give them different versions.`,
  ])
}
