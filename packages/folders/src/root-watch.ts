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
  /** Milliseconds between looks for a directory that is not there, or cannot be watched. */
  readonly absentMs: number
  /** Which folders are none of ours. Asked each time that watching begins. */
  ignored(): Promise<Ignores> | Ignores
  /**
   * Called with everything once all is watched, since what changed before is told nowhere else, and again until it succeeds; then with what changed. One
   * call at a time. What it fails with goes to `failed`, the first time to `ready`.
   */
  changed(changes: Changes): Promise<void> | void
  /** The directory was removed, or another one is in its place; `changed` follows. */
  lost?(): void
  failed(cause: unknown): void
}

/** A root that is not there is looked for no more often. */
const LEAST_ABSENT_MS = 50

/** Milliseconds between looks whether the path of a watched root leads elsewhere by now: no system tells of links and folders on the way to it. */
const LOOK_MS = 1_000

/** One time of watching: from the first hold to the last, or to the end of the directory. */
interface Turn {
  /** The directory that is watched. */
  mark?: string
  tree?: TreeWatch
  burst?: Burst
  timer?: NodeJS.Timeout
  /** The looks at what changed, one after the other. The first is at everything. */
  looks?: Promise<void> | undefined
  /** Whether a look succeeded since all is watched. */
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
    if (this.#turn === undefined) {
      const turn: Turn = { live: false }
      // Whoever waits for it learns of the failure there.
      this.#begin(turn, cause => (turn.failure = String(cause)))
    }
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

  #begin(turn: Turn, failed: (cause: unknown) => void = cause => this.#turn === turn && this.#fail(turn, cause)): void {
    this.#turn = turn
    this.#ready = this.#start(turn)
    this.#ready.catch(failed)
  }

  async #start(turn: Turn): Promise<void> {
    this.#inside.forget()
    const { mark } = this.#inside
    if (mark === undefined) {
      turn.failure = undefined
      return this.#seek(turn)
    }
    turn.mark = mark
    try {
      await this.#open(turn)
    } catch (cause) {
      await letGo(turn)
      if (this.#turn === turn) this.#seek(turn)
      throw cause
    }
    if (this.#turn !== turn) return
    const first = this.#first(turn)
    turn.looks = first.catch(() => {})
    try {
      await first
    } finally {
      if (this.#turn === turn) this.#repeat(turn)
    }
    // Nobody tells of a directory that went before it was watched.
    if (this.#turn === turn && this.#inside.mark !== mark) await this.#tell(turn, new Changes())
  }

  /** Has the system tell of what changes, unless it is looked at again and again. */
  async #open(turn: Turn): Promise<void> {
    const { debounceMs, pollMs, ignored, failed } = this.#options
    const { path } = this.#inside.real()
    const ignores = await ignored()
    if (this.#turn !== turn || pollMs !== undefined) return
    const burst = new Burst(debounceMs, changes => this.#tell(turn, changes))
    turn.burst = burst
    turn.tree = new TreeWatch({ path, ignores, touched: folder => burst.add(folder), failed })
    await turn.tree.open()
  }

  /** Looks for a directory that is not there, or cannot be watched, until it is and can. */
  #seek(turn: Turn): void {
    const again = (): void => void (this.#turn === turn && this.#begin(turn))
    turn.timer = setTimeout(again, Math.max(this.#options.absentMs, LEAST_ABSENT_MS)).unref()
  }

  /** Looks again and again: where the system tells of what changes, as long as no look succeeded, and once another directory is in the place. */
  #repeat(turn: Turn): void {
    const { pollMs } = this.#options
    const again = async (): Promise<void> => {
      if (pollMs !== undefined || !turn.live || this.#inside.mark !== turn.mark) await this.#tell(turn, new Changes())
      if (this.#turn === turn) this.#repeat(turn)
    }
    turn.timer = setTimeout(() => void again(), pollMs ?? LOOK_MS).unref()
  }

  async #first(turn: Turn): Promise<void> {
    await this.#options.changed(new Changes())
    turn.live = this.#turn === turn
  }

  /** Has what changed looked at, after what changed before. What comes before the first look is found by it. */
  async #tell(turn: Turn, changes: Changes): Promise<void> {
    turn.looks = turn.looks?.then(() => this.#look(turn, changes))
    await turn.looks
  }

  async #look(turn: Turn, changes: Changes): Promise<void> {
    if (this.#turn !== turn) return
    const isGone = changes.concerns('') && this.#inside.mark !== turn.mark
    try {
      if (isGone) await this.#lose()
      await this.#options.changed(turn.live ? changes : new Changes())
      turn.failure = undefined
      if (this.#turn === turn && !turn.live) this.#enliven(turn)
    } catch (cause) {
      this.#fail(turn, cause)
    } finally {
      if (isGone && this.#turn === undefined && this.#holds.size > 0) this.#begin({ live: false, failure: turn.failure })
    }
  }

  #enliven(turn: Turn): void {
    turn.live = true
    this.#ready = undefined
  }

  #fail(turn: Turn, cause: unknown): void {
    // What goes on failing, look after look, is told once.
    const isKnown = (turn.tree === undefined || !turn.live) && turn.failure === String(cause)
    turn.failure = String(cause)
    if (!isKnown) this.#options.failed(cause)
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
    await letGo(turn)
  }
}

/** Has the system tell nothing any more. */
async function letGo({ burst, tree }: Turn): Promise<void> {
  burst?.close()
  await tree?.close()
}
