/** Gathers changes that come in a burst, and tells them together once it is quiet. */

import { Changes } from './changes.ts'

/** A burst is told after so many times the silence that is waited for, even when it goes on. */
const LONGEST = 10

/** What is waited for, and who is told. The next telling waits for the one before. */
export class Burst {
  readonly #quietMs: number
  readonly #tell: (changes: Changes) => Promise<void>
  readonly #folders = new Set<string>()
  #timer: NodeJS.Timeout | undefined
  #began = 0
  #telling = false
  #closed = false

  /** @param tell never rejects */
  constructor(quietMs: number, tell: (changes: Changes) => Promise<void>) {
    this.#quietMs = quietMs
    this.#tell = tell
  }

  /** Something in a folder changed. */
  add(folder: string): void {
    if (this.#closed) return
    this.#folders.add(folder)
    this.#wait()
  }

  /** Nothing is told any more. */
  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
  }

  #wait(): void {
    const now = performance.now()
    if (this.#timer === undefined) this.#began = now
    clearTimeout(this.#timer)
    const left = this.#began + this.#quietMs * LONGEST - now
    this.#timer = setTimeout(() => void this.#end(), Math.max(0, Math.min(this.#quietMs, left)))
  }

  async #end(): Promise<void> {
    this.#timer = undefined
    if (this.#telling) return
    this.#telling = true
    while (this.#folders.size > 0 && this.#timer === undefined && !this.#closed) {
      const folders = new Set(this.#folders)
      this.#folders.clear()
      await this.#tell(new Changes(folders))
    }
    this.#telling = false
  }
}
