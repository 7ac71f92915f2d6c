/** Looks at a folder of prompts again and again, where the system does not tell of changes: network drives, some containers. */

import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { PromptFolder } from './folder.ts'

const EVERY_MS = 100

/** A file that was saved so short a time ago may be saved again without looking any different. */
const FRESH_MS = 50

/** A folder that is looked at. */
export class FolderPolling {
  readonly #folder: PromptFolder
  readonly #touched: (path: string) => void
  readonly #failed: (cause: unknown) => void
  #stamps: ReadonlyMap<string, string> = new Map()
  /** How often in a row it could not be looked at. */
  #failures = 0
  #timer: NodeJS.Timeout | undefined
  #closed = false

  /** @param failed told once of what goes on failing; what fails a single time is a folder that went while it was walked through */
  constructor(folder: PromptFolder, touched: (path: string) => void, failed: (cause: unknown) => void) {
    this.#folder = folder
    this.#touched = touched
    this.#failed = failed
  }

  /** Resolves when everything was looked at, so that every later change shows: a watch that begins by itself would miss what comes before its first look. */
  async start(): Promise<void> {
    this.#stamps = await stampsOf(this.#folder)
    this.#wait()
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
  }

  #wait(): void {
    if (!this.#closed) this.#timer = setTimeout(() => void this.#look(), EVERY_MS).unref()
  }

  async #look(): Promise<void> {
    try {
      const [before, now] = [this.#stamps, await stampsOf(this.#folder)]
      if (this.#closed) return
      for (const path of new Set([...before.keys(), ...now.keys()])) if (before.get(path) !== now.get(path)) this.#touched(path)
      this.#stamps = now
      this.#failures = 0
    } catch (cause) {
      this.#failures += 1
      if (this.#failures === 2) this.#failed(cause)
    }
    this.#wait()
  }
}

/** What shows of each file that it changed. */
async function stampsOf(folder: PromptFolder): Promise<ReadonlyMap<string, string>> {
  const stamps = new Map<string, string>()
  await Promise.all(
    folder.paths().map(async path => {
      const found = await stat(join(folder.root, path)).catch(() => undefined)
      if (found === undefined) return
      const now = Date.now()
      const isFresh = Math.abs(now - found.mtimeMs) < FRESH_MS
      stamps.set(path, `${found.mtimeMs} ${found.size} ${found.ino} ${isFresh ? now : ''}`)
    }),
  )
  return stamps
}
