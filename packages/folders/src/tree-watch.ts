/** A tree of folders under watch: those that come are watched, those that go no longer, and one in the place of another is told from it. */

import { lstat, readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { codeOf } from './absence.ts'
import { watchFolder } from './folder-watch.ts'
import { folderMarkOf } from './mark.ts'

/** Whether a folder is none of ours, by the segments of its path below the root. */
export type Ignores = (segments: readonly string[]) => boolean

/** What a tree is watched with. */
export interface TreeOptions {
  /** The real path of the root. */
  readonly path: string
  readonly ignores: Ignores
  /** Something in a folder changed, or the folder itself came or went. */
  touched(folder: string): void
  failed(cause: unknown): void
}

/** A folder under watch. */
interface Watched {
  /** What tells it from another one of its name. */
  readonly mark: string
  end: (() => Promise<void>) | undefined
}

/** The system has no more watches to give. Told once, however many folders there are. */
const UNWATCHABLE: ReadonlySet<string> = new Set(['ENOSPC', 'EMFILE'])

/** The folders of a tree, each watched by itself; a link is no folder. */
export class TreeWatch {
  readonly #options: TreeOptions
  /** By path below the root. */
  readonly #folders = new Map<string, Watched>()
  /** Paths at which a folder may have come or gone. */
  readonly #doubtful = new Set<string>()
  /** What is being opened and ended. */
  readonly #underway = new Set<Promise<void>>()
  readonly #told = new Set<string>()
  #settling = false
  #closed = false

  constructor(options: TreeOptions) {
    this.#options = options
  }

  /** Resolves when every change from now on is told. */
  open(): Promise<void> {
    const opening = this.#open('', false)
    this.#during(opening.catch(() => {}))
    return opening
  }

  /** Nothing is told any more. Resolves when nothing is watched. */
  async close(): Promise<void> {
    this.#closed = true
    this.#drop('')
    while (this.#underway.size > 0) await Promise.all(this.#underway)
  }

  /** A folder is watched before it is looked into, and told of only then: what comes meanwhile is either told or found. */
  async #open(path: string, isNew: boolean): Promise<void> {
    const mark = await this.#markOf(path)
    if (mark === undefined || this.#closed) return
    const folder: Watched = { mark, end: undefined }
    this.#folders.set(path, folder)
    const end = await watchFolder(this.#at(path), {
      heard: (name, isOther) => {
        if (this.#folders.get(path) === folder) this.#heard(path, name, isOther)
      },
      failed: cause => this.#failed(cause),
    })
    folder.end = end
    if (this.#folders.get(path) !== folder) return this.#end(folder)
    if (isNew) this.#touch(path)
    await Promise.all((await this.#foldersIn(path)).map(child => this.#open(child, isNew)))
  }

  #heard(path: string, name: string | undefined, isOther: boolean): void {
    this.#touch(path)
    // What happens to a folder itself is told with its own name.
    if (path !== '' && name === basename(path)) this.#touch(parentOf(path))
    if (name === undefined) this.#during(this.#doubtAll(path))
    else if (isOther) this.#doubt([below(path, name)])
  }

  #touch(path: string): void {
    if (!this.#closed) this.#options.touched(path)
  }

  async #doubtAll(path: string): Promise<void> {
    const now = await this.#foldersIn(path)
    this.#doubt([...this.#folders.keys()].filter(known => known !== '' && parentOf(known) === path))
    this.#doubt(now)
  }

  #doubt(paths: readonly string[]): void {
    for (const path of paths) this.#doubtful.add(path)
    if (!this.#settling) this.#during(this.#settle())
  }

  /** Looks at what is doubtful, one after the other, and at what comes to be so meanwhile. */
  async #settle(): Promise<void> {
    this.#settling = true
    for (const path of this.#doubtful) {
      this.#doubtful.delete(path)
      try {
        await this.#look(path)
      } catch (cause) {
        this.#failed(cause)
      }
    }
    this.#settling = false
  }

  async #look(path: string): Promise<void> {
    if (!this.#folders.has(parentOf(path)) || this.#options.ignores(path.split('/'))) return
    const mark = await this.#markOf(path)
    if (mark === this.#folders.get(path)?.mark) return
    this.#drop(path)
    if (mark !== undefined) await this.#open(path, true)
  }

  /** Lets go of a folder and of all below it. */
  #drop(path: string): void {
    for (const [each, folder] of this.#folders) {
      if (path !== '' && each !== path && !each.startsWith(`${path}/`)) continue
      this.#folders.delete(each)
      this.#end(folder)
      this.#touch(each)
    }
  }

  #end({ end }: Watched): void {
    if (end === undefined) return
    this.#during(end().catch((cause: unknown) => this.#options.failed(cause)))
  }

  #during(work: Promise<void>): void {
    const done = work.finally(() => this.#underway.delete(done))
    this.#underway.add(done)
  }

  #failed(cause: unknown): void {
    const code = codeOf(cause) ?? ''
    if (this.#closed || (UNWATCHABLE.has(code) && this.#told.has(code))) return
    this.#told.add(code)
    this.#options.failed(UNWATCHABLE.has(code) ? this.#explained(cause) : cause)
  }

  #explained(cause: unknown): Error {
    const cure = 'raise the limit (fs.inotify.max_user_watches on Linux), leave out more by ignore, or set poll'
    return new Error(`the system watches no more folders below ${this.#options.path}: ${cure}`, { cause })
  }

  #at(path: string): string {
    return join(this.#options.path, path)
  }

  async #markOf(path: string): Promise<string | undefined> {
    const stats = await lstat(this.#at(path), { bigint: true }).catch(() => undefined)
    return stats && folderMarkOf(stats)
  }

  async #foldersIn(path: string): Promise<readonly string[]> {
    const entries = await readdir(this.#at(path), { withFileTypes: true }).catch(() => [])
    const folders = entries.filter(entry => entry.isDirectory()).map(({ name }) => below(path, name))
    return folders.filter(folder => !this.#options.ignores(folder.split('/')))
  }
}

function below(path: string, name: string): string {
  return path === '' ? name : `${path}/${name}`
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}
