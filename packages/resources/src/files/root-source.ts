/** One root at work: its listing, and those who follow its files. */

import { Changes, markOf, RootWatch } from '@oarlock/folders'
import type { ListedResource } from '@oarlock/kernel'
import { typesByName } from '../mime.ts'
import { FileIndex, type Item } from './file-index.ts'
import type { Root } from './root.ts'

/** What a root needs of its source. */
export interface RootHost {
  readonly debounceMs: number
  readonly pollMs: number | undefined
  readonly freshMs: number
  readonly maxFiles: number
  listChanged(): void
  failed(cause: unknown, where: string): void
}

/** A file that somebody follows. */
interface Followed {
  readonly segments: readonly string[]
  readonly updated: () => void
  mark: string | undefined
}

/** A page behind another may be of a listing so old. */
const PAGE_MS = 60_000

/** A root at work. */
export class RootSource {
  readonly root: Root
  readonly #host: RootHost
  readonly #watch: RootWatch
  readonly #followed = new Map<string, Followed>()
  #index: Promise<FileIndex> | undefined
  #refreshing: Promise<boolean> | undefined
  #refreshed = Number.NEGATIVE_INFINITY

  constructor(root: Root, host: RootHost) {
    this.root = root
    this.#host = host
    const { debounceMs, pollMs, freshMs } = host
    this.#watch = new RootWatch(root.inside, {
      debounceMs,
      pollMs,
      absentMs: pollMs ?? freshMs,
      ignored: async () => {
        const judge = await root.ignored.patterns()
        return segments => judge.ignores(segments, true)
      },
      changed: changes => this.#changed(changes),
      lost: () => this.#lost(),
      failed: cause => host.failed(cause, `watch of ${root.name}`),
    })
    root.ignored.isLive = () => this.#watch.isLive
  }

  /** Files behind `after`, in order, no more than are taken out. */
  async behind(after: string | undefined, prefix?: string): Promise<Iterable<Item>> {
    const index = await this.#indexed()
    const age = performance.now() - this.#refreshed
    if (!this.#watch.isLive && age > (after === undefined ? this.#host.freshMs : PAGE_MS)) await this.#refresh(index)
    return index.behind(after, prefix)
  }

  /** Files as they are listed. */
  async listed(items: readonly Item[]): Promise<readonly ListedResource[]> {
    return (await this.#indexed()).listed(items)
  }

  /** Follows a file, which need not exist, until what is returned is called. The folders are watched while somebody does. */
  async follow(segments: readonly string[], updated: () => void): Promise<() => void> {
    const path = segments.join('/')
    // What changes before the folders are watched is found by comparing with this.
    const followed: Followed = { segments, updated, mark: this.root.inside.markNow(segments) }
    this.#followed.set(path, followed)
    const release = this.hold()
    const stop = (): void => {
      if (this.#followed.get(path) === followed) this.#followed.delete(path)
      release()
    }
    try {
      const mark = await this.#markOf(segments)
      // A file that is left out is not there, whatever happens to it.
      const changed = mark !== undefined && mark !== followed.mark
      followed.mark = mark
      if (changed) updated()
      await this.#watch.ready
      return stop
    } catch (cause) {
      stop()
      throw cause
    }
  }

  /** Has the folders watched until what is returned is called. */
  hold(): () => void {
    return this.#watch.hold()
  }

  /** Lets go of everything. Resolves when nothing is watched any more. */
  close(): Promise<void> {
    this.#followed.clear()
    return this.#watch.close()
  }

  /** Whether the folders are watched. */
  get isWatching(): boolean {
    return this.#watch.isLive
  }

  /** Resolves when the folders are watched, or rejects when they cannot be. */
  get watching(): Promise<void> {
    return this.#watch.ready
  }

  async #changed(changes: Changes): Promise<void> {
    const index = await this.#indexed()
    const known = this.#refreshed > 0
    const folders = changes.folders !== undefined && (await this.#isRuledAnew(changes.folders)) ? undefined : changes.folders
    const listed = folders === undefined ? await this.#renew(index) : await index.rescan(folders)
    if (listed && known) this.#host.listChanged()
    await this.#compare(folders === undefined ? new Changes() : changes)
  }

  #lost(): void {
    const { inside, name, required } = this.root
    if (required && inside.problem !== undefined) this.#host.failed(new Error(inside.problem), `watch of ${name}`)
  }

  async #isRuledAnew(folders: ReadonlySet<string>): Promise<boolean> {
    for (const folder of folders) if (await this.root.ignored.isStale(folder === '' ? [] : folder.split('/'))) return true
    return false
  }

  /** Tells the followers of files that are not as they were. */
  async #compare(changes: Changes): Promise<void> {
    for (const [path, followed] of this.#followed) {
      if (!changes.concerns(path)) continue
      const mark = await this.#markOf(followed.segments)
      if (mark === followed.mark) continue
      followed.mark = mark
      if (this.#followed.get(path) === followed) followed.updated()
    }
  }

  async #markOf(segments: readonly string[]): Promise<string | undefined> {
    const file = await this.root.inside.open(segments)
    if (file === undefined) return undefined
    await file.handle.close()
    return (await this.root.leavesOut(segments.join('/'))) ? undefined : markOf(file.stats)
  }

  #indexed(): Promise<FileIndex> {
    const { maxFiles, failed } = this.#host
    this.#index ??= typesByName().then(types => new FileIndex(this.root, types, maxFiles, failed))
    return this.#index
  }

  /** Looks at everything anew, from now on. */
  async #renew(index: FileIndex): Promise<boolean> {
    const listed = await index.refresh()
    this.#refreshed = performance.now()
    return listed
  }

  /** Looks at everything anew, once for all who want it at the same time. */
  #refresh(index: FileIndex): Promise<boolean> {
    this.#refreshing ??= this.#renew(index).finally(() => (this.#refreshing = undefined))
    return this.#refreshing
  }
}
