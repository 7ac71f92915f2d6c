/** Watches of a source, shared by all who follow one document: whatever spelling of its URI they use, on whichever server. */

/** How a source watches a document. */
type Watch = (uri: string, updated: () => void) => (() => void) | Promise<() => void>

interface Shared {
  readonly followers: Set<() => void>
  readonly stop: Promise<() => void>
}

/** The watches of one source. */
export class SharedWatches {
  readonly #watch: Watch
  readonly #updated: (uri: string) => void
  readonly #failed: (cause: unknown, where: string) => void
  readonly #shared = new Map<string, Shared>()

  /** @param updated called before the followers, for each change */
  constructor(watch: Watch, updated: (uri: string) => void, failed: (cause: unknown, where: string) => void) {
    this.#watch = watch
    this.#updated = updated
    this.#failed = failed
  }

  /** Adds a follower of a document. Resolves, to what takes it away, when the source watches. */
  async follow(uri: string, updated: () => void): Promise<() => void> {
    // An own function for each: one that follows twice has to leave twice.
    const follower = (): void => updated()
    const shared = this.#shared.get(uri) ?? this.#start(uri)
    shared.followers.add(follower)
    try {
      await shared.stop
    } catch (cause) {
      if (this.#shared.get(uri) === shared) this.#shared.delete(uri)
      throw cause
    }
    return () => {
      if (shared.followers.delete(follower) && shared.followers.size === 0) this.#stop(uri, shared)
    }
  }

  /** Ends all. */
  clear(): void {
    for (const [uri, shared] of this.#shared) this.#stop(uri, shared)
  }

  #start(uri: string): Shared {
    const followers = new Set<() => void>()
    const tell = (): void => {
      this.#updated(uri)
      for (const follower of followers) follower()
    }
    const shared = { followers, stop: Promise.resolve().then(() => this.#watch(uri, tell)) }
    this.#shared.set(uri, shared)
    return shared
  }

  #stop(uri: string, shared: Shared): void {
    shared.followers.clear()
    if (this.#shared.get(uri) === shared) this.#shared.delete(uri)
    shared.stop.then(stop => stop()).catch((cause: unknown) => this.#failed(cause, `watch of ${uri}`))
  }
}
