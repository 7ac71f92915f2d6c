/** The watch of a source's listing: begun when the first of its servers has a client that follows the list, ended when none has. */

/** One per source. */
export class ListWatch {
  readonly #begin: () => (() => void) | Promise<() => void>
  readonly #failed: (cause: unknown) => void
  readonly #followers = new Set<object>()
  #end: Promise<() => void> | undefined

  constructor(begin: () => (() => void) | Promise<() => void>, failed: (cause: unknown) => void) {
    this.#begin = begin
    this.#failed = failed
  }

  /** Somebody follows the list on a server, or nobody does any more. */
  followed(server: object, followed: boolean): void {
    if (followed) this.#followers.add(server)
    else this.#followers.delete(server)
    if (this.#followers.size > 0) this.#end ??= this.#started()
    else this.#stop()
  }

  #started(): Promise<() => void> {
    const end = Promise.resolve().then(this.#begin)
    end.catch(this.#failed)
    return end
  }

  #stop(): void {
    const end = this.#end
    this.#end = undefined
    // That it never began is known already.
    void end?.then(
      stop => this.#stopped(stop),
      () => {},
    )
  }

  #stopped(stop: () => void): void {
    try {
      stop()
    } catch (cause) {
      this.#failed(cause)
    }
  }
}
