/** The registry: prompts from folders and from code, with versions and variants, offered like anything else that supplies components. */

import { nearest, type Component, type Provider, type ProviderHost } from '@oarlock/kernel'
import { checkOptions, type OptionNames } from '@oarlock/protocol'
import { promptKey, type FragmentDefinition, type PromptDefinition } from './definition.ts'
import { checkDocument, documentOf, isSameData, type PromptDocument } from './document.ts'
import type { RegistryEvents } from './events.ts'
import { checkRegistryOptions, OPTIONS, type RegistryOptions } from './options.ts'
import { InvalidPrompts, type PromptProblem } from './problem.ts'
import { makeFragment, makePrompt, type Item, type PromptRecord, type Variant } from './record.ts'
import { FILTER, passes, score, summaryOf, wordsOf, type PromptFilter, type PromptSummary } from './search.ts'
import type { PromptStats } from './stats.ts'
import { Stock } from './stock.ts'

/** Which text of a prompt. */
export interface SourceOptions {
  /** The one that answers by default when absent. */
  readonly version?: string
  /** The prompt's own text when absent. */
  readonly variant?: string
}

const SOURCE_OPTIONS: OptionNames<SourceOptions> = { version: true, variant: true }

/**
 * Prompts as assets. Offer it to one server or to several; what is added, changed or removed later reaches the clients of all of them. Each change is
 * made as a whole or not at all: when something is wrong InvalidPrompts is thrown with every problem, and everything is as before.
 */
export class PromptRegistry implements Provider {
  readonly name: string
  readonly #options: RegistryOptions
  readonly #stock: Stock

  /** Reads nothing yet: folders are read when prompts are first asked for. @throws TypeError for an option that does not exist */
  constructor(options: RegistryOptions = {}) {
    checkRegistryOptions(options, OPTIONS, 'a prompt registry')
    const folders = [...(options.folder === undefined ? [] : [options.folder]), ...(options.folders ?? [])]
    this.name = folders.length === 0 ? 'prompts' : folders.join(', ')
    this.#options = options
    this.#stock = new Stock(options, folders)
  }

  /** Listens to a fact. Returns how to stop. */
  on<E extends keyof RegistryEvents>(event: E, listener: RegistryEvents[E]): () => void {
    return this.#stock.events.on(event, listener)
  }

  /** The prompts as components: the same objects as before for those that look the same to clients. @throws InvalidPrompts when the folders hold errors */
  components(): readonly Component[] {
    return this.#stock.components
  }

  /** Called by the server. Watches the folders, where that was asked for, until the last server is gone. */
  attach(host: ProviderHost): Promise<() => Promise<void>> {
    return this.#stock.attach(host)
  }

  /** Reads a further folder, at once. @throws InvalidPrompts where there is no such folder, or one with errors */
  load(folder: string): void {
    this.#stock.load(folder)
  }

  /** Adds prompts. They are listed, guarded, completed and counted like those of files. */
  add(...definitions: readonly PromptDefinition[]): void {
    this.#put(definitions, (key, isHeld) => (isHeld ? `'${key}' exists already: update it, or give this one another version` : undefined))
  }

  /** Replaces prompts by others of the same name and version. One that came from a file becomes what the file says again when that changes. */
  update(...definitions: readonly PromptDefinition[]): void {
    const { items } = this.#stock.held
    this.#put(definitions, (key, isHeld) =>
      isHeld ? undefined : `there is no '${key}' to update: add it.${nearest(key, [...items.keys()])}`,
    )
  }

  /** Removes one version of a prompt, or all of them. @returns how many there were */
  remove(name: string, version?: string): number {
    const versions = this.#stock.held.versions(name).filter(record => version === undefined || record.definition.version === version)
    if (versions.length > 0) this.#stock.change({ put: [], remove: versions.map(({ key }) => key) })
    return versions.length
  }

  /** Adds a fragment, or replaces the one of that name. */
  putFragment(definition: FragmentDefinition): void {
    const { held } = this.#stock
    const { item, problems } = makeFragment(definition, undefined)
    if (item === undefined) throw new InvalidPrompts(problems)
    if (held.items.get(item.key)?.kind === 'prompt') throw new InvalidPrompts([duplicate(`'${item.key}' is a prompt`, item.key)])
    this.#stock.change({ put: [item], remove: [] })
  }

  /** Removes a fragment that nothing needs any more. @returns whether there was one */
  removeFragment(name: string): boolean {
    const isHeld = this.#stock.held.items.get(name)?.kind === 'fragment'
    if (isHeld) this.#stock.change({ put: [], remove: [name] })
    return isHeld
  }

  /** Names of all fragments. */
  get fragments(): readonly string[] {
    return [...this.#stock.held.items.values()].flatMap(({ kind, key }) => (kind === 'fragment' ? [key] : []))
  }

  /** Prompts that pass a filter, in the order of their registration; one for each name unless `versions` asks for all. */
  list(filter: PromptFilter = {}): readonly PromptSummary[] {
    checkOptions(filter, FILTER, 'list()')
    return this.#found(filter).map(record => this.#summary(record))
  }

  /** Prompts in which all words of a text stand, the best match first: name, then title, tags and category, then description, then text. */
  search(text: string): readonly PromptSummary[] {
    const words = wordsOf(text)
    const rated = this.#found({}).map(record => ({ record, worth: score(record, words) }))
    const fitting = rated.filter(({ worth }) => worth > 0).toSorted((a, b) => b.worth - a.worth)
    return fitting.map(({ record }) => this.#summary(record))
  }

  /** The definition of a prompt, of the version that answers by default unless another is named. */
  get(name: string, version?: string): PromptDefinition | undefined {
    return this.#version(name, version)?.definition
  }

  /** The text of a prompt for review: inheritance resolved, nothing rendered. @throws Error for what does not exist */
  source(name: string, options: SourceOptions = {}): string {
    checkOptions(options, SOURCE_OPTIONS, 'source()')
    const { version, variant } = options
    const record = this.#known(name, version)
    const { id } = variant === undefined ? (record.variants[0] as Variant) : variantOf(record, variant)
    return this.#stock.held.set.source(id)
  }

  /** Every problem of every folder, file and prompt, sorted by place: what a lint command prints with `formatProblems`. A folder that is not there is one. */
  check(): readonly PromptProblem[] {
    try {
      return this.#stock.problems
    } catch (error) {
      if (InvalidPrompts.is(error)) return error.problems
      throw error
    }
  }

  /** Renders, errors, latency and tokens of each prompt, version and variant that was rendered since the process started. */
  stats(name?: string): readonly PromptStats[] {
    return this.#stock.renderings.tally.stats(name)
  }

  /** Ends an experiment: from now on everybody gets this variant. Without a variant the experiment goes on. @throws Error for what does not exist */
  promote(name: string, variant: string | undefined, version?: string): void {
    const record = this.#known(name, version)
    const { promoted } = this.#stock.renderings
    if (variant === undefined) promoted.delete(record.key)
    else promoted.set(record.key, variantOf(record, variant).name)
  }

  /** Everything as one JSON document. @throws InvalidPrompts for prompts that hold functions: name guards and completers instead */
  export(): PromptDocument {
    return documentOf(this.#stock.held.items.values(), this.#stock.renderings.promoted)
  }

  /** Puts what a document holds in the place of everything. What is in it as it was stays as it is, so that clients hear only of what changed. */
  import(document: PromptDocument): void {
    const { items } = this.#stock.held
    const { fragments, prompts, promoted } = checkDocument(document)
    const made = [
      ...fragments.map(each => makeFragment(each, undefined)),
      ...prompts.map(each => makePrompt(each as PromptDefinition, undefined, this.#options)),
    ]
    const put = made.flatMap(({ item }): readonly Item[] => (item === undefined ? [] : [sameAs(items.get(item.key), item)]))
    this.#stock.change({ put, remove: [...items.keys()] }, [...made.flatMap(({ problems }) => problems), ...twice(put)])
    this.#stock.renderings.promoteAll(promoted, items)
  }

  /**
   * The text of an ES module with everything in it, templates compiled, for `precompiledPrompts` of `@oarlock/prompts/runtime`: where there are no files,
   * or code may not be made from text. @throws InvalidPrompts as `export`
   */
  precompile(): string {
    const document = JSON.stringify(this.export())
    return `${this.#stock.held.set.precompile()}export const prompts = JSON.parse(${JSON.stringify(document)})\n`
  }

  #put(definitions: readonly PromptDefinition[], refusal: (key: string, isHeld: boolean) => string | undefined): void {
    const { items } = this.#stock.held
    const made = definitions.map(definition => makePrompt(definition, undefined, this.#options))
    const put = made.flatMap(({ item }) => item ?? [])
    const refused = put.flatMap(({ key }) => {
      const message = refusal(key, items.has(key))
      return message === undefined ? [] : [duplicate(message, key)]
    })
    this.#stock.change({ put: refused.length > 0 ? [] : put, remove: [] }, [
      ...made.flatMap(({ problems }) => problems),
      ...refused,
      ...twice(put),
    ])
  }

  #found({ versions = false, ...filter }: PromptFilter): readonly PromptRecord[] {
    const { held, records } = this.#stock
    return records.filter(record => (versions || held.versions(record.definition.name)[0] === record) && passes(record, filter))
  }

  #summary(record: PromptRecord): PromptSummary {
    return summaryOf(record, this.#stock.held.versions(record.definition.name))
  }

  #version(name: string, version: string | undefined): PromptRecord | undefined {
    return this.#stock.held.versions(name).find(({ definition }) => version === undefined || definition.version === version)
  }

  #known(name: string, version: string | undefined): PromptRecord {
    const record = this.#version(name, version)
    if (record !== undefined) return record
    const names = [...new Set(this.#stock.records.map(({ definition }) => definition.name))]
    throw new Error(`There is no prompt '${promptKey(name, version)}'.${nearest(name, names)}`)
  }
}

function variantOf({ key, variants }: PromptRecord, name: string): Variant {
  const variant = variants.find(each => each.name === name)
  if (variant !== undefined) return variant
  const names = variants.map(each => each.name)
  throw new Error(`${key} has no variant '${name}': there are ${names.join(', ')}.${nearest(name, names)}`)
}

function duplicate(message: string, prompt: string): PromptProblem {
  return { severity: 'error', code: 'duplicate', message, prompt }
}

/** Two that are called the same among those that come together. */
function twice(items: readonly Item[]): readonly PromptProblem[] {
  const seen = new Set<string>()
  return items.flatMap(({ key }) => (seen.size === seen.add(key).size ? [duplicate(`'${key}' comes twice`, key)] : []))
}

function sameAs(held: Item | undefined, item: Item): Item {
  return held !== undefined && isSameData(held, item) ? held : item
}
