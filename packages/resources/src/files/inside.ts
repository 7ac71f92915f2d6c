/** Opens files and folders inside a directory, and nothing that a link, a race or a strange name would lead to outside it (THREATS 14, T20). */

import type { BigIntStats, Dirent } from 'node:fs'
import { accessSync, constants, fstatSync, lstatSync, realpathSync, statSync } from 'node:fs'
import { lstat, open, readdir, readlink, realpath, stat, type FileHandle } from 'node:fs/promises'
import { join, sep } from 'node:path'

/** How links are taken. */
export interface InsideOptions {
  /** Whether a symbolic link may be followed as long as it leads to something inside. */
  readonly links: boolean
  /** Whether a file may have other names, which may lie anywhere. */
  readonly hardLinks: boolean
  /** Whether the system says where a descriptor leads. Found out when absent. */
  readonly descriptors?: boolean
}

/** A regular file, open for reading. Whoever got it closes it. */
export interface OpenFile {
  readonly handle: FileHandle
  readonly stats: BigIntStats
  /** Where it really is, below the root, with slashes. Another path than was asked for when a link was followed. */
  readonly path: string
}

/** A folder that was found to be where it should be. */
export interface OpenFolder {
  entries(): Promise<readonly Dirent[]>
  /** What an entry is, links not followed. */
  lstat(name: string): Promise<BigIntStats>
}

/** A real path, and what the paths of everything below it begin with. */
interface Place {
  readonly path: string
  readonly prefix: string
}

// Without O_NONBLOCK a pipe would be waited for, and a terminal could become ours without O_NOCTTY. Not every system has all of them.
const { O_RDONLY = 0, O_NONBLOCK = 0, O_NOFOLLOW = 0, O_NOCTTY = 0, O_DIRECTORY = 0 } = constants as Record<string, number>

/** The directory itself is not there, or is none that can be read. */
class NoDirectory extends Error {}

/** How often a file is opened that is being replaced. */
const MOST_TRIES = 20

/** What says that there is nothing to open, or nothing that may be. */
const ABSENT: ReadonlySet<string | undefined> = new Set([
  'ENOENT',
  'ENOTDIR',
  'EISDIR',
  'ELOOP',
  'ENAMETOOLONG',
  'ENXIO',
  'ENODEV',
  'EINVAL',
  'EACCES',
  'EPERM',
])

/** Whether an error of the file system means that there is nothing. */
function isAbsent(cause: unknown): boolean {
  return cause instanceof NoDirectory || ABSENT.has((cause as NodeJS.ErrnoException | undefined)?.code)
}

/**
 * A directory that nothing leads out of. Where a file is, is asked of the system after it was opened, by its descriptor: what was swapped before or
 * during the opening cannot matter, because only what is open is read. Linux tells (`/proc/self/fd`); elsewhere the real path and the identity of the
 * file are compared before and after.
 */
export class Inside {
  /** As it was configured. */
  readonly path: string
  readonly #options: InsideOptions
  #place: Place | undefined

  constructor(path: string, options: InsideOptions) {
    this.path = path
    this.#options = options
  }

  /** Where the directory really is, found once. @throws Error when it is none */
  real(): Place {
    return (this.#place ??= directoryAt(this.path))
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

  /** What tells the directory from another one in its place. Undefined when there is none. */
  get mark(): string | undefined {
    try {
      const stats = statSync(this.path, { bigint: true })
      return stats.isDirectory() ? `${stats.dev}-${stats.ino}-${stats.birthtimeNs}` : undefined
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

  /** Opens a regular file. Undefined when there is none, or when it may not be read. */
  open(segments: readonly string[]): Promise<OpenFile | undefined> {
    return unlessAbsent(() => this.#open(segments))
  }

  /** Lets `use` look into a folder. Undefined when there is none inside. */
  folder<T>(segments: readonly string[], use: (folder: OpenFolder) => Promise<T>): Promise<T | undefined> {
    return unlessAbsent(() => this.#folder(segments, use))
  }

  /** What a file is now, without reading it. Undefined when there is none that may be read. */
  async stats(segments: readonly string[]): Promise<BigIntStats | undefined> {
    const file = await this.open(segments)
    await file?.handle.close()
    return file?.stats
  }

  /** What tells states of a file apart, at once and looked at by name only: to compare with, nothing to rely on. */
  markNow(segments: readonly string[]): string | undefined {
    try {
      return markOf(lstatSync(join(this.path, ...segments), { bigint: true }))
    } catch {
      return undefined
    }
  }

  async #open(segments: readonly string[]): Promise<OpenFile | undefined> {
    const { prefix } = this.real()
    const wanted = prefix + segments.join(sep)
    // Looked at first: to open a device or a pipe may already do something.
    const before = await (this.#options.links ? stat : lstat)(wanted, { bigint: true })
    if (!before.isFile()) return undefined
    const tells = await this.#tells()
    // What is replaced between two looks cannot be compared: it is opened anew.
    for (let tries = tells ? 1 : MOST_TRIES; ; tries--) {
      const file = await this.#opened(wanted, prefix, tells)
      if (typeof file === 'object' || tries === 1) return file || undefined
    }
  }

  /** False when what is open is not what the name means by now. */
  async #opened(wanted: string, prefix: string, tells: boolean): Promise<OpenFile | false> {
    const handle = await open(wanted, O_RDONLY | O_NONBLOCK | O_NOCTTY | (this.#options.links ? 0 : O_NOFOLLOW))
    try {
      const { stats, place } = tells ? await placeOf(handle, wanted) : comparedPlaceOf(handle, wanted)
      if (this.takes(stats) && place !== undefined && (this.#options.links ? place.startsWith(prefix) : place === wanted))
        return { handle, stats, path: place.slice(prefix.length).replaceAll(sep, '/') }
    } catch (cause) {
      await handle.close()
      throw cause
    }
    await handle.close()
    return false
  }

  async #tells(): Promise<boolean> {
    return this.#options.descriptors ?? descriptorsTell()
  }

  async #folder<T>(segments: readonly string[], use: (folder: OpenFolder) => Promise<T>): Promise<T | undefined> {
    const { path, prefix } = this.real()
    const wanted = segments.length === 0 ? path : prefix + segments.join(sep)
    if (!(await this.#tells())) {
      if ((await realpath(wanted)) !== wanted) return undefined
      const found = await use(folderAt(wanted))
      return (await realpath(wanted)) === wanted ? found : undefined
    }
    const handle = await open(wanted, O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_NOFOLLOW)
    try {
      // Through the descriptor: the name may mean something else by now.
      const here = `/proc/self/fd/${handle.fd}`
      return (await readlink(here)) === wanted ? await use(folderAt(here)) : undefined
    } finally {
      await handle.close()
    }
  }
}

function folderAt(path: string): OpenFolder {
  return {
    entries: () => readdir(path, { withFileTypes: true }),
    lstat: name => lstat(`${path}/${name}`, { bigint: true }),
  }
}

/** @throws NoDirectory */
function directoryAt(path: string): Place {
  try {
    const real = realpathSync.native(path)
    if (!statSync(real).isDirectory()) throw new NoDirectory(`the root ${path} is not a directory`)
    accessSync(real, constants.R_OK | constants.X_OK)
    return { path: real, prefix: real.endsWith(sep) ? real : real + sep }
  } catch (cause) {
    if (cause instanceof NoDirectory) throw cause
    const { code = String(cause) } = cause as NodeJS.ErrnoException
    throw new NoDirectory(`the root ${path} cannot be opened (${code}): give the path of a directory that exists`, { cause })
  }
}

/** What an open file is, and where. */
interface Placed {
  readonly stats: BigIntStats
  readonly place: string | undefined
}

/** As the system tells. */
async function placeOf(handle: FileHandle, wanted: string): Promise<Placed> {
  const [stats, place] = await Promise.all([handle.stat({ bigint: true }), readlink(`/proc/self/fd/${handle.fd}`)])
  // Replaced or removed since it was opened, as an atomic save does: it was there, and what is open is what is read.
  const gone = place !== wanted && (stats.nlink === 0n || (await handle.stat()).nlink === 0)
  return { stats, place: gone ? place.replace(/ \(deleted\)$/, '') : place }
}

/** As a comparison tells, at once: the less time between the looks, the less can be replaced between them. */
function comparedPlaceOf(handle: FileHandle, wanted: string): Placed {
  const stats = fstatSync(handle.fd, { bigint: true })
  const place = realpathSync.native(wanted)
  const now = lstatSync(place, { bigint: true })
  const same = now.dev === stats.dev && now.ino === stats.ino && realpathSync.native(wanted) === place
  return { stats, place: same ? place : undefined }
}

let told: Promise<boolean> | undefined

/** Whether the system says where a descriptor leads. */
function descriptorsTell(): Promise<boolean> {
  told ??= readlink('/proc/self/fd/0').then(
    () => process.platform === 'linux',
    () => false,
  )
  return told
}

/** What tells states of a file apart. */
export function markOf({ ino, size, mtimeNs }: BigIntStats): string {
  return `${ino}-${size}-${mtimeNs}`
}

async function unlessAbsent<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (cause) {
    if (isAbsent(cause)) return undefined
    throw cause
  }
}
