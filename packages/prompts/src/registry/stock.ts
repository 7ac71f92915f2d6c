/** What a registry works with: the collection and its files, opened when first needed, and the servers that are told when something changes. */

import { RootWatch, type Changes } from '@oarlock/folders'
import type { Component, ProviderHost } from '@oarlock/kernel'
import { PromptFiles } from '../file/files.ts'
import { isPassedOver, type PromptFolder } from '../file/folder.ts'
import { Assets } from '../file/assets.ts'
import { TemplateSet } from '../template/set.ts'
import { Collection, type Change } from './collection.ts'
import { around } from './component.ts'
import { Components } from './components.ts'
import { Events } from './events.ts'
import { Hosts } from './hosts.ts'
import { watchingOf, type RegistryOptions, type Watching } from './options.ts'
import { Pins } from './pin.ts'
import { InvalidPrompts, sortProblems, type PromptProblem } from './problem.ts'
import type { Item, PromptRecord } from './record.ts'
import { Renderings } from './rendering.ts'

/** Where something failed, for the server's log. */
const WATCHING = 'watching'

/** Milliseconds between looks for a folder that was removed. */
const ABSENT_MS = 1_000

/** The state of one registry. */
export class Stock {
  readonly events: Events
  readonly renderings: Renderings
  readonly #options: RegistryOptions
  readonly #watching: Watching | undefined
  readonly #held: Collection
  readonly #files: PromptFiles
  readonly #folders: PromptFolder[] = []
  /** Folders that are still to be read. */
  #waiting: readonly string[]
  readonly #watches: RootWatch[] = []
  readonly #hosts = new Hosts()
  readonly #components: Components

  constructor(options: RegistryOptions, folders: readonly string[]) {
    this.#options = options
    this.#watching = watchingOf(options)
    this.#waiting = folders
    this.events = new Events(this.#hosts)
    const assets = new Assets(() => this.#folders)
    const set = new TemplateSet({ assets: name => assets.get(name), ...options.engine })
    this.#held = new Collection(set)
    this.#files = new PromptFiles(this.#held, options, item => this.#hosts.clash(item))
    this.renderings = new Renderings(set, this.events, options)
    const { pin } = options
    const missed = (problem: PromptProblem): void => this.#tell([problem], 'pin')
    const pins = pin && new Pins(pin, name => this.#held.versions(name), missed)
    this.#components = new Components(around(options, this.renderings, this.#held), pins)
  }

  /** Everything there is. The first time the folders are read. @throws InvalidPrompts when they hold errors; the next time they are read again */
  get held(): Collection {
    if (this.#waiting.length === 0) return this.#held
    this.#read(this.#waiting)
    this.#waiting = []
    return this.#held
  }

  get records(): readonly PromptRecord[] {
    return [...this.held.items.values()].filter(item => item.kind === 'prompt')
  }

  get components(): readonly Component[] {
    return this.records.map(record => this.#components.of(record, this.#held.versions(record.definition.name).length > 1))
  }

  /** Everything that can be said about files and prompts now. */
  get problems(): readonly PromptProblem[] {
    const { held } = this
    const found = [...this.#files.problems, ...held.problems(), ...this.#clashes(held.items.values())]
    // Several files may be held up by one mistake.
    return sortProblems([...new Map(found.map(problem => [JSON.stringify(problem), problem])).values()])
  }

  /** Makes a change, and tells about it. @throws InvalidPrompts */
  change(change: Change, known: readonly PromptProblem[] = []): void {
    const { held } = this
    const { done, changed, problems } = held.apply(change, [...known, ...this.#clashes(change.put)])
    if (!done) throw invalid(problems)
    const removed = change.remove.filter(key => !held.items.has(key))
    this.#announce(changed, removed)
  }

  #clashes(items: Iterable<Item>): readonly PromptProblem[] {
    return Array.from(items, item => this.#hosts.clash(item)).filter(problem => problem !== undefined)
  }

  /** Reads a further folder. */
  load(name: string): void {
    const before = new Set(this.held.items.keys())
    const [folder] = this.#read([name])
    if (this.#hosts.count > 0 && folder !== undefined) void this.#watch(folder)
    this.#announce(
      [...this.held.items.keys()].filter(key => !before.has(key)),
      [],
    )
  }

  /** Tells a server about changes from now on. @returns how to stop */
  async attach(host: ProviderHost): Promise<() => Promise<void>> {
    this.#hosts.add(host)
    if (this.#hosts.count === 1) await Promise.all(this.#folders.map(folder => this.#watch(folder)))
    return async () => {
      this.#hosts.delete(host)
      if (this.#hosts.count > 0) return
      await Promise.all(this.#watches.splice(0).map(watch => watch.close()))
    }
  }

  #read(names: readonly string[]): readonly PromptFolder[] {
    const { folders, problems } = this.#files.load(names)
    if (problems.length > 0) throw invalid(problems)
    this.#folders.push(...folders)
    return folders
  }

  /** Resolves when every change is told, or why not: it is tried again. What came, changed or went between reading and watching is taken up then. */
  async #watch(folder: PromptFolder): Promise<void> {
    if (this.#watching === undefined) return
    const watch = new RootWatch(folder.inside, {
      ...this.#watching,
      absentMs: ABSENT_MS,
      ignored: () => segments => segments.some(isPassedOver),
      changed: changes => this.#takeUp(folder, changes),
      lost: () => this.#lost(folder),
      failed: cause => this.#unwatched(folder, cause),
    })
    this.#watches.push(watch)
    watch.hold()
    await watch.ready.catch((cause: unknown) => this.#unwatched(folder, cause))
  }

  #unwatched({ name }: PromptFolder, cause: unknown): void {
    const problems: readonly PromptProblem[] = InvalidPrompts.is(cause)
      ? cause.problems
      : [{ severity: 'error', code: 'watch', message: String(cause), file: name }]
    this.#tell(problems, WATCHING)
  }

  #lost({ name, inside }: PromptFolder): void {
    const { problem } = inside
    if (problem !== undefined) this.#tell([{ severity: 'error', code: 'no-folder', message: problem, file: name }], WATCHING)
  }

  #takeUp(folder: PromptFolder, changes: Changes): void {
    const { put, removed, problems } = this.#files.look(folder, this.#files.pathsOf(folder, changes))
    this.#announce(put, removed)
    if (problems.length > 0) this.#tell(sortProblems(problems), WATCHING)
  }

  #announce(put: readonly string[], removed: readonly string[]): void {
    if (put.length + removed.length === 0) return
    this.renderings.forget(this.#held.items)
    this.#components.forget(removed)
    this.#hosts.changed()
    if (this.events.wants('prompts.changed')) this.events.emit('prompts.changed', { put, removed })
  }

  #tell(problems: readonly PromptProblem[], where: string): void {
    const { report } = this.#options
    const reported = (): void => this.#hosts.report(new InvalidPrompts(problems), where)
    if (this.events.wants('problems.found')) this.events.emit('problems.found', { problems })
    else if (report === undefined) reported()
    else this.#hosts.tell(() => report(problems), 'report', reported)
  }
}

function invalid(problems: readonly PromptProblem[]): InvalidPrompts {
  return new InvalidPrompts(sortProblems(problems.filter(({ severity }) => severity === 'error')))
}
