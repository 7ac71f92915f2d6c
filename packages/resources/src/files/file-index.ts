/** What files a root holds, in memory: read folder by folder, kept in the order of URIs, brought up to date folder by folder. */

import type { BigIntStats, Dirent } from 'node:fs'
import type { ListedResource } from '@oarlock/kernel'
import type { TypeByName } from '../mime.ts'
import { isPlainName, MOST_DEPTH } from './names.ts'
import { markOf, type OpenFolder } from './inside.ts'
import type { Judge } from './ignored.ts'
import type { Root } from './root.ts'

/** One file. */
interface Fact {
  /** Equal as long as the file is the same and was not written to. */
  readonly mark: string
  readonly listed: ListedResource
}

/** One folder, as it was when last looked at. */
interface Folder {
  readonly segments: readonly string[]
  readonly files: ReadonlyMap<string, Fact>
  readonly folders: ReadonlySet<string>
}

/** A folder while it is read. */
interface Look {
  readonly segments: readonly string[]
  readonly folder: OpenFolder
  readonly judge: Judge
  readonly files: Map<string, Fact>
  readonly folders: Set<string>
}

/** What looking again brought to light, by path below the root. */
export interface Changes {
  /** Files that came or went. */
  readonly listed: boolean
  /** Files that are new, gone, or different. */
  readonly paths: readonly string[]
}

/** Files whose state is asked for at the same time. */
const AT_ONCE = 64

/** The files of one root. One look at a time. */
export class FileIndex {
  readonly #root: Root
  readonly #typeOf: TypeByName
  readonly #most: number
  readonly #report: (cause: unknown, where: string) => void
  readonly #folders = new Map<string, Folder>()
  readonly #listed = new Map<string, ListedResource>()
  #sorted: readonly ListedResource[] | undefined
  #turn: Promise<unknown> = Promise.resolve()
  #full = false

  constructor(root: Root, typeOf: TypeByName, most: number, report: (cause: unknown, where: string) => void) {
    this.#root = root
    this.#typeOf = typeOf
    this.#most = most
    this.#report = report
  }

  /** How many files are known. */
  get size(): number {
    return this.#listed.size
  }

  /** Looks at everything anew. */
  refresh(): Promise<Changes> {
    return this.#inTurn(async () => {
      this.#root.ignored.forget()
      this.#full = false
      const changes = new Collected()
      await this.#look([], changes, true)
      return changes
    })
  }

  /** Looks at these folders anew, and at what is new in them. A folder that is not known is none of ours. */
  rescan(folders: Iterable<string>): Promise<Changes> {
    return this.#inTurn(async () => {
      const changes = new Collected()
      for (const path of folders) {
        const known = this.#folders.get(path)
        if (known !== undefined) await this.#look(known.segments, changes, false)
      }
      return changes
    })
  }

  /** All known files whose URI comes after `after`, and begins with `prefix`, in order. */
  *behind(after: string | undefined, prefix = ''): Generator<ListedResource> {
    this.#sorted ??= [...this.#listed.values()].sort((a, b) => (a.uri < b.uri ? -1 : 1))
    const sorted = this.#sorted
    const start = after !== undefined && after >= prefix ? after : prefix
    for (let at = firstBehind(sorted, start, after === undefined || after < prefix); at < sorted.length; at++) {
      const item = sorted[at] as ListedResource
      if (!item.uri.startsWith(prefix)) return
      yield item
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work)
    this.#turn = turn.catch(() => {})
    return turn
  }

  /** @param deep whether known folders below are looked at, too */
  async #look(segments: readonly string[], changes: Collected, deep: boolean): Promise<void> {
    const path = segments.join('/')
    const before = this.#folders.get(path)
    const now = await this.#read(segments)
    if (now === undefined) {
      if (before !== undefined) this.#drop(path, before, changes)
      return
    }
    this.#folders.set(path, now)
    this.#compare(path, before, now, changes)
    for (const name of before?.folders ?? []) {
      if (now.folders.has(name)) continue
      const gone = below(path, name)
      const folder = this.#folders.get(gone)
      if (folder !== undefined) this.#drop(gone, folder, changes)
    }
    for (const name of now.folders) {
      if (deep || !this.#folders.has(below(path, name))) await this.#look([...segments, name], changes, deep)
    }
  }

  async #read(segments: readonly string[]): Promise<Folder | undefined> {
    const { inside, ignored } = this.#root
    const judge = await ignored.judge(segments)
    return inside.folder(segments, async folder => {
      const files = new Map<string, Fact>()
      const folders = new Set<string>()
      const look = { segments, folder, judge, files, folders }
      const entries = (await folder.entries()).filter(({ name }) => isPlainName(name))
      for (let start = 0; start < entries.length; start += AT_ONCE) {
        const some = entries.slice(start, start + AT_ONCE)
        await Promise.all(some.map(entry => this.#take(entry, look)))
      }
      return { segments, files, folders }
    })
  }

  async #take(entry: Dirent, { segments, folder, judge, files, folders }: Look): Promise<void> {
    const { name } = entry
    const own = [...segments, name]
    if (entry.isDirectory()) {
      if (own.length < MOST_DEPTH && !judge.ignores(own, true)) folders.add(name)
      return
    }
    if (judge.ignores(own, false)) return
    const stats = entry.isFile() ? await folder.lstat(name).catch(() => undefined) : await this.#statsBehind(own)
    if (stats?.isFile() === true && this.#root.inside.takes(stats)) files.set(name, this.#factOf(own.join('/'), stats))
  }

  /** A link, which may lead to a file inside; and what file systems do not tell the kind of. */
  async #statsBehind(segments: readonly string[]): Promise<BigIntStats | undefined> {
    const file = await this.#root.inside.open(segments)
    if (file === undefined) return undefined
    await file.handle.close()
    return file.path === segments.join('/') || !(await this.#root.leavesOut(file.path)) ? file.stats : undefined
  }

  #factOf(path: string, stats: BigIntStats): Fact {
    const mimeType = this.#typeOf(path)
    const uri = this.#root.uriOf(path)
    const annotations = { lastModified: new Date(Number(stats.mtimeMs)).toISOString() }
    return {
      mark: markOf(stats),
      listed: { uri, name: path, ...(mimeType === undefined ? {} : { mimeType }), size: Number(stats.size), annotations },
    }
  }

  #compare(path: string, before: Folder | undefined, now: Folder, changes: Collected): void {
    for (const [name, fact] of before?.files ?? []) if (!now.files.has(name)) this.#forget(below(path, name), fact, changes)
    for (const [name, { mark, listed }] of now.files) {
      const known = before?.files.get(name)
      if (known?.mark === mark && this.#listed.has(listed.uri)) continue
      if (!this.#listed.has(listed.uri) && this.#isFull()) continue
      if (known === undefined) changes.listed = true
      changes.paths.push(below(path, name))
      this.#listed.set(listed.uri, listed)
      this.#sorted = undefined
    }
  }

  #drop(path: string, folder: Folder, changes: Collected): void {
    this.#folders.delete(path)
    for (const [name, fact] of folder.files) this.#forget(below(path, name), fact, changes)
    for (const name of folder.folders) {
      const inner = this.#folders.get(below(path, name))
      if (inner !== undefined) this.#drop(below(path, name), inner, changes)
    }
  }

  #forget(path: string, { listed }: Fact, changes: Collected): void {
    if (!this.#listed.delete(listed.uri)) return
    changes.listed = true
    changes.paths.push(path)
    this.#sorted = undefined
  }

  #isFull(): boolean {
    if (this.#listed.size < this.#most) return false
    if (!this.#full) {
      this.#full = true
      const cure = 'raise maxFiles, or leave out more by ignore or only'
      this.#report(new Error(`the root holds more than ${this.#most} files; the others are not listed: ${cure}`), this.#root.name)
    }
    return true
  }
}

class Collected implements Changes {
  listed = false
  readonly paths: string[] = []
}

/** The path of an entry of a folder. */
function below(path: string, name: string): string {
  return path === '' ? name : `${path}/${name}`
}

/** Index of the first resource whose URI comes after `uri`, or is it when it counts itself. */
function firstBehind(sorted: readonly ListedResource[], uri: string, itself: boolean): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const at = (sorted[middle] as ListedResource).uri
    if (at < uri || (at === uri && !itself)) low = middle + 1
    else high = middle
  }
  return low
}
