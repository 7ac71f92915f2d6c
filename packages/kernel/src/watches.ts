/** Starts watching a resource with its first subscriber and stops with its last. */

import type { Kernel } from './kernel.ts'

/** The watches of one server, by URI. */
export class Watches {
  readonly #kernel: Kernel
  readonly #updated: (uri: string) => void
  readonly #stops = new Map<string, Promise<() => void>>()

  constructor(kernel: Kernel, updated: (uri: string) => void) {
    this.#kernel = kernel
    this.#updated = updated
  }

  start(uri: string): void {
    const { snapshot } = this.#kernel.catalog
    const entry = snapshot.resources.byKey.get(uri)?.[0] ?? snapshot.matching.find(each => each.template.match(uri) !== undefined)
    const watch = entry?.component.watch
    if (watch === undefined) return
    const stop = Promise.resolve().then(() => watch(uri, () => this.#updated(uri)))
    stop.catch((cause: unknown) => this.#kernel.report(cause, `watch of ${uri}`))
    this.#stops.set(uri, stop)
  }

  stop(uri: string): void {
    const stop = this.#stops.get(uri)
    this.#stops.delete(uri)
    stop?.then(end => end()).catch((cause: unknown) => this.#kernel.report(cause, `watch of ${uri}`))
  }
}
