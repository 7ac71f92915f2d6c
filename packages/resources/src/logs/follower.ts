/** Follows a file as it grows, through rotation by renaming, by copying and truncating, and through deletion. */

import { type FSWatcher, type Stats, statSync, watch } from 'node:fs'
import { type FileHandle, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import type { Duration } from '@oarlock/kernel'
import { checkOptions, type OptionNames } from '@oarlock/protocol'
import { interval } from '../interval.ts'
import { idOf, openFile, type Rotated, rotatedFiles } from './generations.ts'
import { TrackedFile } from './tracked-file.ts'

/** How a file is followed. */
export interface FollowOptions {
  /** Whether what the file holds already is told too. Only what comes is, when absent. */
  readonly from?: 'start' | 'end'
  /** Time between two looks, for file systems that do not tell of changes. `1s` when absent. */
  readonly poll?: Duration
  /** After which a file that was put aside and is not written any more is let go. `10s` when absent. */
  readonly grace?: Duration
  /** Told of failures to read, which are tried again with the next look. */
  readonly onError?: (error: unknown) => void
}

/** The names of all options. */
const FOLLOW_OPTIONS: OptionNames<FollowOptions> = { from: true, poll: true, grace: true, onError: true }

/** So often names are looked at again while somebody changes them. */
const MOST_LOOKS = 20
/** So many files in a row are read in one look before others have their turn. */
const MOST_TURNS = 1_000

/** A file that is followed. */
export interface Following {
  /** Looks now instead of soon. Resolves when all that was there has been told. */
  check(): Promise<void>
  /** Lets go of the file. No line comes after it resolved. */
  stop(): Promise<void>
}

/**
 * Follows the file at `path`, which need not exist yet. `lines` gets whole lines, in order, each once:
 * - renamed and created anew: the rest of the old file, whatever came and went between two looks, then the new one. A writer that still writes into the
 *   old one is read too.
 * - copied and truncated: the rest is read from the copy. What the writer added between copying and truncating is in neither file, and lost.
 * - deleted and created anew: both are read to their end.
 *
 * A last line without its newline waits for it, and is told as it is once its file is let go. Resolves when the place to begin at is known.
 * @throws TypeError for options that cannot be
 */
export async function followFile(path: string, lines: (lines: readonly string[]) => void, options: FollowOptions = {}): Promise<Following> {
  checkOptions(options, FOLLOW_OPTIONS, 'followFile()')
  if (options.from !== undefined && options.from !== 'start' && options.from !== 'end')
    throw new TypeError(`from of followFile() must be 'start' or 'end', not ${JSON.stringify(options.from)}`)
  // Looked at before anything is waited for: what is written from now on is told.
  const end = options.from === 'start' ? undefined : statSync(path, { throwIfNoEntry: false })
  const follower = new Follower(path, lines, options)
  await follower.start(end)
  return follower
}

class Follower implements Following {
  readonly #path: string
  readonly #lines: (lines: readonly string[]) => void
  readonly #options: FollowOptions
  readonly #pollMs: number
  readonly #graceMs: number
  #current: TrackedFile | undefined
  /** Files put aside that may still be written to, oldest first. */
  #aside: TrackedFile[] = []
  /** Sizes of the files that were put aside before, by their identity. */
  #known: ReadonlyMap<string, number> = new Map()
  #watcher: FSWatcher | undefined
  #timer: NodeJS.Timeout | undefined
  #work: Promise<void> | undefined
  #again = false
  #stopped = false

  constructor(path: string, lines: (lines: readonly string[]) => void, options: FollowOptions) {
    this.#path = path
    this.#lines = lines
    this.#options = options
    this.#pollMs = interval('poll', options.poll ?? '1s')
    this.#graceMs = interval('grace', options.grace ?? '10s')
  }

  /** Begins at the size that the file had, if it is still the same; at its start otherwise. */
  async start(end: Stats | undefined): Promise<void> {
    const handle = await openFile(this.#path)
    if (handle !== undefined) this.#current = await TrackedFile.of(handle, end)
    this.#known = sizesOf(await rotatedFiles(this.#path))
    // A look that takes longer than the time between two is not followed by another at once: whoever waits for it would wait for ever.
    this.#timer = setInterval(() => void (this.#work ?? this.check()), this.#pollMs)
    this.#timer.unref()
    this.#watch()
    await this.check()
  }

  check(): Promise<void> {
    if (this.#work !== undefined) {
      this.#again = true
      return this.#work
    }
    this.#work = this.#look().finally(() => (this.#work = undefined))
    return this.#work
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearInterval(this.#timer)
    this.#watcher?.close()
    await this.#work
    await Promise.all([...this.#aside, ...(this.#current === undefined ? [] : [this.#current])].map(file => file.handle.close()))
    this.#aside = []
    this.#current = undefined
  }

  /** Hints that it is time to look. Without them, as on network file systems, looking now and then is enough. */
  #watch(): void {
    try {
      const base = basename(this.#path)
      this.#watcher = watch(dirname(this.#path), { persistent: false }, (_, name) => {
        if (name === null || name === base) void this.check()
      })
      this.#watcher.on('error', () => this.#watcher?.close())
    } catch {
      this.#watcher = undefined
    }
  }

  async #look(): Promise<void> {
    do {
      this.#again = false
      try {
        if (!this.#stopped) await this.#step()
      } catch (error) {
        this.#report(error)
      } finally {
        await this.#letGo().catch((error: unknown) => this.#report(error))
      }
    } while (this.#again && !this.#stopped)
  }

  async #step(): Promise<void> {
    // First what is at the path, then what the files hold: what was written before a rotation is then read in this step.
    const found = await stat(this.#path).catch(() => undefined)
    for (const file of this.#aside) await this.#drain(file).catch((error: unknown) => this.#report(error))
    if (this.#current !== undefined) await this.#drain(this.#current)
    if (this.#isOther(found)) await this.#turn()
    // Meanwhile it may have been put aside as well.
    for (let turns = 1; turns < MOST_TURNS && !this.#stopped && this.#isOther(await stat(this.#path).catch(() => undefined)); turns += 1)
      await this.#turn()
  }

  #isOther(found: Stats | undefined): boolean {
    return found?.isFile() === true && idOf(found) !== this.#current?.id
  }

  /** Another file stands at the path. */
  async #turn(): Promise<void> {
    const handle = await openFile(this.#path)
    if (handle === undefined) return
    const next = await TrackedFile.of(handle)
    const last = this.#current
    if (last?.id === next.id) return handle.close()
    // Before anything that can fail: what has been turned to is not turned to again.
    this.#current = next
    if (last !== undefined) {
      this.#aside.push(last)
      await this.#drain(last)
    }
    await this.#between(next)
    await this.#drain(next)
  }

  /** Files that came and were put aside between two looks: those that were not there before. Whoever renames while we open them makes us look again. */
  async #between(next: TrackedFile): Promise<void> {
    const before = this.#known
    const taken = new Set([next.id, ...this.#aside.map(({ id }) => id)])
    for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
      if (this.#stopped) return
      const files = await settledFiles(this.#path)
      // One that is smaller than it was is another one, in the place of one that was deleted.
      const isFresh = ({ id, size }: Rotated): boolean => !taken.has(id) && size < (before.get(id) ?? Number.POSITIVE_INFINITY)
      const missed = await this.#take(olderThan(next, files).filter(isFresh), taken)
      // What came after `next` has its turn later, and is fresh until then.
      this.#known = sizesOf(files.filter(file => !isFresh(file)))
      if (missed.size === 0) return
    }
  }

  /** Reads files, oldest first. Returns those whose names were given to others, and which wait for the next look; and all that came after them. */
  async #take(fresh: readonly Rotated[], taken: Set<string>): Promise<ReadonlySet<string>> {
    const missed = new Set(fresh.map(({ id }) => id))
    for (const { path, id } of oldestFirst(fresh)) {
      try {
        const handle = await openFile(path)
        if (handle === undefined) break
        const file = await TrackedFile.of(handle)
        if (file.id !== id) {
          await handle.close()
          break
        }
        missed.delete(id)
        taken.add(id)
        this.#aside.push(file)
        await this.#drain(file)
      } catch (error) {
        // One that cannot be read keeps nobody from the others.
        missed.delete(id)
        taken.add(id)
        this.#report(error)
      }
    }
    return missed
  }

  async #drain(file: TrackedFile): Promise<void> {
    if (await file.wasTruncated()) {
      await this.#rescue(file)
      file.restart()
    }
    for (let lines = await file.next(); lines !== undefined; lines = await file.next()) this.#tell(lines)
  }

  /** Reads from the copy what was not read before the file was truncated. */
  async #rescue(file: TrackedFile): Promise<void> {
    for (const { path, id, size } of await rotatedFiles(this.#path)) {
      if (id === file.id || size < file.position) continue
      const copy = await openFile(path)
      if (copy === undefined) continue
      try {
        if (!(await file.continuesIn(copy))) continue
        await this.#copyRest(file, copy)
        break
      } finally {
        await copy.close()
      }
    }
    this.#tell(file.flushed())
  }

  async #copyRest(file: TrackedFile, copy: FileHandle): Promise<void> {
    for (let lines = await file.next(copy); lines !== undefined; lines = await file.next(copy)) this.#tell(lines)
  }

  async #letGo(): Promise<void> {
    const until = Date.now() - this.#graceMs
    const done = this.#aside.filter(({ grown }) => grown <= until)
    if (done.length === 0) return
    this.#aside = this.#aside.filter(({ grown }) => grown > until)
    for (const file of done) {
      this.#tell(file.flushed())
      await file.handle.close()
    }
  }

  /** Whoever listens for failures may fail as well, and ends nothing by it. */
  #report(error: unknown): void {
    try {
      this.#options.onError?.(error)
    } catch {}
  }

  #tell(lines: readonly string[]): void {
    if (lines.length > 0 && !this.#stopped) this.#lines(lines)
  }
}

function sizesOf(files: readonly Rotated[]): ReadonlyMap<string, number> {
  return new Map(files.map(({ id, size }) => [id, size]))
}

/** From what is sorted newest first. */
const oldestFirst = (files: readonly Rotated[]): readonly Rotated[] => files.toReversed()

/** What was put aside before `file`: all, unless it was itself. */
function olderThan(file: TrackedFile, rotated: readonly Rotated[]): readonly Rotated[] {
  const at = rotated.findIndex(({ id }) => id === file.id)
  return rotated.slice(at + 1)
}

/** What was put aside, once all of it kept its names from one look to the next: they are changed one after the other, and who is between two of them is not seen. */
async function settledFiles(path: string): Promise<readonly Rotated[]> {
  let files = await rotatedFiles(path)
  for (let looks = 1; looks < MOST_LOOKS; looks += 1) {
    const again = await rotatedFiles(path)
    const names = new Map(again.map(file => [file.id, file.path]))
    if (files.every(file => names.get(file.id) === file.path)) return again
    files = again
  }
  return files
}
