/** Starts watching a resource with its first subscriber and stops with its last. */

import type { Clock } from '@oarlock/protocol'
import type { Watch } from './catalog/component.ts'
import type { Kernel } from './kernel.ts'
import { Watching, type WatchingHost } from './watching.ts'

/** How long a subscription waits for a source that is slow to be watched. */
const PATIENCE_MS = 2_000

/** The watches of one server, by URI. */
export class Watches {
  readonly #kernel: Kernel
  readonly #host: WatchingHost
  readonly #watching = new Map<string, Watching>()
  #following = false

  constructor(kernel: Kernel, clock: Clock, updated: (uri: string) => void) {
    this.#kernel = kernel
    this.#host = { clock, updated, failed: (cause, uri) => kernel.report(cause, `watch of ${uri}`) }
  }

  start(uri: string): void {
    const watch = this.#watchOf(uri)
    if (watch !== undefined) this.#watching.set(uri, new Watching(watch, uri, this.#host))
  }

  stop(uri: string): void {
    const watching = this.#watching.get(uri)
    this.#watching.delete(uri)
    watching?.stop()
  }

  /**
   * Resolves when the sources of these URIs are watched, as far as they can be; undefined when they are already. What changes after a subscription was
   * acknowledged must be told, so nothing is acknowledged before. Never rejects, and takes two seconds at most.
   */
  started(uris: readonly string[]): Promise<void> | undefined {
    const starting = uris.flatMap(uri => this.#watching.get(uri)?.starting ?? [])
    if (starting.length === 0) return undefined
    return new Promise(resolve => {
      const stopWaiting = this.#host.clock.after(PATIENCE_MS, resolve)
      void Promise.all(starting).then(() => {
        stopWaiting()
        resolve()
      })
    })
  }

  /** The catalog changed: once for all changes of a turn, each followed URI gets the watch of what is there now. */
  refresh(followed: () => Iterable<string>): void {
    if (this.#following) return
    this.#following = true
    queueMicrotask(() => {
      this.#following = false
      for (const uri of followed()) {
        if (this.#watchOf(uri) === this.#watching.get(uri)?.watch) continue
        this.stop(uri)
        this.start(uri)
      }
    })
  }

  #watchOf(uri: string): Watch | undefined {
    const { resources, templates } = this.#kernel.catalog.snapshot
    const entry = resources.byKey.get(uri)?.[0] ?? templates.matching.find(each => each.template.match(uri) !== undefined)
    return entry?.component.watch
  }
}
