/** Watches of a source, shared by all who follow one document: whatever spelling of its URI they use, on whichever server. */

/** Somebody who follows a document, under the URI that he knows it by. */
interface Follower {
  readonly asked: string
  readonly updated: () => void
}

/** How a source watches a document. */
type Watch = (uri: string, updated: () => void) => (() => void) | Promise<() => void>

interface Shared {
  readonly followers: Set<Follower>
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

  /** Adds a follower of a document, who asked for it as `asked`. Resolves, to what takes it away, when the source watches. */
  async follow(uri: string, updated: () => void, asked: string = uri): Promise<() => void> {
    // An own object for each: one that follows twice has to leave twice.
    const follower: Follower = { asked, updated }
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

  /** The document changed, and who asked for it as `uri` is told already: tells those who asked for it otherwise. */
  tellOthers(uri: string): void {
    for (const { asked, updated } of this.#shared.get(uri)?.followers ?? []) if (asked !== uri) updated()
  }

  /** Ends all. */
  clear(): void {
    for (const [uri, shared] of this.#shared) this.#stop(uri, shared)
  }

  #start(uri: string): Shared {
    const followers = new Set<Follower>()
    const tell = (): void => {
      this.#updated(uri)
      for (const { updated } of followers) updated()
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
