/** Tells that something in a folder changed. What changed is for whoever hears it to find out. */

import { join, relative, sep } from 'node:path'
import type { FSWatcher } from 'chokidar'

/** How folders are watched. */
export interface FolderWatchOptions {
  /** The real path of the root. */
  readonly path: string
  /** Milliseconds of silence before changes are told. */
  readonly debounceMs: number
  /** Milliseconds between looks at everything, instead of waiting to be told. */
  readonly pollMs: number | undefined
  /** Whether a folder is none of ours. */
  ignores(segments: readonly string[]): boolean
  /** Folders in which something changed, by path below the root; undefined: perhaps all. The next call waits for this one. */
  changed(folders: ReadonlySet<string> | undefined): Promise<void>
  failed(cause: unknown): void
}

/** A burst of changes is told after so many times the silence that is waited for, even when it goes on. */
const LONGEST_BURST = 10

/**
 * Watches a tree of folders. Only folders are watched, not each file: the system tells of changes of the files in a folder, at a thousandth of the price
 * (a watch of its own for each of 10,000 files costs 12 KB each, and systems that count them have few).
 */
export class FolderWatch {
  readonly #options: FolderWatchOptions
  readonly #dirty = new Set<string>()
  readonly #new = new Set<string>()
  #watcher: FSWatcher | undefined
  #timer: NodeJS.Timeout | undefined
  #settle: (() => void) | undefined
  #first = 0
  #telling = false
  #closed = false

  constructor(options: FolderWatchOptions) {
    this.#options = options
  }

  /** Resolves when every change from now on is told. */
  async start(): Promise<void> {
    const { path, pollMs, failed } = this.#options
    if (pollMs !== undefined) {
      this.#poll(pollMs)
      return
    }
    const { watch } = await import('chokidar')
    if (this.#closed) return
    const watcher = watch(path, {
      ignoreInitial: true,
      followSymlinks: false,
      ignored: (each, stats) => stats !== undefined && (!stats.isDirectory() || this.#isForeign(each)),
    })
    this.#watcher = watcher
    watcher.on('raw', (_event, name, about) => {
      const { watchedPath } = about as { readonly watchedPath?: string }
      if (watchedPath !== undefined) this.#mark(watchedPath)
      // What happens to a folder itself is told with its own name in it.
      if (watchedPath?.endsWith(sep + name) === true) this.#mark(join(watchedPath, '..'))
    })
    for (const event of ['addDir', 'unlinkDir'] as const) {
      watcher.on(event, each => {
        this.#mark(each)
        this.#mark(join(each, '..'))
        // Files may come into a new folder before it is watched: it is looked at once more.
        if (event === 'addDir') this.#new.add(this.#below(each))
      })
    }
    watcher.on('error', cause => failed(explained(cause, path)))
    await new Promise<void>(resolve => {
      watcher.once('ready', resolve)
      this.#settle = resolve
    })
  }

  /** Nothing is told any more. */
  async close(): Promise<void> {
    this.#closed = true
    this.#settle?.()
    clearTimeout(this.#timer)
    await this.#watcher?.close()
  }

  #poll(ms: number): void {
    this.#timer = setTimeout(() => void this.#tell(undefined).then(() => this.#closed || this.#poll(ms)), ms)
    this.#timer.unref()
  }

  #below(path: string): string {
    return relative(this.#options.path, path).replaceAll(sep, '/')
  }

  #isForeign(path: string): boolean {
    const below = this.#below(path)
    return below !== '' && this.#options.ignores(below.split('/'))
  }

  #mark(path: string): void {
    const below = this.#below(path)
    if (this.#closed || below === '..' || below.startsWith('../')) return
    this.#dirty.add(below)
    this.#wait()
  }

  #wait(): void {
    const { debounceMs } = this.#options
    const now = Date.now()
    if (this.#timer === undefined) this.#first = now
    clearTimeout(this.#timer)
    const left = this.#first + debounceMs * LONGEST_BURST - now
    this.#timer = setTimeout(() => void this.#flush(), Math.max(0, Math.min(debounceMs, left)))
    this.#timer.unref()
  }

  async #flush(): Promise<void> {
    this.#timer = undefined
    if (this.#telling) return this.#wait()
    const folders = new Set(this.#dirty)
    const again = [...this.#new]
    this.#dirty.clear()
    this.#new.clear()
    await this.#tell(folders)
    for (const folder of again) this.#dirty.add(folder)
    if (this.#dirty.size > 0 && !this.#closed) this.#wait()
  }

  async #tell(folders: ReadonlySet<string> | undefined): Promise<void> {
    this.#telling = true
    try {
      await this.#options.changed(folders)
    } catch (cause) {
      this.#options.failed(cause)
    } finally {
      this.#telling = false
    }
  }
}

function explained(cause: unknown, path: string): unknown {
  const { code } = cause as NodeJS.ErrnoException
  if (code !== 'ENOSPC' && code !== 'EMFILE') return cause
  const cure = 'raise the limit (fs.inotify.max_user_watches on Linux), leave out more by ignore, or set poll'
  return new Error(`the system watches no more folders below ${path}: ${cure}`, { cause })
}
