/** Opens files and folders inside a directory, and nothing that a link, a race or a strange name would lead to outside it (THREATS 14, T20). */

import type { BigIntStats, Dirent } from 'node:fs'
import { closeSync, constants, lstatSync, openSync, readdirSync, readlinkSync, realpathSync, statSync } from 'node:fs'
import { lstat, open, readdir, realpath, stat, type FileHandle } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { Refusal, unlessAbsent } from './absence.ts'
import { folderMarkOf, markOf } from './mark.ts'
import { comparedPlaceOf, descriptorsTell, directoryAt, toldPlaceOf, type Place } from './place.ts'

/** How links are taken. */
export interface InsideOptions {
  /**
   * Which symbolic links are followed, as long as they lead to something inside: `none`; `files`: those on the way to a file; `all`: those to folders that
   * are looked into as well.
   */
  readonly links: 'none' | 'files' | 'all'
  /** Whether a file may have other names, which may lie anywhere. */
  readonly hardLinks: boolean
  /** Whether the system says where a descriptor leads. Found out when absent. */
  readonly descriptors?: boolean
}

/** What is known of a file that is open. */
interface Known {
  readonly stats: BigIntStats
  /** Where it really is, below the root, with slashes. Another path than was asked for when a link was followed. */
  readonly path: string
}

/** A regular file, open for reading. Whoever got it closes it. */
export interface OpenFile extends Known {
  readonly handle: FileHandle
}

/** The same, by its descriptor. */
export interface OpenDescriptor extends Known {
  readonly fd: number
}

/** A folder that was found to be where it should be. */
export interface OpenFolder {
  entries(): Promise<readonly Dirent[]>
  /** What an entry is, links not followed. */
  lstat(name: string): Promise<BigIntStats>
}

// Without O_NONBLOCK a pipe would be waited for, and a terminal could become ours without O_NOCTTY. Not every system has all of them.
const { O_RDONLY = 0, O_NONBLOCK = 0, O_NOFOLLOW = 0, O_NOCTTY = 0, O_DIRECTORY = 0 } = constants as Record<string, number>

/** How often a file is opened that is being replaced. */
const MOST_TRIES = 20

/** Milliseconds for which a directory is taken to be where it was: a link on the way to it may be set anew. */
const SETTLED_MS = 1_000

/** Where something is looked for, and in which directory: by the time that it is open, the path of the directory may lead to another one. */
interface Wanted {
  readonly root: Place
  readonly path: string
}

/**
 * A directory that nothing leads out of. Where a file is, is asked of the system after it was opened, by its descriptor: what was swapped before or
 * during the opening cannot matter, because only what is open is read. Linux tells (`/proc/self/fd`); elsewhere the real path and the identity of the
 * file are compared before and after. Names are not judged: `..` is a way out like any other.
 *
 * What promises, says undefined for what is not there or may not be read; what is at once throws: the error of the file system, or a `Refusal`.
 */
export class Inside {
  /** As it was configured. */
  readonly path: string
  readonly #options: InsideOptions
  readonly #tells: boolean
  #place: Place | undefined
  /** The mark of the place, and when it is looked at again. */
  #mark: string | undefined
  #settledUntil = 0

  constructor(path: string, options: InsideOptions) {
    this.path = path
    this.#options = options
    this.#tells = options.descriptors ?? descriptorsTell()
  }

  /** Where the directory really is, or was a second ago. @throws Error when it is none */
  real(): Place {
    const now = performance.now()
    if (this.#place !== undefined && now < this.#settledUntil) return this.#place
    const { mark } = this
    // One that is the same as before, and may not be read now, is still there.
    if (mark === undefined || mark !== this.#mark) this.#place = undefined
    this.#place ??= directoryAt(this.path)
    this.#mark = mark
    this.#settledUntil = now + SETTLED_MS
    return this.#place
  }

  /** Why the directory cannot be read now; undefined when it can. */
  get problem(): string | undefined {
    try {
      directoryAt(this.path)
      return undefined
    } catch (cause) {
      return (cause as Error).message
    }
  }

  /** What tells the directory from another one in its place, or from itself in another place that a link leads to. Undefined when there is none. */
  get mark(): string | undefined {
    try {
      const mark = folderMarkOf(statSync(this.path, { bigint: true }))
      return mark && `${mark} ${realpathSync.native(this.path)}`
    } catch {
      return undefined
    }
  }

  /** Another directory may be in the place by now: it is looked for anew. */
  forget(): void {
    this.#place = undefined
  }

  /** Whether more has to be known of a file than its kind. */
  get isStrict(): boolean {
    return !this.#options.hardLinks
  }

  /** Whether what was found may be read, as far as its kind and its names tell. */
  takes(stats: BigIntStats): boolean {
    return stats.isFile() && (this.#options.hardLinks || stats.nlink <= 1n)
  }

  /** Opens a regular file. */
  open(segments: readonly string[]): Promise<OpenFile | undefined> {
    return unlessAbsent(() => this.#open(this.#wanted(segments)))
  }

  /** Opens a regular file at once. */
  openSync(segments: readonly string[]): OpenDescriptor {
    const wanted = this.#wanted(segments)
    mustBeFile((this.#follows ? statSync : lstatSync)(wanted.path, { bigint: true }), wanted.path)
    for (let tries = this.#tries; ; tries--) {
      const fd = openSync(wanted.path, this.#flags)
      try {
        return { fd, ...this.#judged(fd, wanted) }
      } catch (cause) {
        closeSync(fd)
        if (tries === 1 || !(cause instanceof Refusal)) throw cause
      }
    }
  }

  /** Lets `use` look into a folder. */
  folder<T>(segments: readonly string[], use: (folder: OpenFolder) => Promise<T>): Promise<T | undefined> {
    return unlessAbsent(() => this.#folder(this.#wanted(segments), use))
  }

  /** What is in a folder, at once. */
  entriesSync(segments: readonly string[]): readonly Dirent[] {
    const wanted = this.#wanted(segments)
    if (!this.#tells) {
      const place = this.#admitted(realpathSync.native(wanted.path), wanted)
      const entries = readdirSync(place, { withFileTypes: true })
      if (realpathSync.native(place) !== place) throw new Refusal('OUTSIDE', wanted.path)
      return entries
    }
    const fd = openSync(wanted.path, this.#folderFlags)
    try {
      return readdirSync(this.#through(fd, wanted), { withFileTypes: true })
    } finally {
      closeSync(fd)
    }
  }

  /** What a file is now, without reading it. */
  async stats(segments: readonly string[]): Promise<BigIntStats | undefined> {
    const file = await this.open(segments)
    await file?.handle.close()
    return file?.stats
  }

  /** What tells states of a file apart, at once and looked at by name only: to compare with, nothing to rely on. */
  markNow(segments: readonly string[]): string | undefined {
    try {
      return markOf((this.#follows ? statSync : lstatSync)(join(this.path, ...segments), { bigint: true }))
    } catch {
      return undefined
    }
  }

  get #follows(): boolean {
    return this.#options.links !== 'none'
  }

  get #flags(): number {
    return O_RDONLY | O_NONBLOCK | O_NOCTTY | (this.#follows ? 0 : O_NOFOLLOW)
  }

  get #folderFlags(): number {
    return O_RDONLY | O_DIRECTORY | O_NONBLOCK | (this.#options.links === 'all' ? 0 : O_NOFOLLOW)
  }

  /** What is replaced between two looks cannot be compared: it is opened anew. */
  get #tries(): number {
    return this.#tells ? 1 : MOST_TRIES
  }

  #wanted(segments: readonly string[]): Wanted {
    const root = this.real()
    return { root, path: segments.length === 0 ? root.path : root.prefix + segments.join(sep) }
  }

  async #open(wanted: Wanted): Promise<OpenFile> {
    // Looked at first: to open a device or a pipe may already do something.
    mustBeFile(await (this.#follows ? stat : lstat)(wanted.path, { bigint: true }), wanted.path)
    for (let tries = this.#tries; ; tries--) {
      const handle = await open(wanted.path, this.#flags)
      try {
        return { handle, ...this.#judged(handle.fd, wanted) }
      } catch (cause) {
        await handle.close()
        if (tries === 1 || !(cause instanceof Refusal)) throw cause
      }
    }
  }

  /** What was opened, when it may be read. @throws Refusal when it may not */
  #judged(fd: number, { root: { prefix }, path }: Wanted): Known {
    const { stats, place } = this.#tells ? toldPlaceOf(fd, path) : comparedPlaceOf(fd, path)
    if (!this.takes(stats)) throw new Refusal('KIND', path)
    if (place === undefined || !(this.#follows ? place.startsWith(prefix) : place === path)) throw new Refusal('OUTSIDE', path)
    return { stats, path: place.slice(prefix.length).replaceAll(sep, '/') }
  }

  async #folder<T>(wanted: Wanted, use: (folder: OpenFolder) => Promise<T>): Promise<T> {
    if (!this.#tells) {
      const place = this.#admitted(await realpath(wanted.path), wanted)
      const found = await use(folderAt(place))
      if ((await realpath(place)) !== place) throw new Refusal('OUTSIDE', wanted.path)
      return found
    }
    const handle = await open(wanted.path, this.#folderFlags)
    try {
      return await use(folderAt(this.#through(handle.fd, wanted)))
    } finally {
      await handle.close()
    }
  }

  /** The path of an open folder that leads through its descriptor: the name may mean something else by now. */
  #through(fd: number, wanted: Wanted): string {
    const path = `/proc/self/fd/${fd}`
    this.#admitted(readlinkSync(path), wanted)
    return path
  }

  /** The place of a folder, when it may be looked into. @throws Refusal when it may not */
  #admitted(place: string, { root, path }: Wanted): string {
    if (place === path || (this.#options.links === 'all' && (place === root.path || place.startsWith(root.prefix)))) return place
    throw new Refusal('OUTSIDE', path)
  }
}

function mustBeFile(stats: BigIntStats, path: string): void {
  if (!stats.isFile()) throw new Refusal('KIND', path)
}

function folderAt(path: string): OpenFolder {
  return {
    entries: () => readdir(path, { withFileTypes: true }),
    lstat: name => lstat(`${path}/${name}`, { bigint: true }),
  }
}
