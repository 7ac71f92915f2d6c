/** What a source lists, in the spelling by which it is judged and read. */

import type { ListedResource } from '@oarlock/kernel'
import { excerpt } from '@oarlock/protocol'
import type { Address } from './address.ts'

/** Made anew with the templates of a source. */
export class NormalListing {
  readonly #addresses: readonly Address[]
  readonly #failed: (cause: unknown, where: string) => void
  /** Items that were looked at and are as they should be: most sources give the same ones again. */
  readonly #sound = new WeakSet<ListedResource>()
  #told = false

  constructor(addresses: readonly Address[], failed: (cause: unknown, where: string) => void) {
    this.#addresses = addresses
    this.#failed = failed
  }

  items(given: Iterable<ListedResource>): readonly ListedResource[] {
    return Array.from(given).flatMap(item => (this.#sound.has(item) ? item : (this.#normal(item) ?? [])))
  }

  /** Undefined for what no template of the source reads: nobody could, so it is not listed. */
  #normal(item: ListedResource): ListedResource | undefined {
    for (const address of this.#addresses) {
      const asked = address.read(item.uri)
      if (asked === undefined || asked.range !== undefined) continue
      if (asked.uri !== item.uri) return { ...item, uri: asked.uri }
      this.#sound.add(item)
      return item
    }
    if (!this.#told) this.#failed(new Error(`${excerpt(item.uri)} fits none of the source's templates, and is left out`), 'list')
    this.#told = true
    return undefined
  }
}
