/** The files behind a registry: read all at once at the start, and one by one as they change. */

import type { Changes } from '@oarlock/folders'
import { join } from 'node:path'
import type { Collection } from '../registry/collection.ts'
import type { RegistryOptions } from '../registry/options.ts'
import { InvalidPrompts, type PromptProblem } from '../registry/problem.ts'
import { hasErrors, type Item } from '../registry/record.ts'
import { PromptFolder } from './folder.ts'
import { readPromptFile } from './prompt-file.ts'
import { isError, Settlement, type Candidate, type Settled } from './settlement.ts'

/** What a file came to. */
interface Known {
  readonly folder: PromptFolder
  readonly path: string
  /** Where it really was, and the mark that it had there, when it was last read. */
  readonly real: string
  readonly mark: string | undefined
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
  readonly real: string
  readonly mark: string | undefined
  readonly text: string | undefined
  readonly item: Item | undefined
  readonly problems: readonly PromptProblem[]
}

/** What became of changed files. */
export interface TakenUp extends Settled {
  /** What is wrong with files that could not be taken up, each once: with those that were saved again, and with others what was not told before. */
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

  /** Paths of a folder that may be those of something else by now, or of nothing: those that changes concern, and those that came or went. */
  pathsOf(folder: PromptFolder, changes: Changes): readonly string[] {
    const known = new Map(this.#of(folder).map(file => [file.path, file]))
    const found = new Set(folder.paths())
    const isConcerned = ({ path, real }: Known): boolean => !found.has(path) || changes.concerns(path) || changes.concerns(real)
    const came = [...found].filter(path => !known.has(path))
    return [...came, ...[...known.values()].filter(isConcerned).map(({ path }) => path)].sort()
  }

  #of(folder: PromptFolder): readonly Known[] {
    return [...this.#known.values()].filter(file => file.folder === folder)
  }

  /**
   * Reads whole folders.
   * @param names folders as they were given
   * @returns the folders, and every problem; with errors among them nothing was taken up
   */
  load(names: readonly string[]): { readonly folders: readonly PromptFolder[]; readonly problems: readonly PromptProblem[] } {
    const folders: PromptFolder[] = []
    const readings: Reading[] = []
    const unread: PromptProblem[] = []
    for (const name of names) {
      try {
        const folder = new PromptFolder(name)
        readings.push(...folder.paths().flatMap(path => this.#reading(folder, path) ?? []))
        folders.push(folder)
      } catch (error) {
        if (!InvalidPrompts.is(error)) throw error
        unread.push(...error.problems)
      }
    }
    return { folders, problems: this.#taken(readings, unread) }
  }

  /** Takes up files that were read for the first time, all or none. @returns the problems for which it was none */
  #taken(readings: readonly Reading[], unread: readonly PromptProblem[]): readonly PromptProblem[] {
    const items = readings.flatMap(({ item }) => item ?? [])
    const known = [...unread, ...readings.flatMap(({ problems }) => problems), ...this.#clashes(readings)]
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
    const again = new Set(this.#of(folder).flatMap(({ path, problems }) => (hasErrors(problems) ? path : [])))
    const readings = [...paths.filter(path => !again.has(path)), ...again].flatMap(path => this.#reading(folder, path) ?? [])
    const clashes = this.#clashes(readings)
    const broken = new Map<string, readonly PromptProblem[]>()
    for (const { id, problems, item } of readings) {
      const own = [...problems, ...clashes.filter(({ file, prompt }) => item !== undefined && prompt === item.key && file === fileOf(item))]
      if (hasErrors(own)) broken.set(id, own)
    }
    const settled = new Settlement(
      this.#collection,
      readings.map(reading => this.#candidate(reading)),
      broken,
    ).settle()
    const problems = this.#news(readings, broken)
    for (const reading of readings) this.#remember(reading, broken.get(reading.id))
    return { ...settled, problems }
  }

  #candidate({ id, label, text, item }: Reading): Candidate {
    const known = this.#known.get(id)
    return {
      id,
      label,
      isStale: known?.text === text && hasErrors(known?.problems ?? []),
      isGone: text === undefined,
      put: item === undefined ? [] : [item],
      remove: known?.key === undefined ? [] : [known.key],
    }
  }

  /** What is to be told: two files may be held up by the same mistake, and the same mistake may hold up another file than before. */
  #news(readings: readonly Reading[], broken: ReadonlyMap<string, readonly PromptProblem[]>): readonly PromptProblem[] {
    const told = new Set(this.problems.map(problem => JSON.stringify(problem)))
    const news = new Map<string, PromptProblem>()
    for (const { id, text } of readings) {
      const isSaved = this.#known.get(id)?.text !== text || !this.#known.has(id)
      for (const problem of broken.get(id) ?? []) {
        const key = JSON.stringify(problem)
        if (isSaved || !told.has(key)) news.set(key, problem)
      }
    }
    return [...news.values()]
  }

  /** Reads a file; undefined for one that is right and as it was. */
  #reading(folder: PromptFolder, path: string): Reading | undefined {
    const id = `${folder.root}\n${path}`
    const known = this.#known.get(id)
    const isBroken = hasErrors(known?.problems ?? [])
    if (!isBroken && known?.mark !== undefined && known.mark === folder.mark(path)) return undefined
    const found = folder.read(path)
    const text = 'gone' in found ? undefined : 'problem' in found ? '' : found.file.text
    const { path: real, mark } = 'file' in found ? found : { path, mark: undefined }
    if (!isBroken && known?.text === text) {
      if (known !== undefined) this.#known.set(id, { ...known, real, mark })
      return undefined
    }
    const place = { id, folder, path, real, mark, label: join(folder.name, path), text }
    if ('file' in found) return { ...place, ...readPromptFile(found.file, this.#options) }
    return { ...place, item: undefined, problems: 'problem' in found ? [found.problem] : [] }
  }

  #remember({ id, folder, path, real, mark, text, item, problems }: Reading, broken?: readonly PromptProblem[]): void {
    const key = broken === undefined ? item?.key : this.#known.get(id)?.key
    if (text === undefined && broken === undefined) this.#known.delete(id)
    else {
      const left = broken ?? problems.filter(({ code }) => code === 'no-front-matter')
      this.#known.set(id, { folder, path, real, mark, text, key, problems: left })
    }
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

const fileOf = (item: Item): string | undefined => item.source?.file

function firstOfEach(items: readonly Item[]): readonly Item[] {
  const first = new Map<string, Item>()
  for (const item of items) if (!first.has(item.key)) first.set(item.key, item)
  return [...first.values()]
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
