/** Images, sounds and files that templates show, found beside the prompts. */

import { readFileSync, statSync } from 'node:fs'
import type { Asset } from '../template/options.ts'
import type { PromptFolder } from './folder.ts'

/** Bytes of one file. */
const MOST_BYTES = 16 * 1024 * 1024
/** Bytes kept in memory, all together. */
const MOST_KEPT = 64 * 1024 * 1024

interface Kept {
  readonly asset: Asset
  readonly stamp: string
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
    for (const folder of this.#folders()) {
      const real = realPath(folder, name)
      const stat = real === undefined ? undefined : statSync(real, { throwIfNoEntry: false })
      if (real === undefined || !stat?.isFile() || stat.size > MOST_BYTES) continue
      return this.#read(real, `${stat.size} ${stat.mtimeMs} ${stat.ino}`)
    }
    return undefined
  }

  #read(path: string, stamp: string): Asset {
    const kept = this.#kept.get(path)
    if (kept?.stamp === stamp) return kept.asset
    const data = readFileSync(path)
    this.#bytes += data.length - (kept?.asset.data.length ?? 0)
    if (this.#bytes > MOST_KEPT) {
      this.#kept.clear()
      this.#bytes = data.length
    }
    const asset = { data }
    this.#kept.set(path, { asset, stamp })
    return asset
  }
}

/** Undefined for what is not there, lies elsewhere, or is hidden. */
function realPath(folder: PromptFolder, name: string): string | undefined {
  if (/(?:^|\/)\./.test(name)) return undefined
  try {
    return folder.inside(name)
  } catch {
    return undefined
  }
}
