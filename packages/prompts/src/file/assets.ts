/** Images, sounds and files that templates show, found beside the prompts. */

import { markOf, type OpenDescriptor } from '@oarlock/folders'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Asset } from '../template/options.ts'
import type { PromptFolder } from './folder.ts'

/** Bytes of one file. */
const MOST_BYTES = 16 * 1024 * 1024
/** Bytes kept in memory, all together. */
const MOST_KEPT = 64 * 1024 * 1024

/** Kubernetes mounts what links beside it lead to in a folder such as `..2026_11_21`, which hides nothing. */
const MOUNTED = /^\.\.[^/]+\//

interface Kept {
  readonly asset: Asset
  readonly mark: string
}

/** Files below the folders, the first folder that has one wins. Read when first shown, and again when they changed. */
export class Assets {
  readonly #folders: () => readonly PromptFolder[]
  readonly #kept = new Map<string, Kept>()
  #bytes = 0

  constructor(folders: () => readonly PromptFolder[]) {
    this.#folders = folders
  }

  /** @param name relative, with `/` between its parts, already screened for `..` and the like */
  get(name: string): Asset | undefined {
    if (isHidden(name)) return undefined
    for (const folder of this.#folders()) {
      const asset = this.#find(folder, name)
      if (asset !== undefined) return asset
    }
    return undefined
  }

  /** Undefined for what is not there, is no file, lies elsewhere, or is hidden under the name that it really has. */
  #find(folder: PromptFolder, name: string): Asset | undefined {
    try {
      return folder.open(name, file => {
        if (file.stats.size > MOST_BYTES || isHidden(file.path.replace(MOUNTED, ''))) return undefined
        return this.#read(join(folder.root, file.path), file)
      })
    } catch {
      return undefined
    }
  }

  #read(path: string, { fd, stats }: OpenDescriptor): Asset {
    const kept = this.#kept.get(path)
    const mark = markOf(stats)
    if (kept?.mark === mark) return kept.asset
    const data = readFileSync(fd)
    this.#bytes += data.length - (kept?.asset.data.length ?? 0)
    if (this.#bytes > MOST_KEPT) {
      this.#kept.clear()
      this.#bytes = data.length
    }
    const asset = { data }
    this.#kept.set(path, { asset, mark })
    return asset
  }
}

function isHidden(path: string): boolean {
  return /(?:^|\/)\./.test(path)
}
