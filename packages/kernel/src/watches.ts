/** Starts watching a resource with its first subscriber and stops with its last. */

import type { Clock } from '@oarlock/protocol'
import type { Watch } from './catalog/component.ts'
import type { Kernel } from './kernel.ts'
import { quietly } from './quietly.ts'
import { isThenable, type MaybePromise } from './thenable.ts'

/** How long a subscription waits for a source that is slow to be watched. */
const PATIENCE_MS = 2_000

/** A watch under way: by which function it was started, and what stops it. */
interface Watching {
  readonly watch: Watch
  readonly stop: Promise<() => void>
  /** Until it has started or failed. */
  starting: boolean
}

/** The watches of one server, by URI. */
export class Watches {
  readonly #kernel: Kernel
  readonly #clock: Clock
  readonly #updated: (uri: string) => void
  readonly #watching = new Map<string, Watching>()
  #following = false

  constructor(kernel: Kernel, clock: Clock, updated: (uri: string) => void) {
    this.#kernel = kernel
    this.#clock = clock
    this.#updated = updated
  }

  start(uri: string): void {
    const watch = this.#watchOf(uri)
    if (watch === undefined) return
    const begun = this.#begin(watch, uri)
    const watching: Watching = { watch, stop: Promise.resolve(begun), starting: isThenable(begun) }
    const settled = (): void => void (watching.starting = false)
    watching.stop.then(settled, (cause: unknown) => {
      settled()
      this.#failed(cause, uri)
    })
    this.#watching.set(uri, watching)
  }

  #begin(watch: Watch, uri: string): MaybePromise<() => void> {
    try {
      return watch(uri, () => this.#updated(uri))
    } catch (cause) {
      return Promise.reject(cause)
    }
  }

  /**
   * Resolves when the sources of these URIs are watched, as far as they can be; undefined when they are already. What changes after a subscription was
   * acknowledged must be told, so nothing is acknowledged before. Never rejects, and takes two seconds at most.
   */
  started(uris: readonly string[]): Promise<void> | undefined {
    const starting = uris.flatMap(uri => this.#watching.get(uri) ?? []).filter(watching => watching.starting)
    if (starting.length === 0) return undefined
    return new Promise(resolve => {
      const stopWaiting = this.#clock.after(PATIENCE_MS, resolve)
      void Promise.allSettled(starting.map(({ stop }) => stop)).then(() => {
        stopWaiting()
        resolve()
      })
    })
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
    quietly(end, cause => this.#failed(cause, uri))
  }

  #failed(cause: unknown, uri: string): void {
    this.#kernel.report(cause, `watch of ${uri}`)
  }
}
