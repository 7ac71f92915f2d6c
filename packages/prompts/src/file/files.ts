/** The files behind a registry: read all at once at the start, and one by one as they change. */

import { join } from 'node:path'
import type { Change, Collection } from '../registry/collection.ts'
import type { RegistryOptions } from '../registry/options.ts'
import type { PromptProblem } from '../registry/problem.ts'
import { hasErrors, type Item } from '../registry/record.ts'
import type { PromptFolder } from './folder.ts'
import { readPromptFile } from './prompt-file.ts'

/** What a file came to. */
interface Known {
  readonly folder: PromptFolder
  readonly path: string
  /** Undefined when it is gone, and something else needs it. */
  readonly text: string | undefined
  /** What it holds of the collection, from the last time it was right. */
  readonly key: string | undefined
  /** What is wrong with it as it is now. */
  readonly problems: readonly PromptProblem[]
}

/** A file that is to be taken up. */
interface Reading {
  readonly id: string
  readonly folder: PromptFolder
  readonly path: string
  /** As problems name it. */
  readonly label: string
  readonly text: string | undefined
  readonly item: Item | undefined
  readonly problems: readonly PromptProblem[]
}

/** What became of changed files. */
export interface TakenUp {
  readonly put: readonly string[]
  readonly removed: readonly string[]
  /** What is wrong with files that could not be taken up, and was not told when they were last looked at. */
  readonly problems: readonly PromptProblem[]
}

/** The files of all folders of one registry. */
export class PromptFiles {
  readonly #collection: Collection
  readonly #options: RegistryOptions
  readonly #elsewhere: (item: Item) => PromptProblem | undefined
  readonly #known = new Map<string, Known>()

  /** @param elsewhere tells when something that is no prompt of the registry is in the way of one */
  constructor(collection: Collection, options: RegistryOptions, elsewhere: (item: Item) => PromptProblem | undefined) {
    this.#collection = collection
    this.#options = options
    this.#elsewhere = elsewhere
  }

  /** Problems of files that are broken, or are no prompts, at this moment. */
  get problems(): readonly PromptProblem[] {
    return [...this.#known.values()].flatMap(({ problems }) => problems)
  }

  /** Paths that a folder has, or had when it was last looked at. */
  pathsOf(folder: PromptFolder): readonly string[] {
    const known = [...this.#known.values()].filter(file => file.folder === folder).map(({ path }) => path)
    return [...new Set([...known, ...folder.paths()])]
  }

  /** Reads whole folders. @returns every problem; with errors among them nothing was taken up */
  load(folders: readonly PromptFolder[]): readonly PromptProblem[] {
    const readings = folders.flatMap(folder => folder.paths().flatMap(path => this.#reading(folder, path) ?? []))
    const items = readings.flatMap(({ item }) => item ?? [])
    const known = [...readings.flatMap(({ problems }) => problems), ...this.#clashes(readings)]
    const { done, problems } = this.#collection.apply({ put: firstOfEach(items), remove: [] }, known.filter(isError))
    if (!done) return problems
    for (const reading of readings) this.#remember(reading)
    return []
  }

  /**
   * Looks at paths again, and at all that were broken, since what broke them may be mended. What is right is taken up together; what is not keeps its
   * last good state.
   */
  look(folder: PromptFolder, paths: readonly string[]): TakenUp {
    const again = [...this.#known.values()].filter(known => known.folder === folder && hasErrors(known.problems)).map(({ path }) => path)
    const readings = [...new Set([...paths, ...again])].flatMap(path => this.#reading(folder, path) ?? [])
    const clashes = this.#clashes(readings)
    const broken = new Map<string, readonly PromptProblem[]>()
    for (const { id, problems, item } of readings) {
      const own = [...problems, ...clashes.filter(({ file, prompt }) => item !== undefined && prompt === item.key && file === fileOf(item))]
      if (hasErrors(own)) broken.set(id, own)
    }
    const good = this.#settle(readings, broken)
    const news = readings.filter(reading => !this.#isKnown(reading, broken.get(reading.id)))
    for (const reading of readings) this.#remember(reading, broken.get(reading.id))
    return { ...good, problems: news.flatMap(({ id }) => broken.get(id) ?? []) }
  }

  /** Whether a file is as it was when it was last looked at, and the same is wrong with it. */
  #isKnown({ id, text }: Reading, problems: readonly PromptProblem[] | undefined): boolean {
    const known = this.#known.get(id)
    return known !== undefined && known.text === text && JSON.stringify(known.problems) === JSON.stringify(problems)
  }

  /**
   * Makes the largest change that brings no errors: files with errors of their own are left out; where that does not help, since what they broke is
   * elsewhere, those that were broken before and are as they were; and then all of them.
   */
  #settle(readings: readonly Reading[], broken: Map<string, readonly PromptProblem[]>): Omit<TakenUp, 'problems'> {
    for (;;) {
      const taken = readings.filter(({ id }) => !broken.has(id))
      if (taken.length === 0) return { put: [], removed: [] }
      const change = this.#changeOf(taken)
      const { done, changed, problems } = this.#collection.apply(change)
      if (done) return { put: changed, removed: change.remove.filter(key => !this.#collection.items.has(key)) }
      const errors = problems.filter(isError)
      const guilty = taken.filter(
        ({ item }) => item !== undefined && errors.some(({ file }) => file !== undefined && file === fileOf(item)),
      )
      for (const { id, item } of guilty)
        broken.set(
          id,
          errors.filter(({ file }) => item !== undefined && file === fileOf(item)),
        )
      if (guilty.length > 0) continue
      const stale = taken.filter(({ id, text }) => this.#known.get(id)?.text === text && hasErrors(this.#known.get(id)?.problems ?? []))
      if (stale.length > 0 && stale.length < taken.length) for (const { id } of stale) broken.set(id, this.#known.get(id)?.problems ?? [])
      else for (const [index, { id, label }] of taken.entries()) broken.set(id, index === 0 ? errors : [leftOut(label)])
    }
  }

  #changeOf(readings: readonly Reading[]): Change {
    const put = readings.flatMap(({ item }) => item ?? [])
    const remove = readings.flatMap(({ id }) => this.#known.get(id)?.key ?? [])
    return { put, remove }
  }

  /** Reads a file; undefined for one that is right and as it was. */
  #reading(folder: PromptFolder, path: string): Reading | undefined {
    const id = `${folder.root}\n${path}`
    const found = folder.read(path)
    const text = 'gone' in found ? undefined : 'problem' in found ? '' : found.file.text
    const known = this.#known.get(id)
    if (known?.text === text && !hasErrors(known?.problems ?? [])) return undefined
    const place = { id, folder, path, label: join(folder.name, path), text }
    if ('file' in found) return { ...place, ...readPromptFile(found.file, this.#options) }
    return { ...place, item: undefined, problems: 'problem' in found ? [found.problem] : [] }
  }

  #remember({ id, folder, path, text, item, problems }: Reading, broken?: readonly PromptProblem[]): void {
    const key = broken === undefined ? item?.key : this.#known.get(id)?.key
    if (text === undefined && broken === undefined) this.#known.delete(id)
    else this.#known.set(id, { folder, path, text, key, problems: broken ?? problems.filter(({ code }) => code === 'no-front-matter') })
  }

  /** Files that describe what another file, or code, describes already, or something else is called. */
  #clashes(readings: readonly Reading[]): readonly PromptProblem[] {
    const ids = new Set(readings.map(({ id }) => id))
    const mine = new Set([...this.#known].flatMap(([id, { key }]) => (ids.has(id) && key !== undefined ? [key] : [])))
    const seen = new Map<string, Item>()
    const problems: PromptProblem[] = []
    for (const { item } of readings) {
      if (item === undefined) continue
      const rival = seen.get(item.key) ?? (mine.has(item.key) ? undefined : this.#collection.items.get(item.key))
      if (rival === undefined) seen.set(item.key, item)
      const problem = rival === undefined ? this.#elsewhere(item) : clash(item, rival)
      if (problem !== undefined) problems.push(problem)
    }
    return problems
  }
}

const isError = ({ severity }: PromptProblem): boolean => severity === 'error'

const fileOf = (item: Item): string | undefined => item.source?.file

function firstOfEach(items: readonly Item[]): readonly Item[] {
  const first = new Map<string, Item>()
  for (const item of items) if (!first.has(item.key)) first.set(item.key, item)
  return [...first.values()]
}

/** For a file that was left out with another, whose errors stand elsewhere. */
function leftOut(file: string): PromptProblem {
  return { severity: 'error', code: 'left-out', message: 'was not taken up, since what changed at the same time brings errors', file }
}

function clash(item: Item, rival: Item): PromptProblem {
  const message = `'${item.key}' is described by ${fileOf(rival) ?? 'code'} too: rename one, or give prompts different versions`
  return {
    severity: 'error',
    code: 'duplicate',
    message,
    prompt: item.key,
    ...(fileOf(item) === undefined ? {} : { file: fileOf(item) as string, line: 1, column: 1 }),
  }
}
