/** Watches folders of prompts and tells, once things are quiet, which paths may have changed. */

import type { FSWatcher } from 'chokidar'
import { relative, sep } from 'node:path'
import type { Watching } from '../registry/options.ts'
import { PromptFolder } from './folder.ts'

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
  #watcher: FSWatcher | undefined
  #timer: NodeJS.Timeout | undefined
  #closed = false

  constructor(folder: PromptFolder, watching: Watching, listener: WatchListener) {
    this.#folder = folder
    this.#watching = watching
    this.#listener = listener
  }

  /** Resolves when every later change will be seen. What changed before is not told. */
  async start(): Promise<void> {
    const { watch } = await import('chokidar')
    if (this.#closed) return
    const watcher = watch(this.#folder.root, {
      ignoreInitial: true,
      usePolling: this.#watching.polling,
      ignored: path => this.#isIgnored(path),
    })
    this.#watcher = watcher
    watcher.on('all', (event, path) => {
      if (event !== 'addDir' && event !== 'unlinkDir') this.#touched(path)
    })
    watcher.on('error', cause => this.#listener.failed(this.#folder, cause))
    await new Promise<void>(resolve => watcher.once('ready', resolve))
  }

  async close(): Promise<void> {
    this.#closed = true
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

  #touched(path: string): void {
    const under = this.#under(path)
    if (!PromptFolder.takes(under)) return
    this.#dirty.add(under)
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#flush(), this.#watching.debounceMs)
  }

  #flush(): void {
    const paths = [...this.#dirty].sort()
    this.#dirty.clear()
    this.#listener.changed(this.#folder, paths)
  }
}
