/** The templates of a set: composed with their parents, and checked by themselves and among each other. */

import { nearest } from '@oarlock/kernel'
import { Blocks } from './blocks.ts'
import { rootScope, Usage, type Whole } from './check/usage.ts'
import type { Composed } from './composed.ts'
import type { TemplateDefinition, TemplateProblem } from './definition.ts'
import type { Program } from './handlebars.ts'
import { compose } from './inheritance.ts'
import { Links } from './links.ts'
import { partialNames, partialsIn } from './partials.ts'
import { Programs } from './programs.ts'
import { problemAt, Source, type Common } from './source.ts'

/** What one template is, among the others. */
interface Entry {
  /** Undefined when it, or a parent of it, has no text that can be compiled. */
  readonly whole: Whole | undefined
  /** What is wrong with its own text and with what it names. */
  readonly problems: readonly TemplateProblem[]
  /** Templates it includes. */
  readonly includes: readonly string[]
  /** What is wrong with its names; found when it is first asked for. */
  usage: readonly TemplateProblem[] | undefined
}

/** Codes of problems whose texts suggest a name among all that there are. */
const SUGGESTING: ReadonlySet<string> = new Set(['unknown-partial', 'missing-parent'])

/** Templates by id. What is computed is kept until a change reaches it. */
export class Library {
  readonly #common: Common
  readonly #sources: Map<string, Source>
  readonly #entries: Map<string, Entry>
  readonly #links: Links
  /** Templates with problems that any change may word otherwise. */
  readonly #suggesting: Set<string>

  /** A new one, or another one of the same templates. Texts are not read again. */
  constructor(from: Library | Omit<Common, 'programs'>) {
    const isCopy = from instanceof Library
    this.#common = isCopy ? from.#common : { ...from, programs: new Programs() }
    this.#sources = new Map(isCopy ? from.#sources : [])
    this.#entries = new Map(isCopy ? from.#entries : [])
    this.#links = isCopy ? from.#links.copy() : new Links()
    this.#suggesting = new Set(isCopy ? from.#suggesting : [])
  }

  /** @returns the ids of all templates that are not what they were */
  put(definitions: Iterable<TemplateDefinition>): ReadonlySet<string> {
    const put = Array.from(definitions, definition => new Source(definition, this.#common))
    for (const source of put) this.#sources.set(source.definition.id, source)
    return this.#forget(put.map(({ definition }) => definition.id))
  }

  /** @returns as `put` */
  remove(ids: Iterable<string>): ReadonlySet<string> {
    const gone = [...ids]
    for (const id of gone) this.#sources.delete(id)
    return this.#forget(gone)
  }

  get size(): number {
    return this.#sources.size
  }

  ids(): Iterable<string> {
    return this.#sources.keys()
  }

  source(id: string): Source | undefined {
    return this.#sources.get(id)
  }

  /** The text of a template after inheritance; undefined when it has none. */
  whole(id: string): Whole | undefined {
    return this.#entry(id)?.whole
  }

  /** Everything that is wrong with any template, in the order in which they were put. */
  problems(): readonly TemplateProblem[] {
    const found: TemplateProblem[] = []
    for (const source of this.#sources.values()) found.push(...(this.#entry(source.definition.id)?.problems ?? []), ...this.#usage(source))
    this.#common.programs.rest()
    return found
  }

  /** The problems that touch one template: its own, and those of what it extends and includes. */
  problemsOf(id: string): readonly TemplateProblem[] {
    const source = this.#sources.get(id)
    if (source === undefined) return []
    const found = [...this.#closure(id)].flatMap(each => this.#entry(each)?.problems ?? []).concat(this.#usage(source))
    this.#common.programs.rest()
    return found
  }

  #forget(changed: readonly string[]): ReadonlySet<string> {
    const reached = new Set([...changed, ...this.#links.reach(changed)])
    for (const id of reached) this.#entries.delete(id)
    for (const id of changed) this.#links.drop(id)
    for (const id of this.#suggesting) this.#entries.delete(id)
    this.#suggesting.clear()
    return reached
  }

  /** A template whose text was read. What nobody has read yet, no result stands on. */
  #read(id: string): Source | undefined {
    const source = this.#sources.get(id)
    if (source === undefined || this.#links.has(id)) return source
    const { extends: parent } = source.definition
    const { includes } = source.reading
    this.#links.put(id, parent === undefined ? includes : [parent, ...includes])
    return source
  }

  /** A template with all that it extends and includes. */
  #closure(id: string, seen = new Set<string>()): ReadonlySet<string> {
    if (seen.has(id)) return seen
    const source = this.#sources.get(id)
    if (source === undefined) return seen
    seen.add(id)
    const { extends: parent } = source.definition
    for (const next of [...(parent === undefined ? [] : [parent]), ...(this.#entry(id)?.includes ?? [])]) this.#closure(next, seen)
    return seen
  }

  #entry(id: string): Entry | undefined {
    const known = this.#entries.get(id)
    if (known !== undefined) return known
    const source = this.#read(id)
    if (source === undefined) return undefined
    const entry = { ...this.#made(source), usage: undefined }
    if (entry.problems.some(({ code }) => SUGGESTING.has(code))) this.#suggesting.add(id)
    this.#entries.set(id, entry)
    return entry
  }

  #made(source: Source): Omit<Entry, 'usage'> {
    const { composed, problems } = this.#composed(source)
    const found = [...source.reading.problems, ...this.#unknown(source), ...problems]
    const whole = composed === undefined ? undefined : this.#whole(source, composed, found)
    if (whole === undefined) return { whole, problems: found, includes: source.reading.includes }
    const includes = composed === source.whole ? source.reading.includes : partialNames(this.#programOf(whole))
    const cycle = this.#cycle(whole, includes)
    return { whole, problems: cycle === undefined ? found : [...found, cycle], includes }
  }

  /** What a template includes and nobody has. */
  #unknown(source: Source): readonly TemplateProblem[] {
    if (source.reading.includes.every(name => this.#sources.has(name))) return []
    return [...partialsIn(source.program)]
      .filter(([name]) => !this.#sources.has(name))
      .map(([name, { loc }]) => {
        const message = `There is no template '${name}' to include.${nearest(name, [...this.#sources.keys()])}`
        return source.problem('unknown-partial', message, loc)
      })
  }

  #programOf({ composed }: Whole): Program {
    return this.#common.programs.of(composed.text)
  }

  /** A composed text is read and checked once more, so that what is compiled was checked as it is compiled. */
  #whole(source: Source, composed: Composed, found: TemplateProblem[]): Whole | undefined {
    const { id } = source.definition
    if (!source.reading.isReadable) return undefined
    if (composed === source.whole) return { id, composed }
    const again = new Source({ id, text: composed.text }, this.#common, true)
    const [problem] = again.reading.problems
    if (problem === undefined) return { id, composed }
    // What is already told where it was written is not told again.
    const told = this.#entry(source.definition.extends ?? '')?.problems ?? []
    if (found.length + told.length === 0) {
      found.push({ ...problem, ...composed.locate(problem.line ?? 1, (problem.column ?? 1) - 1), template: id })
    }
    return undefined
  }

  #composed(source: Source): { readonly composed?: Composed; readonly problems: readonly TemplateProblem[] } {
    const { extends: parentId, id } = source.definition
    if (parentId === undefined) return { composed: source.whole, problems: [] }
    if (!this.#sources.has(parentId)) {
      const message = `It extends '${parentId}', and there is no such template.${nearest(parentId, [...this.#sources.keys()])}`
      return { problems: [source.problem('missing-parent', message)] }
    }
    const line = this.#line(id)
    const { depth, templateChars } = this.#common.limits
    if (line === undefined) return { problems: [source.problem('inheritance-cycle', `It extends itself, through '${parentId}'`)] }
    if (line > depth) return { problems: [source.problem('too-deep', `It has more than ${depth} parents (limits.depth)`)] }
    const whole = this.#entry(parentId)?.whole
    if (whole === undefined) return { problems: [] }
    const blocks = new Blocks(whole.composed.text, this.#programOf(whole))
    const names = blocks.all().map(({ name }) => name)
    const problems = source.reading.overrides
      .filter(({ name }) => !names.includes(name))
      .map(({ name, loc }) => source.problem('unknown-block', `'${parentId}' has no block "${name}".${nearest(name, names)}`, loc))
    const composed = compose(source, whole.composed, blocks, templateChars)
    if (composed !== undefined) return { composed, problems }
    const message = `With its parents the template has more than ${templateChars} characters (limits.templateChars)`
    return { problems: [...problems, source.problem('too-large', message)] }
  }

  /** How many parents a template has; undefined when it is one of them. */
  #line(id: string): number | undefined {
    const seen = new Set<string>()
    for (let at: string | undefined = id; at !== undefined; at = this.#read(at)?.definition.extends) {
      if (seen.has(at)) return undefined
      seen.add(at)
    }
    return seen.size - 1
  }

  /** The way by which a template includes itself. */
  #cycle(whole: Whole, includes: readonly string[]): TemplateProblem | undefined {
    const { id, composed } = whole
    for (const name of includes) {
      const way = this.#way(name, id)
      if (way === undefined) continue
      const [, partial] = [...partialsIn(this.#programOf(whole))].find(([included]) => included === name) ?? []
      return problemAt('partial-cycle', `It includes itself: ${[id, ...way].join(' → ')}`, composed, partial?.loc, id)
    }
    return undefined
  }

  /** A way from one template to another, by the names that their own texts and their parents' include. */
  #way(from: string, to: string, seen = new Set<string>()): readonly string[] | undefined {
    if (from === to) return [to]
    const source = this.#read(from)
    if (source === undefined || seen.has(from)) return undefined
    seen.add(from)
    const { extends: parent } = source.definition
    for (const next of [...source.reading.includes, ...(parent === undefined ? [] : [parent])]) {
      const rest = this.#way(next, to, seen)
      if (rest !== undefined) return [from, ...rest]
    }
    return undefined
  }

  /** What is wrong with a template's names, when it can be rendered at all. */
  #usage(source: Source): readonly TemplateProblem[] {
    const entry = this.#entry(source.definition.id)
    if (entry === undefined) return []
    return (entry.usage ??= this.#used(source, entry))
  }

  #used(source: Source, { whole }: Entry): readonly TemplateProblem[] {
    const { id, args, extra = [], fragment } = source.definition
    if (whole === undefined || fragment === true || this.#isCyclic(id)) return []
    const properties = args === undefined ? undefined : source.properties
    const { helpers, limits } = this.#common
    const about = {
      helpers,
      depth: limits.depth,
      partial: (name: string) => this.whole(name),
      programOf: (of: Whole) => this.#programOf(of),
    }
    const { problems, used } = new Usage(about, whole, rootScope(properties, extra))
    if (properties === undefined || extra.includes('*')) return problems
    const unused = Object.keys(properties).filter(name => !used.has(name))
    return [...problems, ...unused.map(name => source.problem('unused-argument', `The argument '${name}' is never used`))]
  }

  #isCyclic(id: string): boolean {
    return [...this.#closure(id)].some(each => this.#entry(each)?.problems.some(({ code }) => code === 'partial-cycle') === true)
  }
}
