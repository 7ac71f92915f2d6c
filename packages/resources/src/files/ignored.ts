/** Which files of a root are left out: hidden ones, those that patterns name, and those that its `.gitignore` files name. */

import { markOf, type Inside } from '@oarlock/folders'
import type { Ignore } from 'ignore'
import { glob } from '../glob.ts'
import { readAt } from '../read-at.ts'

/** What is left out. */
export interface IgnoredOptions {
  readonly ignore: readonly string[]
  readonly only: readonly string[]
  readonly hidden: boolean
  readonly gitignore: boolean
  /** How long what `.gitignore` files say holds, in milliseconds, while nobody tells of changes. */
  readonly freshMs: number
}

/** Says of existing files and folders below one folder whether they are left out. */
export interface Judge {
  ignores(segments: readonly string[], folder: boolean): boolean
}

/** What one `.gitignore` says, and where it stands. */
interface Ruling {
  readonly depth: number
  readonly rules: Ignore
}

/** A folder's rulings: of itself and of the folders above it. */
interface Ruled {
  readonly rulings: readonly Ruling[]
  /** Of its `.gitignore`, when last read. */
  readonly mark: string | undefined
}

const GITIGNORE = '.gitignore'

/** Bytes of such a file that are read, and `*` in one pattern: they are matched by backtracking, and the files may be anybody's. */
const MOST_BYTES = 64 * 1024
const MOST_STARS = 8

/** What is left out of one root. */
export class Ignored {
  /** Whether somebody tells of changes, by `forget`. */
  isLive: () => boolean = () => false
  readonly #options: IgnoredOptions
  readonly #inside: Inside
  readonly #report: (cause: unknown, where: string) => void
  readonly #only: readonly ((path: string) => boolean)[]
  readonly #ruled = new Map<string, Promise<Ruled>>()
  #since = 0
  #patterns: Promise<Patterns> | undefined

  constructor(inside: Inside, options: IgnoredOptions, report: (cause: unknown, where: string) => void) {
    this.#inside = inside
    this.#options = options
    this.#report = report
    this.#only = options.only.map(glob)
  }

  /** Who decides on what is in a folder. */
  async judge(folder: readonly string[]): Promise<Judge> {
    const { own } = await this.#loaded()
    const rulings = this.#options.gitignore ? (await this.#ruling(folder)).rulings : []
    return { ignores: (segments, isFolder) => this.#ignores(segments, isFolder, own, rulings) }
  }

  /** Who decides by patterns alone, whatever the folder. */
  async patterns(): Promise<Judge> {
    const { own } = await this.#loaded()
    return { ignores: (segments, isFolder) => this.#ignores(segments, isFolder, own, []) }
  }

  /** Whether the `.gitignore` of a folder is another one than was read. */
  async isStale(folder: readonly string[]): Promise<boolean> {
    const known = this.#ruled.get(folder.join('/'))
    if (known === undefined) return false
    const stats = await this.#inside.stats([...folder, GITIGNORE])
    return (stats === undefined ? undefined : markOf(stats)) !== (await known).mark
  }

  /** Forgets what the `.gitignore` files said. */
  forget(): void {
    this.#since = performance.now()
    this.#ruled.clear()
  }

  #ignores(segments: readonly string[], folder: boolean, own: Ignore, rulings: readonly Ruling[]): boolean {
    if (!this.#options.hidden && segments.some(segment => segment.startsWith('.'))) return true
    const path = segments.join('/')
    if (own.ignores(folder ? `${path}/` : path)) return true
    const isOut = (_: string, index: number): boolean =>
      isRuledOut(segments.slice(0, index + 1), folder || index + 1 < segments.length, rulings)
    if (rulings.length > 0 && segments.some(isOut)) return true
    return !folder && this.#only.length > 0 && !this.#only.some(fits => fits(path))
  }

  #loaded(): Promise<Patterns> {
    this.#patterns ??= import('ignore').then(({ default: make }) => ({ make, own: make().add(this.#options.ignore) }))
    return this.#patterns
  }

  #ruling(folder: readonly string[]): Promise<Ruled> {
    if (!this.isLive() && performance.now() - this.#since > this.#options.freshMs) this.forget()
    const path = folder.join('/')
    let ruled = this.#ruled.get(path)
    if (ruled === undefined) {
      ruled = this.#rule(folder)
      this.#ruled.set(path, ruled)
      ruled.catch(() => this.#ruled.delete(path))
    }
    return ruled
  }

  async #rule(folder: readonly string[]): Promise<Ruled> {
    const above = folder.length === 0 ? [] : (await this.#ruling(folder.slice(0, -1))).rulings
    const file = await this.#inside.open([...folder, GITIGNORE])
    if (file === undefined) return { rulings: above, mark: undefined }
    try {
      const lines = (await readAt(file.handle, 0, MOST_BYTES)).toString().split(/\r?\n/)
      const fit = lines.filter(line => line.split('*').length <= MOST_STARS + 1)
      if (fit.length < lines.length || file.stats.size > MOST_BYTES) {
        const text = `it is longer than ${MOST_BYTES} bytes, or has a pattern with more than ${MOST_STARS} stars, which are not heeded`
        this.#report(new Error(text), [...folder, GITIGNORE].join('/'))
      }
      const { make } = await this.#loaded()
      return { rulings: [...above, { depth: folder.length, rules: make().add(fit) }], mark: markOf(file.stats) }
    } finally {
      await file.handle.close()
    }
  }
}

interface Patterns {
  readonly make: () => Ignore
  readonly own: Ignore
}

/** The deepest file that has something to say decides. */
function isRuledOut(segments: readonly string[], folder: boolean, rulings: readonly Ruling[]): boolean {
  let out = false
  for (const { depth, rules } of rulings) {
    if (depth >= segments.length) break
    const { ignored, unignored } = rules.test(segments.slice(depth).join('/') + (folder ? '/' : ''))
    if (ignored || unignored) out = ignored
  }
  return out
}
