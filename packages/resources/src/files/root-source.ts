/** One root at work: its listing, and those who follow its files. */

import type { ListedResource } from '@oarlock/kernel'
import { typesByName } from '../mime.ts'
import { FileIndex, type Item } from './file-index.ts'
import { FolderWatch } from './folder-watch.ts'
import { markOf } from './inside.ts'
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

/** A root that is not there is looked for no more often. */
const LEAST_ABSENT_MS = 50

/** One time of watching, from the first who wants it to the last, or to the end of the directory. */
interface Turn {
  timer?: NodeJS.Timeout
}

/** A root at work. */
export class RootSource {
  readonly root: Root
  readonly #host: RootHost
  readonly #followed = new Map<string, Followed>()
  #index: Promise<FileIndex> | undefined
  #refreshing: Promise<boolean> | undefined
  #refreshed = Number.NEGATIVE_INFINITY
  #watch: FolderWatch | undefined
  #watching: Promise<void> | undefined
  #turn: Turn | undefined
  /** The directory that is watched. */
  #mark: string | undefined
  #live = false
  readonly #holds = new Set<() => void>()

  constructor(root: Root, host: RootHost) {
    this.root = root
    this.#host = host
  }

  /** Files behind `after`, in order, no more than are taken out. */
  async behind(after: string | undefined, prefix?: string): Promise<Iterable<Item>> {
    const index = await this.#indexed()
    const age = performance.now() - this.#refreshed
    if (!this.#live && age > (after === undefined ? this.#host.freshMs : PAGE_MS)) await this.#refresh(index)
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
      await this.#watching
      return stop
    } catch (cause) {
      stop()
      throw cause
    }
  }

  /** Has the folders watched until what is returned is called. */
  hold(): () => void {
    const release = (): void => {
      if (this.#holds.delete(release) && this.#holds.size === 0) void this.#end()
    }
    this.#holds.add(release)
    if (this.#turn === undefined) this.#begin()
    return release
  }

  /** Lets go of everything. Resolves when nothing is watched any more. */
  close(): Promise<void> {
    this.#holds.clear()
    this.#followed.clear()
    return this.#end()
  }

  /** Whether the folders are watched. */
  get isWatching(): boolean {
    return this.#live
  }

  /** Resolves when the folders are watched, or rejects when they cannot be. */
  get watching(): Promise<void> {
    return this.#watching ?? Promise.resolve()
  }

  #begin(): void {
    this.#turn = {}
    this.#watching = this.#start(this.#turn)
    // Whoever waits for it learns of a failure there.
    this.#watching.catch(() => {})
  }

  async #start(turn: Turn): Promise<void> {
    const mark = this.root.inside.mark
    if (mark === undefined) return this.#seek(turn)
    const { path } = this.root.inside.real()
    const { debounceMs, pollMs, failed } = this.#host
    const judge = await this.root.ignored.patterns()
    if (this.#turn !== turn) return
    this.#mark = mark
    const watch = new FolderWatch({
      path,
      debounceMs,
      pollMs,
      ignores: segments => judge.ignores(segments, true),
      changed: folders => this.#changed(folders),
      failed: cause => failed(cause, `watch of ${this.root.name}`),
    })
    this.#watch = watch
    await watch.start()
    if (this.#watch !== watch) return watch.close()
    const known = this.#refreshed > 0
    const listed = await this.#renew(await this.#indexed())
    this.#live = this.#watch === watch
    this.root.ignored.live = this.#live
    if (listed && known) this.#host.listChanged()
    await this.#compare(() => true)
  }

  /** Looks for a directory that is not there, until it is. */
  #seek(turn: Turn): void {
    const { failed, pollMs, freshMs } = this.#host
    const again = (): void => {
      if (this.#turn === turn) this.#start(turn).catch((cause: unknown) => failed(cause, `watch of ${this.root.name}`))
    }
    turn.timer = setTimeout(again, Math.max(pollMs ?? freshMs, LEAST_ABSENT_MS)).unref()
  }

  async #end(): Promise<void> {
    const watch = this.#watch
    clearTimeout(this.#turn?.timer)
    this.#turn = undefined
    this.#watch = undefined
    this.#watching = undefined
    this.#live = false
    this.root.ignored.live = false
    try {
      await watch?.close()
    } catch (cause) {
      this.#host.failed(cause, `watch of ${this.root.name}`)
    }
  }

  async #changed(folders: ReadonlySet<string> | undefined): Promise<void> {
    const isGone = (folders === undefined || folders.has('')) && this.root.inside.mark !== this.#mark
    if (isGone) await this.#lost()
    const index = await this.#indexed()
    const anew = isGone || folders === undefined || (await this.#isRuledAnew(folders))
    const listed = anew ? await this.#renew(index) : await index.rescan(folders)
    if (listed) this.#host.listChanged()
    await this.#compare(path => anew || isWithin(path, folders))
    if (isGone && this.#turn === undefined && this.#holds.size > 0) this.#begin()
  }

  /** The directory was removed, or another one is in its place: what was watched tells of nothing any more. */
  async #lost(): Promise<void> {
    const { inside, name, required } = this.root
    await this.#end()
    inside.forget()
    if (required && inside.problem !== undefined) this.#host.failed(new Error(inside.problem), `watch of ${name}`)
  }

  async #isRuledAnew(folders: ReadonlySet<string>): Promise<boolean> {
    for (const folder of folders) if (await this.root.ignored.isStale(folder === '' ? [] : folder.split('/'))) return true
    return false
  }

  /** Tells the followers of files that are not as they were. */
  async #compare(concerns: (path: string) => boolean): Promise<void> {
    for (const [path, followed] of this.#followed) {
      if (!concerns(path)) continue
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

/** Whether a file lies in one of the folders, or below one that may have come or gone as a whole. */
function isWithin(path: string, folders: ReadonlySet<string>): boolean {
  for (let slash = path.lastIndexOf('/'); slash !== -1; slash = path.lastIndexOf('/', slash - 1))
    if (folders.has(path.slice(0, slash))) return true
  return folders.has('')
}
