/** What files a root holds, in memory: by name only, folder by folder, in the order of URIs. Size and time are asked for page by page. */

import type { Dirent } from 'node:fs'
import { isPlainName, MOST_DEPTH, type OpenFolder } from '@oarlock/folders'
import type { ListedResource } from '@oarlock/kernel'
import type { TypeByName } from '../mime.ts'
import type { Judge } from './ignored.ts'
import type { Root } from './root.ts'

/** One file. */
export interface Item {
  readonly uri: string
  /** Below the root. */
  readonly path: string
  /** As it is listed, once that was asked for; no longer when its folder was looked at again. */
  listed: ListedResource | undefined
  /** How often its folder was looked at. */
  looks: number
}

/** One folder, as it was when last looked at. */
interface Folder {
  readonly segments: readonly string[]
  readonly files: ReadonlyMap<string, Item>
  readonly folders: ReadonlySet<string>
}

/** A folder while it is read. */
interface Look {
  readonly segments: readonly string[]
  readonly folder: OpenFolder
  readonly judge: Judge
  readonly known: Folder | undefined
  readonly files: Map<string, Item>
  readonly folders: Set<string>
}

/** Questions to the file system that are under way at the same time. */
const AT_ONCE = 64

/** The files of one root. One look at a time. */
export class FileIndex {
  readonly #root: Root
  readonly #typeOf: TypeByName
  readonly #most: number
  readonly #report: (cause: unknown, where: string) => void
  readonly #folders = new Map<string, Folder>()
  readonly #items = new Map<string, Item>()
  #sorted: readonly Item[] | undefined
  #turn: Promise<unknown> = Promise.resolve()
  #full = false

  constructor(root: Root, typeOf: TypeByName, most: number, report: (cause: unknown, where: string) => void) {
    this.#root = root
    this.#typeOf = typeOf
    this.#most = most
    this.#report = report
  }

  /** Looks at everything anew. Resolves to whether files came or went. */
  refresh(): Promise<boolean> {
    return this.#inTurn(async () => {
      this.#root.ignored.forget()
      const changed = await this.#look([], true)
      // Told once, until there was room for all.
      if (this.#items.size < this.#most) this.#full = false
      return changed
    })
  }

  /** Looks at these folders anew, and at what is new in them. A folder that is not known is none of ours. */
  rescan(folders: Iterable<string>): Promise<boolean> {
    return this.#inTurn(async () => {
      let changed = false
      for (const path of folders) {
        const known = this.#folders.get(path)
        if (known !== undefined && (await this.#look(known.segments, false))) changed = true
      }
      return changed
    })
  }

  /** All files whose URI comes after `after`, and begins with `prefix`, in order. */
  *behind(after: string | undefined, prefix = ''): Generator<Item> {
    this.#sorted ??= [...this.#items.values()].sort((a, b) => (a.uri < b.uri ? -1 : 1))
    const sorted = this.#sorted
    const fresh = after === undefined || after < prefix
    for (let at = firstBehind(sorted, fresh ? prefix : after, fresh); at < sorted.length; at++) {
      const item = sorted[at] as Item
      if (!item.uri.startsWith(prefix)) return
      yield item
    }
  }

  /** These files as they are listed. What is gone by now is listed without a size: the next look finds out. */
  async listed(items: readonly Item[]): Promise<readonly ListedResource[]> {
    const found = new Map<Item, ListedResource>()
    const byFolder = new Map<string, Item[]>()
    for (const item of items) {
      if (item.listed !== undefined) {
        found.set(item, item.listed)
        continue
      }
      const folder = item.path.slice(0, Math.max(0, item.path.lastIndexOf('/')))
      const group = byFolder.get(folder)
      if (group === undefined) byFolder.set(folder, [item])
      else group.push(item)
    }
    for (const [path, group] of byFolder) await this.#describe(segmentsOf(path), group, found)
    return items.map(item => found.get(item) ?? this.#plain(item))
  }

  #inTurn(work: () => Promise<boolean>): Promise<boolean> {
    const turn = this.#turn.then(work)
    this.#turn = turn.catch(() => {})
    return turn
  }

  /**
   * Looks at one folder, and at those below that are new.
   * @param deep whether those below that are known are looked at, too
   */
  async #look(segments: readonly string[], deep: boolean): Promise<boolean> {
    const path = segments.join('/')
    const before = this.#folders.get(path)
    const now = await this.#read(segments, before)
    if (now === undefined) return before !== undefined && this.#drop(path, before)
    this.#folders.set(path, now)
    let changed = this.#take(before, now)
    for (const name of before?.folders ?? []) {
      const gone = below(path, name)
      const folder = now.folders.has(name) ? undefined : this.#folders.get(gone)
      if (folder !== undefined && this.#drop(gone, folder)) changed = true
    }
    for (const name of now.folders) {
      if ((deep || !this.#folders.has(below(path, name))) && (await this.#look([...segments, name], deep))) changed = true
    }
    return changed
  }

  async #read(segments: readonly string[], known: Folder | undefined): Promise<Folder | undefined> {
    const { inside, ignored } = this.#root
    const judge = await ignored.judge(segments)
    return inside.folder(segments, async folder => {
      const look: Look = { segments, folder, judge, known, files: new Map(), folders: new Set() }
      const strange: Dirent[] = []
      for (const entry of await folder.entries()) if (isPlainName(entry.name) && !this.#knows(entry, look)) strange.push(entry)
      await inTurns(strange, async ({ name }) => {
        if (await this.#isFile(name, look)) this.#add(name, look)
      })
      return look
    })
  }

  /** Whether the name and the kind of an entry tell all that is to be known. */
  #knows(entry: Dirent, look: Look): boolean {
    const own = [...look.segments, entry.name]
    if (entry.isDirectory()) {
      if (own.length < MOST_DEPTH && !look.judge.ignores(own, true)) look.folders.add(entry.name)
      return true
    }
    if (look.judge.ignores(own, false)) return true
    if (!entry.isFile() || this.#root.inside.isStrict) return false
    this.#add(entry.name, look)
    return true
  }

  #add(name: string, { segments, known, files }: Look): void {
    const path = [...segments, name].join('/')
    const item = known?.files.get(name) ?? { uri: this.#root.uriOf(path), path, listed: undefined, looks: 0 }
    item.listed = undefined
    item.looks += 1
    files.set(name, item)
  }

  /** A link, which may lead to a file inside; what may have other names; and what file systems do not tell the kind of. */
  async #isFile(name: string, { segments, folder }: Look): Promise<boolean> {
    const own = [...segments, name]
    const stats = await folder.lstat(name).catch(() => undefined)
    if (stats === undefined || !stats.isSymbolicLink()) return stats !== undefined && this.#root.inside.takes(stats)
    const file = await this.#root.inside.open(own)
    await file?.handle.close()
    return file !== undefined && !(await this.#root.leavesOut(file.path))
  }

  /** Takes over what a folder holds now. */
  #take(before: Folder | undefined, now: Folder): boolean {
    let changed = false
    for (const [name, item] of before?.files ?? []) if (!now.files.has(name) && this.#forget(item)) changed = true
    for (const item of now.files.values()) {
      if (this.#items.has(item.uri) || this.#isFull()) continue
      this.#items.set(item.uri, item)
      this.#sorted = undefined
      changed = true
    }
    return changed
  }

  #drop(path: string, { files, folders }: Folder): boolean {
    this.#folders.delete(path)
    let changed = false
    for (const item of files.values()) if (this.#forget(item)) changed = true
    for (const name of folders) {
      const inner = this.#folders.get(below(path, name))
      if (inner !== undefined && this.#drop(below(path, name), inner)) changed = true
    }
    return changed
  }

  #forget({ uri }: Item): boolean {
    this.#sorted = undefined
    return this.#items.delete(uri)
  }

  async #describe(segments: readonly string[], items: readonly Item[], found: Map<Item, ListedResource>): Promise<void> {
    await this.#root.inside.folder(segments, folder =>
      inTurns(items, async item => {
        const { looks } = item
        const stats = await folder.lstat(item.path.slice(item.path.lastIndexOf('/') + 1)).catch(() => undefined)
        // Of a link it would be the size of the link.
        if (stats?.isFile() !== true) return
        const annotations = { lastModified: new Date(Number(stats.mtimeMs)).toISOString() }
        const listed = { ...this.#plain(item), size: Number(stats.size), annotations }
        found.set(item, listed)
        // A look that came between may know of a change that the answer does not.
        if (item.looks === looks) item.listed = listed
      }),
    )
  }

  #plain({ uri, path }: Item): ListedResource {
    const mimeType = this.#typeOf(path)
    return { uri, name: path, ...(mimeType === undefined ? {} : { mimeType }) }
  }

  #isFull(): boolean {
    if (this.#items.size < this.#most) return false
    if (!this.#full) {
      this.#full = true
      const cure = 'raise maxFiles, or leave out more by ignore or only'
      this.#report(new Error(`the root holds more than ${this.#most} files; the others are not listed: ${cure}`), this.#root.name)
    }
    return true
  }
}

async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  for (let start = 0; start < items.length; start += AT_ONCE) await Promise.all(items.slice(start, start + AT_ONCE).map(work))
}

/** The path of an entry of a folder. */
function below(path: string, name: string): string {
  return path === '' ? name : `${path}/${name}`
}

function segmentsOf(path: string): readonly string[] {
  return path === '' ? [] : path.split('/')
}

/** Index of the first file whose URI comes after `uri`, or is it when it counts itself. */
function firstBehind(sorted: readonly Item[], uri: string, itself: boolean): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const at = (sorted[middle] as Item).uri
    if (at < uri || (at === uri && !itself)) low = middle + 1
    else high = middle
  }
  return low
}
