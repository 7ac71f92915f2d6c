/** What the server offers at the moment: its capabilities, and from them which methods are served. One truth for both (DIGEST S-DISC-03). */

import type { JsonObject, ServerCapabilities } from '@oarlock/protocol'
import type { Snapshot } from './catalog/snapshot.ts'
import type { Extensions } from './extension.ts'

/** Features that are declared even while the catalog holds nothing of their kind, because components will be added later. */
export interface DeclaredFeatures {
  readonly tools?: boolean
  readonly resources?: boolean
  readonly prompts?: boolean
  readonly completions?: boolean
  /** Off with false; on otherwise, because any handler may log. */
  readonly logging?: boolean
}

type Feature = keyof DeclaredFeatures

/** What each feature declares, in the order of the wire. */
const DECLARES: ReadonlyMap<Feature, object> = new Map<Feature, object>([
  ['tools', { listChanged: true }],
  ['resources', { subscribe: true, listChanged: true }],
  ['prompts', { listChanged: true }],
  ['completions', {}],
  ['logging', {}],
])

/** The features of one server. What was there once stays declared: a list that became empty is still a list, and clients want to hear of it. */
export class Features {
  readonly #on: Set<Feature>
  readonly #off: ReadonlySet<Feature>
  readonly #extensions: Record<string, JsonObject> | undefined
  #snapshot: Snapshot | undefined
  #capabilities: ServerCapabilities | undefined

  constructor(declared: DeclaredFeatures, extensions: Extensions) {
    const named = (value: boolean) => [...DECLARES.keys()].filter(feature => declared[feature] === value)
    this.#on = new Set(named(true))
    this.#off = new Set(named(false))
    if (!this.#off.has('logging')) this.#on.add('logging')
    this.#extensions = extensions.capabilities
  }

  /** Whether handlers' log messages may reach clients (DIGEST S-LOG-01). */
  get logging(): boolean {
    return this.#on.has('logging')
  }

  /** The server's capabilities for a snapshot: the same object as long as they are the same. */
  of(snapshot: Snapshot): ServerCapabilities {
    if (this.#snapshot !== snapshot || this.#capabilities === undefined) {
      this.#snapshot = snapshot
      const before = this.#on.size
      for (const feature of heldBy(snapshot)) if (!this.#off.has(feature)) this.#on.add(feature)
      if (this.#capabilities === undefined || this.#on.size > before) this.#capabilities = this.#write()
    }
    return this.#capabilities
  }

  #write(): ServerCapabilities {
    const features = [...DECLARES].filter(([feature]) => this.#on.has(feature))
    return { ...Object.fromEntries(features), ...(this.#extensions === undefined ? {} : { extensions: this.#extensions }) }
  }
}

function heldBy({ tools, resources, templates, prompts }: Snapshot): readonly Feature[] {
  const held: readonly (readonly [Feature, boolean])[] = [
    ['tools', tools.byKey.size > 0],
    ['resources', resources.byKey.size + templates.byKey.size > 0],
    ['prompts', prompts.byKey.size > 0],
    ['completions', prompts.completable || templates.completable],
  ]
  return held.flatMap(([feature, present]) => (present ? [feature] : []))
}
