/** Starts watching a resource with its first subscriber and stops with its last. */

import type { Watch } from './catalog/component.ts'
import type { Kernel } from './kernel.ts'

/** A watch under way: by which function it was started, and what stops it. */
interface Watching {
  readonly watch: Watch
  readonly stop: Promise<() => void>
}

/** The watches of one server, by URI. */
export class Watches {
  readonly #kernel: Kernel
  readonly #updated: (uri: string) => void
  readonly #watching = new Map<string, Watching>()
  #following = false

  constructor(kernel: Kernel, updated: (uri: string) => void) {
    this.#kernel = kernel
    this.#updated = updated
  }

  start(uri: string): void {
    const watch = this.#watchOf(uri)
    if (watch === undefined) return
    const stop = Promise.resolve().then(() => watch(uri, () => this.#updated(uri)))
    stop.catch((cause: unknown) => this.#failed(cause, uri))
    this.#watching.set(uri, { watch, stop })
  }

  stop(uri: string): void {
    const watching = this.#watching.get(uri)
    this.#watching.delete(uri)
    // That it never started is known already.
    void watching?.stop.then(
      end => this.#end(end, uri),
      () => {},
    )
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
    const { snapshot } = this.#kernel.catalog
    const entry = snapshot.resources.byKey.get(uri)?.[0] ?? snapshot.matching.find(each => each.template.match(uri) !== undefined)
    return entry?.component.watch
  }

  #end(end: () => void, uri: string): void {
    try {
      end()
    } catch (cause) {
      this.#failed(cause, uri)
    }
  }

  #failed(cause: unknown, uri: string): void {
    this.#kernel.report(cause, `watch of ${uri}`)
  }
}
