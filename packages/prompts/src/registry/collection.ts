/** Everything a registry holds, and the one step by which it changes: all of a change or nothing of it. */

import { compareVersions, nearest } from '@oarlock/kernel'
import type { TemplateDefinition, TemplateProblem } from '../template/definition.ts'
import { Links } from '../template/links.ts'
import type { TemplateSet } from '../template/set.ts'
import type { PromptProblem } from './problem.ts'
import { hasErrors, problemOf, type Item, type PromptRecord, type Source, type Variant } from './record.ts'
import { namesOf, referencesOf } from './references.ts'

/** What comes and what goes, by key. */
export interface Change {
  readonly put: readonly Item[]
  readonly remove: readonly string[]
}

/** What became of a change. */
export interface Applied {
  /** False when it was taken back because of errors. */
  readonly done: boolean
  /** Prompts and fragments that are not what they were, or read otherwise since what they stand on changed. */
  readonly changed: readonly string[]
  /** What it would bring, errors among it, when it was taken back. */
  readonly problems: readonly PromptProblem[]
}

/** When a change touches a larger part of all than one in so many, everything is looked at. */
const MANY = 4

/** Prompts and fragments, and the set of their templates. */
export class Collection {
  readonly set: TemplateSet
  readonly #items = new Map<string, Item>()
  readonly #names = new Map<string, readonly PromptRecord[]>()
  /** What was put into the set, by item. */
  readonly #templates = new Map<string, readonly TemplateDefinition[]>()
  readonly #links = new Links()

  constructor(set: TemplateSet) {
    this.set = set
  }

  get items(): ReadonlyMap<string, Item> {
    return this.#items
  }

  /** All versions of a prompt, the one that answers by default first. Empty when there is none. */
  versions(name: string): readonly PromptRecord[] {
    return this.#names.get(name) ?? []
  }

  /** Makes a change unless that brings errors, or some are `known`. */
  apply({ put, remove }: Change, known: readonly PromptProblem[] = []): Applied {
    const keys = [...new Set([...put.map(({ key }) => key), ...remove])]
    const before = new Map(keys.map(key => [key, this.#items.get(key)]))
    const order = remove.length === 0 ? undefined : [...this.#items.keys()]
    const standing = this.#links.reach(keys, namesOf)
    this.#swap(keys, put, standing)
    const problems = [...known, ...this.#problemsOf(new Set([...keys, ...standing]))]
    if (!hasErrors(problems)) return { done: true, changed: this.#changed(before), problems: [] }
    const old = [...before.values()].filter(item => item !== undefined)
    this.#swap(keys, old, standing)
    if (order !== undefined) this.#inOrder(order)
    return { done: false, changed: [], problems }
  }

  #changed(before: ReadonlyMap<string, Item | undefined>): readonly string[] {
    const moved = [...before.keys()].filter(key => this.#items.get(key) !== before.get(key))
    return [...new Set([...moved, ...this.#links.reach(moved, namesOf)])].filter(key => this.#items.has(key))
  }

  /** Everything that can be said about what is held now. */
  problems(): readonly PromptProblem[] {
    const records = [...this.#items.values()].filter(item => item.kind === 'prompt')
    return [...this.#ofTemplates(), ...records.flatMap(record => [...record.warnings, ...this.#withoutFragment(record)])]
  }

  /** What can be said about these: the others are as they were. */
  #problemsOf(keys: ReadonlySet<string>): readonly PromptProblem[] {
    if (keys.size * MANY > this.#items.size) return this.problems()
    const items = [...keys].flatMap(key => this.#items.get(key) ?? [])
    const found = items.flatMap(item => [
      ...(this.#templates.get(item.key) ?? []).flatMap(({ id }) => this.set.checkOne(id).map(toldOf)),
      ...(item.kind === 'prompt' ? this.#withoutFragment(item) : []),
    ])
    // What is wrong with a fragment is said by each that includes it.
    return [...new Map(found.map(problem => [JSON.stringify(problem), problem])).values()]
  }

  #withoutFragment({ key, variants, source }: PromptRecord): readonly PromptProblem[] {
    const missing = variants.filter(({ fragment }) => fragment !== undefined && this.#items.get(fragment)?.kind !== 'fragment')
    return missing.map(({ name, fragment = '' }) => {
      const message = `the variant '${name}' is the fragment '${fragment}', which does not exist.${nearest(fragment, [...this.#items.keys()])}`
      return problemOf({ code: 'unknown-fragment', path: ['variants', name], message }, key, source)
    })
  }

  #ofTemplates(): readonly PromptProblem[] {
    const found = this.set.check()
    const unused = new Map<string, number>()
    for (const problem of found)
      if (problem.code === 'unused-argument') unused.set(sharedBy(problem), (unused.get(sharedBy(problem)) ?? 0) + 1)
    return found.filter(problem => this.#isTold(problem, unused)).map(toldOf)
  }

  /** An argument that one variant mentions is not unused: only what all of them leave out is told, once. */
  #isTold(problem: TemplateProblem, unused: ReadonlyMap<string, number>): boolean {
    if (problem.code !== 'unused-argument') return true
    const item = this.#items.get(keyOf(problem))
    if (item?.kind !== 'prompt') return true
    return item.variants[0]?.id === problem.template && unused.get(sharedBy(problem)) === item.variants.length
  }

  /** Puts these in the place of what there is under the keys. Templates of those that stand on them may have other parents then. */
  #swap(keys: readonly string[], put: readonly Item[], standing: ReadonlySet<string>): void {
    const kept = new Set(put.map(({ key }) => key))
    for (const key of keys) if (!kept.has(key)) this.#drop(key)
    for (const item of put) this.#hold(item)
    const gone: string[] = []
    const fresh: TemplateDefinition[] = []
    for (const key of new Set([...keys, ...standing])) {
      const [was, now] = [this.#templates.get(key) ?? [], this.#templatesOf(this.#items.get(key))]
      gone.push(...was.filter(({ id }) => !now.some(template => template.id === id)).map(({ id }) => id))
      fresh.push(...now.filter(template => !was.some(old => isSame(old, template))))
      if (now.length === 0) this.#templates.delete(key)
      else this.#templates.set(key, now)
    }
    if (gone.length > 0) this.set.remove(gone)
    if (fresh.length > 0) this.set.put(fresh)
  }

  /** What went and came back stands where it stood. */
  #inOrder(keys: readonly string[]): void {
    const items = keys.map(key => this.#items.get(key)).filter(item => item !== undefined)
    this.#items.clear()
    for (const item of items) this.#items.set(item.key, item)
  }

  #hold(item: Item): void {
    this.#drop(item.key, true)
    this.#items.set(item.key, item)
    this.#links.put(item.key, referencesOf(item))
    if (item.kind === 'prompt') this.#names.set(item.definition.name, [...this.versions(item.definition.name), item].sort(byPreference))
  }

  /** @param again it comes again at once, and keeps its place among the items */
  #drop(key: string, again = false): void {
    const item = this.#items.get(key)
    if (item === undefined) return
    if (!again) {
      this.#items.delete(key)
      this.#links.drop(key)
    }
    if (item.kind !== 'prompt') return
    const { name } = item.definition
    const rest = this.versions(name).filter(record => record !== item)
    if (rest.length === 0) this.#names.delete(name)
    else this.#names.set(name, rest)
  }

  #templatesOf(item: Item | undefined): readonly TemplateDefinition[] {
    if (item === undefined) return []
    if (item.kind === 'prompt') return item.variants.map(variant => this.#templateOf(item, variant))
    const { key: id, definition, source } = item
    return [{ id, text: definition.template, fragment: true, ...this.#parent(definition.extends), ...placeOf(source) }]
  }

  #templateOf({ args, definition, source }: PromptRecord, { id, template, fragment, extends: parent }: Variant): TemplateDefinition {
    const common = { id, args, ...(definition.values === undefined ? {} : { extra: ['*'] }) }
    const item = fragment === undefined ? undefined : this.#items.get(fragment)
    if (item?.kind !== 'fragment') return { ...common, text: template ?? '', ...this.#parent(parent), ...placeOf(source) }
    return {
      ...common,
      text: item.definition.template.trimEnd(),
      ...this.#parent(item.definition.extends ?? parent),
      ...placeOf(item.source),
    }
  }

  /** The id behind a name: a fragment, a version of a prompt, or the version of a prompt that answers by default. */
  #parent(name: string | undefined): { readonly extends?: string } {
    if (name === undefined) return {}
    const item = this.#items.get(name) ?? this.versions(name)[0]
    return { extends: item?.kind === 'prompt' ? (item.variants[0] as Variant).id : (item?.key ?? name) }
  }
}

const toldOf = ({ template, ...problem }: TemplateProblem): PromptProblem => ({ ...problem, prompt: template })

const keyOf = ({ template }: TemplateProblem): string => template.split('#', 1)[0] as string

/** What the same finding in two variants of a prompt has in common. */
const sharedBy = (problem: TemplateProblem): string => `${keyOf(problem)}\n${problem.message}`

/** As the kernel orders versions. */
function byPreference(a: PromptRecord, b: PromptRecord): number {
  const deprecated = Number(Boolean(a.definition.deprecated)) - Number(Boolean(b.definition.deprecated))
  return deprecated !== 0 ? deprecated : compareVersions(b.definition.version ?? '', a.definition.version ?? '')
}

function placeOf(source: Source | undefined): { readonly file?: string; readonly line?: number } {
  return source === undefined ? {} : { file: source.file, line: source.line }
}

function isSame(a: TemplateDefinition, b: TemplateDefinition): boolean {
  return a.id === b.id && a.text === b.text && a.extends === b.extends && a.args === b.args && a.file === b.file && a.line === b.line
}
