/** One resource being watched, from its first follower to its last; a source that cannot be watched yet is tried again. */

import { type Clock, isThenable } from '@oarlock/protocol'
import type { Watch } from './catalog/component.ts'
import { quietly } from './quietly.ts'

/** First and longest pause before a watch that failed is tried again, doubled each time. */
const RETRY_MS = 1_000
const LONGEST_RETRY_MS = 60_000

/** What a watch needs of its server. */
export interface WatchingHost {
  readonly clock: Clock
  updated(uri: string): void
  failed(cause: unknown, uri: string): void
}

/** A watch under way. */
export class Watching {
  /** The function it was started by. */
  readonly watch: Watch
  readonly #uri: string
  readonly #host: WatchingHost
  #starting: Promise<void> | undefined
  #end: (() => void) | undefined
  #stopRetry: (() => void) | undefined
  #failures = 0
  #over = false

  constructor(watch: Watch, uri: string, host: WatchingHost) {
    this.watch = watch
    this.#uri = uri
    this.#host = host
    this.#begin()
  }

  /** Resolves when the source is watched or could not be; undefined when that is known. Never rejects. */
  get starting(): Promise<void> | undefined {
    return this.#starting
  }

  #begin(): void {
    try {
      const begun = this.watch(this.#uri, () => this.#host.updated(this.#uri))
      if (!isThenable(begun)) return this.#began(begun)
      const starting = Promise.resolve(begun)
        .then(
          end => this.#began(end),
          (cause: unknown) => this.#failed(cause),
        )
        .finally(() => (this.#starting = undefined))
      this.#starting = starting
    } catch (cause) {
      this.#failed(cause)
    }
  }

  #began(end: () => void): void {
    this.#end = end
    if (this.#over) return this.stop()
    // What happened until now was not heard of.
    if (this.#failures > 0) this.#host.updated(this.#uri)
    this.#failures = 0
  }

  #failed(cause: unknown): void {
    this.#host.failed(cause, this.#uri)
    if (this.#over) return
    const pause = Math.min(LONGEST_RETRY_MS, RETRY_MS * 2 ** this.#failures)
    this.#failures += 1
    this.#stopRetry = this.#host.clock.after(pause, () => this.#begin())
  }

  /** Ends it, if it has begun or when it has. */
  stop(): void {
    this.#over = true
    this.#stopRetry?.()
    const end = this.#end
    this.#end = undefined
    if (end !== undefined) quietly(end, cause => this.#host.failed(cause, this.#uri))
  }
}
