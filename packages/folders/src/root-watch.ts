/** A root under watch from the first who wants it to the last, whether it is there, gone, or another one by now. */

import { Burst } from './burst.ts'
import { Changes } from './changes.ts'
import type { Inside } from './inside.ts'
import { TreeWatch, type Ignores } from './tree-watch.ts'

/** How a root is watched, and who hears of it. */
export interface RootWatchOptions {
  /** Milliseconds of silence before changes are told. */
  readonly debounceMs: number
  /** Milliseconds between looks at everything, instead of waiting to be told. */
  readonly pollMs: number | undefined
  /** Milliseconds between looks for a directory that is not there. */
  readonly absentMs: number
  /** Which folders are none of ours. Asked each time that watching begins. */
  ignored(): Promise<Ignores> | Ignores
  /**
   * Called with everything once all is watched, since what changed before is told nowhere else; then with what changed. One call at a time. What it fails
   * with goes to `failed`, the first time to `ready`.
   */
  changed(changes: Changes): Promise<void> | void
  /** The directory was removed, or another one is in its place; `changed` follows. */
  lost?(): void
  failed(cause: unknown): void
}

/** A root that is not there is looked for no more often. */
const LEAST_ABSENT_MS = 50

/** One time of watching: from the first hold to the last, or to the end of the directory. */
interface Turn {
  /** The directory that is watched. */
  mark?: string
  tree?: TreeWatch
  burst?: Burst
  timer?: NodeJS.Timeout
  /** The first look at everything. */
  first?: Promise<void>
  live: boolean
  /** What the last look failed with. */
  failure?: string | undefined
}

/** The watch of a root. */
export class RootWatch {
  readonly #inside: Inside
  readonly #options: RootWatchOptions
  readonly #holds = new Set<() => void>()
  #turn: Turn | undefined
  #ready: Promise<void> | undefined

  constructor(inside: Inside, options: RootWatchOptions) {
    this.#inside = inside
    this.#options = options
  }

  /** Has the root watched until what is returned is called. */
  hold(): () => void {
    const release = (): void => {
      if (this.#holds.delete(release) && this.#holds.size === 0) void this.#end()
    }
    this.#holds.add(release)
    if (this.#turn === undefined) this.#begin()
    return release
  }

  /** Lets go of all holds. Resolves when nothing is watched any more. */
  close(): Promise<void> {
    this.#holds.clear()
    return this.#end()
  }

  /** Whether every change is told. */
  get isLive(): boolean {
    return this.#turn?.live === true
  }

  /** Resolves when it is live, or the directory is not there; rejects when it cannot be watched. */
  get ready(): Promise<void> {
    return this.#ready ?? Promise.resolve()
  }

  #begin(): void {
    this.#turn = { live: false }
    this.#ready = this.#start(this.#turn)
    // Whoever waits for it learns of a failure there.
    this.#ready.catch(() => {})
  }

  async #start(turn: Turn): Promise<void> {
    const { debounceMs, pollMs, ignored, changed, failed } = this.#options
    const mark = this.#inside.mark
    if (mark === undefined) return this.#seek(turn)
    const { path } = this.#inside.real()
    const ignores = await ignored()
    if (this.#turn !== turn) return
    turn.mark = mark
    if (pollMs === undefined) {
      const burst = new Burst(debounceMs, changes => this.#tell(turn, changes))
      turn.burst = burst
      turn.tree = new TreeWatch({ path, ignores, touched: folder => burst.add(folder), failed })
      await turn.tree.open()
    } else this.#poll(turn, pollMs)
    if (this.#turn !== turn) return
    turn.first = Promise.resolve(changed(new Changes()))
    await turn.first
    turn.live = true
    // Nobody tells of a directory that went before it was watched.
    if (this.#turn === turn && this.#inside.mark !== mark) await this.#tell(turn, new Changes())
  }

  /** Looks for a directory that is not there, until it is. */
  #seek(turn: Turn): void {
    const { absentMs, failed } = this.#options
    const again = (): void => {
      if (this.#turn === turn) this.#start(turn).catch(failed)
    }
    turn.timer = setTimeout(again, Math.max(absentMs, LEAST_ABSENT_MS)).unref()
  }

  #poll(turn: Turn, ms: number): void {
    const look = (): void => void this.#tell(turn, new Changes()).then(() => this.#turn !== turn || this.#poll(turn, ms))
    turn.timer = setTimeout(look, ms).unref()
  }

  async #tell(turn: Turn, changes: Changes): Promise<void> {
    // What comes before the first look is found by it.
    await turn.first?.catch(() => {})
    if (this.#turn !== turn || turn.first === undefined) return
    const { changed, failed } = this.#options
    try {
      const isGone = changes.concerns('') && this.#inside.mark !== turn.mark
      if (isGone) await this.#lose()
      await changed(isGone ? new Changes() : changes)
      if (isGone && this.#turn === undefined && this.#holds.size > 0) this.#begin()
      turn.failure = undefined
    } catch (cause) {
      // What goes on failing, look after look, is told once.
      const isKnown = turn.tree === undefined && turn.failure === String(cause)
      turn.failure = String(cause)
      if (!isKnown) failed(cause)
    }
  }

  async #lose(): Promise<void> {
    await this.#end()
    this.#inside.forget()
    this.#options.lost?.()
  }

  async #end(): Promise<void> {
    const turn = this.#turn
    this.#turn = undefined
    this.#ready = undefined
    if (turn === undefined) return
    clearTimeout(turn.timer)
    turn.live = false
    turn.burst?.close()
    await turn.tree?.close()
  }
}
