/** All components that were offered, and the snapshot compiled from them: rebuilt on the next request after a change, never in between. */

import type { Component } from './component.ts'
import type { Entry } from './entry.ts'
import type { Provider } from './provider.ts'
import { Snapshot } from './snapshot.ts'

/** Turns a component into an entry: compiles its schemas, composes its chain. Throws for a component that cannot be served. */
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
  /** Entries by component: a component that did not change is not compiled again. */
  #entries = new Map<Component, Entry>()
  /** Order of registration by kind, key and version: survives replacement, so that pages stay where they were. */
  readonly #seq = new Map<string, number>()
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

  /** Adds a provider, or reads it again. Nothing changes when a component is at fault: the error names all that are. */
  put(provider: Provider): void {
    const before = this.#offers.get(provider) ?? []
    const components = provider.components()
    this.#checkClashes(provider, components)
    for (const component of components) this.#entry(component)
    this.#offers.set(provider, components)
    this.#announce(before, components)
  }

  /** Takes a provider's components away. */
  drop(provider: Provider): void {
    const before = this.#offers.get(provider)
    if (before === undefined) return
    this.#offers.delete(provider)
    this.#announce(before, [])
  }

  /** Compiles everything anew: the layers around all components changed. */
  recompile(): void {
    this.#entries = new Map()
    this.#snapshot = undefined
  }

  #announce(before: readonly Component[], after: readonly Component[]): void {
    const gone = before.filter(component => !after.includes(component))
    const come = after.filter(component => !before.includes(component))
    if (gone.length === 0 && come.length === 0) return
    this.#snapshot = undefined
    this.#changed([...new Set([...gone, ...come].map(component => LIST_OF[component.kind]))])
  }

  #checkClashes(provider: Provider, components: readonly Component[]): void {
    const taken = new Map<string, Component>()
    for (const [other, offered] of this.#offers)
      if (other !== provider) for (const component of offered) taken.set(identity(component), component)
    for (const component of components) {
      const rival = taken.get(identity(component))
      if (rival !== undefined) {
        const what = `${component.kind} '${keyOf(component)}'${component.version === undefined ? '' : ` version ${component.version}`}`
        throw new TypeError(
          `${what} is offered twice: by ${rival.origin} and by ${component.origin}. Rename one, or give them different versions.`,
        )
      }
      taken.set(identity(component), component)
    }
  }

  #entry(component: Component): Entry {
    const known = this.#entries.get(component)
    if (known !== undefined) return known
    const id = identity(component)
    const seq = this.#seq.get(id) ?? this.#seq.size
    const entry = this.#compile(component, keyOf(component), seq)
    this.#seq.set(id, seq)
    this.#entries.set(component, entry)
    return entry
  }

  #build(): Snapshot {
    const components = this.components
    const entries = new Map(components.map(component => [component, this.#entry(component)]))
    this.#entries = entries
    return new Snapshot([...entries.values()])
  }
}

function identity(component: Component): string {
  return JSON.stringify([component.kind, keyOf(component), component.version ?? null])
}
