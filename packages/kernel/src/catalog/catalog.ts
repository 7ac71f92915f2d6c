/** All components that were offered, and the snapshot compiled from them: rebuilt on the next request after a change, never in between. */

import type { Component } from './component.ts'
import type { Entry } from './entry.ts'
import { InvalidComponent } from './invalid.ts'
import type { Provider } from './provider.ts'
import { Snapshot } from './snapshot.ts'

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

/** The providers of one server. */
export class Catalog {
  readonly #compile: Compile
  readonly #changed: (kinds: readonly ListKind[]) => void
  readonly #offers = new Map<Provider, readonly Component[]>()
  /** Who offers what, by identity. */
  readonly #owners = new Map<string, { readonly provider: Provider; readonly component: Component }>()
  /** Entries by component: a component that did not change is not compiled again. */
  #entries = new Map<Component, Entry>()
  /** Order of registration by kind and key: survives replacement, and another version, so that pages stay where they were. */
  #seq = new Map<string, number>()
  #lastSeq = 0
  #snapshot: Snapshot | undefined

  constructor(compile: Compile, changed: (kinds: readonly ListKind[]) => void) {
    this.#compile = compile
    this.#changed = changed
  }

  /** The catalog now. */
  get snapshot(): Snapshot {
    return (this.#snapshot ??= this.#build())
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
    const owner = this.#owners.get(identity(component))
    return owner?.provider === provider ? undefined : owner?.component
  }

  /** Whether a provider is offered. */
  has(provider: Provider): boolean {
    return this.#offers.has(provider)
  }

  /**
   * Adds a provider, or reads it again, in the place of another if there is one.
   * @throws InvalidComponent naming all components at fault; then nothing changes
   */
  put(provider: Provider, instead?: Provider): void {
    const before = instead === undefined ? this.componentsOf(provider) : [...this.componentsOf(provider), ...this.componentsOf(instead)]
    const components = [...provider.components()]
    this.#check(components, provider, instead)
    if (instead !== undefined) this.#offers.delete(instead)
    this.#offers.set(provider, components)
    for (const component of before) this.#owners.delete(identity(component))
    for (const component of components) this.#owners.set(identity(component), { provider, component })
    this.#announce(before, components)
  }

  /** Takes a provider's components away. */
  drop(provider: Provider): void {
    const before = this.#offers.get(provider)
    if (before === undefined) return
    this.#offers.delete(provider)
    for (const component of before) this.#owners.delete(identity(component))
    this.#announce(before, [])
  }

  /** Compiles everything anew: the layers around all components changed. */
  recompile(): void {
    this.#entries = new Map()
    this.#snapshot = undefined
  }

  #announce(before: readonly Component[], after: readonly Component[]): void {
    const [old, now] = [new Set(before), new Set(after)]
    const changed = [...before.filter(component => !now.has(component)), ...after.filter(component => !old.has(component))]
    if (changed.length === 0) return
    this.#snapshot = undefined
    this.#changed([...new Set(changed.map(component => LIST_OF[component.kind]))])
  }

  /** Compiles what is new. Everything wrong is found before anything is refused. */
  #check(components: readonly Component[], provider: Provider, instead: Provider | undefined): void {
    const failures: InvalidComponent[] = []
    const fresh = components.filter(component => !this.#entries.has(component))
    const own = new Map<string, Component>()
    for (const component of components) {
      try {
        const id = identity(component)
        const owner = this.#owners.get(id)
        const rival = own.get(id) ?? (owner?.provider === provider || owner?.provider === instead ? undefined : owner?.component)
        if (rival !== undefined) throw clash(component, rival)
        own.set(id, component)
        this.#entry(component)
      } catch (error) {
        if (!(error instanceof InvalidComponent)) throw error
        failures.push(error)
      }
    }
    const [first] = failures
    if (first === undefined) return
    for (const component of fresh) this.#entries.delete(component)
    throw failures.length === 1 ? first : InvalidComponent.joined(provider.name ?? 'offer', failures)
  }

  #entry(component: Component): Entry {
    const known = this.#entries.get(component)
    if (known !== undefined) return known
    const key = keyOf(component)
    const place = `${component.kind} ${key}`
    const seq = this.#seq.get(place) ?? (this.#lastSeq += 1)
    const entry = this.#compile(component, key, seq)
    this.#seq.set(place, seq)
    this.#entries.set(component, entry)
    return entry
  }

  /** What is gone is forgotten here, not when it went: a replacement may have come since. */
  #build(): Snapshot {
    const entries = new Map(this.components.map(component => [component, this.#entry(component)]))
    this.#entries = entries
    this.#seq = new Map(Array.from(entries.values(), ({ kind, key, seq }) => [`${kind} ${key}`, seq]))
    return new Snapshot([...entries.values()])
  }
}

function clash(component: Component, rival: Component): InvalidComponent {
  const version = component.version === undefined ? '' : ` version ${component.version}`
  const what = `${component.kind} '${keyOf(component)}'${version}`
  return new InvalidComponent(component.origin, [
    `${what} is offered twice: by ${rival.origin} and by ${component.origin}. Rename one, or give them different versions.`,
  ])
}

/** What only one component of a server can be. */
export function identity(component: Component): string {
  return JSON.stringify([component.kind, keyOf(component), component.version ?? null])
}
