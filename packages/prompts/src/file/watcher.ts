/** Watches folders of prompts and tells, once things are quiet, which paths may have changed. */

import type { FSWatcher } from 'chokidar'
import { relative, sep } from 'node:path'
import type { Watching } from '../registry/options.ts'
import { PromptFolder } from './folder.ts'
import { FolderPolling } from './polling.ts'

/** What a watcher tells. */
export interface WatchListener {
  /** Paths under a folder that came, went or changed, each at most once. */
  changed(folder: PromptFolder, paths: readonly string[]): void
  failed(folder: PromptFolder, cause: unknown): void
}

/** A folder under watch. */
export class FolderWatcher {
  readonly #folder: PromptFolder
  readonly #listener: WatchListener
  readonly #watching: Watching
  readonly #dirty = new Set<string>()
  #watcher: FSWatcher | FolderPolling | undefined
  /** There is a new folder: what came into it before it was watched shows only when it is looked at. */
  #hasNew = false
  #settle: (() => void) | undefined
  #timer: NodeJS.Timeout | undefined
  #closed = false

  constructor(folder: PromptFolder, watching: Watching, listener: WatchListener) {
    this.#folder = folder
    this.#watching = watching
    this.#listener = listener
  }

  /** Resolves when every later change will be seen. What changed before is not told. */
  start(): Promise<void> {
    return this.#watching.polling ? this.#poll() : this.#watch()
  }

  #poll(): Promise<void> {
    const watcher = new FolderPolling(
      this.#folder,
      path => this.#touched(path),
      cause => this.#listener.failed(this.#folder, cause),
    )
    this.#watcher = watcher
    return watcher.start()
  }

  async #watch(): Promise<void> {
    const { watch } = await import('chokidar')
    if (this.#closed) return
    const watcher = watch(this.#folder.root, { ignoreInitial: true, ignored: path => this.#isIgnored(path) })
    this.#watcher = watcher
    watcher.on('all', (event, path) => {
      if (event !== 'addDir' && event !== 'unlinkDir') this.#touched(this.#under(path))
      if (event !== 'addDir') return
      this.#hasNew = true
      this.#wait()
    })
    watcher.on('error', cause => this.#listener.failed(this.#folder, cause))
    await new Promise<void>(resolve => {
      watcher.once('ready', resolve)
      this.#settle = resolve
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    // One that is closed while it starts never tells that it has.
    this.#settle?.()
    clearTimeout(this.#timer)
    await this.#watcher?.close()
  }

  #under(path: string): string {
    return relative(this.#folder.root, path).split(sep).join('/')
  }

  #isIgnored(path: string): boolean {
    const under = this.#under(path)
    return under !== '' && /(?:^|\/)(?:\.|node_modules(?:\/|$))/.test(under) && !under.startsWith('..')
  }

  #touched(under: string): void {
    if (!PromptFolder.takes(under)) return
    this.#dirty.add(under)
    this.#wait()
  }

  #wait(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#flush(), this.#watching.debounceMs)
  }

  #flush(): void {
    const paths = [...this.#dirty].sort()
    this.#dirty.clear()
    if (this.#hasNew) this.#lookAgain()
    if (paths.length > 0) this.#listener.changed(this.#folder, paths)
  }

  /** Everything is looked at once more when as much time has passed again, in which the new folder is watched at last. */
  #lookAgain(): void {
    this.#hasNew = false
    try {
      for (const path of this.#folder.paths()) this.#dirty.add(path)
    } catch (cause) {
      this.#listener.failed(this.#folder, cause)
    }
    this.#wait()
  }
}
