/** The templates of a set: composed with their parents, and checked by themselves and among each other. */

import { nearest } from '@oarlock/kernel'
import { blocksOf, compose } from './inheritance.ts'
import { programsOf } from './blocks.ts'
import type { Builtin } from './builtin.ts'
import { structureProblems } from './check/structure.ts'
import { rootScope, Usage, type Whole } from './check/usage.ts'
import type { Composed } from './composed.ts'
import type { TemplateDefinition, TemplateProblem } from './definition.ts'
import type { Partial, Program } from './handlebars.ts'
import type { TemplateLimits } from './options.ts'
import { problemAt, Source } from './source.ts'

/** What one template is, among the others. */
interface Entry {
  /** Undefined when it, or a parent of it, has no text that can be compiled. */
  readonly whole: Whole | undefined
  /** What is wrong with its own text and with what it names. */
  readonly problems: readonly TemplateProblem[]
  /** Templates it includes. */
  readonly partials: readonly string[]
}

/** Templates by id. What is computed is kept until the next change. */
export class Library {
  readonly #limits: TemplateLimits
  readonly #helpers: ReadonlyMap<string, Builtin>
  readonly #sources: Map<string, Source>
  readonly #structure = new WeakMap<Source, readonly TemplateProblem[]>()
  readonly #entries = new Map<string, Entry>()

  constructor(limits: TemplateLimits, helpers: ReadonlyMap<string, Builtin>, sources: Iterable<readonly [string, Source]> = []) {
    this.#limits = limits
    this.#helpers = helpers
    this.#sources = new Map(sources)
  }

  /** Another library of the same templates. Texts are not read again. */
  copy(): Library {
    return new Library(this.#limits, this.#helpers, this.#sources)
  }

  put(definitions: Iterable<TemplateDefinition>): void {
    const read = Array.from(definitions, definition => new Source(definition, this.#limits))
    for (const source of read) this.#sources.set(source.definition.id, source)
    this.#entries.clear()
  }

  remove(ids: Iterable<string>): void {
    for (const id of ids) this.#sources.delete(id)
    this.#entries.clear()
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
    return [...this.#sources.values()].flatMap(source => [...(this.#entry(source.definition.id)?.problems ?? []), ...this.#usage(source)])
  }

  /** The problems that touch one template: its own, and those of what it extends and includes. */
  problemsOf(id: string): readonly TemplateProblem[] {
    const source = this.#sources.get(id)
    if (source === undefined) return []
    return [...this.#closure(id)].flatMap(each => this.#entry(each)?.problems ?? []).concat(this.#usage(source))
  }

  /** A template with all that it extends and includes. */
  #closure(id: string, seen = new Set<string>()): ReadonlySet<string> {
    if (seen.has(id)) return seen
    const source = this.#sources.get(id)
    if (source === undefined) return seen
    seen.add(id)
    const { extends: parent } = source.definition
    for (const next of [...(parent === undefined ? [] : [parent]), ...(this.#entry(id)?.partials ?? [])]) this.#closure(next, seen)
    return seen
  }

  #entry(id: string): Entry | undefined {
    const known = this.#entries.get(id)
    if (known !== undefined) return known
    const source = this.#sources.get(id)
    if (source === undefined) return undefined
    const entry = this.#read(source)
    this.#entries.set(id, entry)
    return entry
  }

  #read(source: Source): Entry {
    const structure = this.#structureOf(source)
    const own = source.program === undefined ? [] : [...partialsIn(source.program)]
    const unknown = own
      .filter(([name]) => !this.#sources.has(name))
      .map(([name, { loc }]) => {
        const message = `There is no template '${name}' to include.${nearest(name, [...this.#sources.keys()])}`
        return source.problem('unknown-partial', message, loc)
      })
    const { composed, problems } = this.#composed(source)
    const found = [...structure, ...unknown, ...problems]
    const whole = composed === undefined ? undefined : this.#whole(source, composed, found)
    if (whole === undefined) return { whole, problems: found, partials: own.map(([name]) => name) }
    const partials = [...partialsIn(whole.program)]
    const cycle = this.#cycle(whole, partials)
    return { whole, problems: cycle === undefined ? found : [...found, cycle], partials: partials.map(([name]) => name) }
  }

  #structureOf(source: Source): readonly TemplateProblem[] {
    const known = this.#structure.get(source)
    if (known !== undefined) return known
    const problems = structureProblems(source, this.#helpers)
    this.#structure.set(source, problems)
    return problems
  }

  /** A composed text is read and checked once more, so that what is compiled was checked as it is compiled. */
  #whole(source: Source, composed: Composed, found: TemplateProblem[]): Whole | undefined {
    const { id } = source.definition
    if (source.program === undefined) return undefined
    if (composed === source.whole) return { id, composed, program: source.program }
    const again = new Source({ id, text: composed.text }, this.#limits)
    const [problem] = structureProblems(again, this.#helpers, true)
    if (again.program !== undefined && problem === undefined) return { id, composed, program: again.program }
    // What is already told where it was written is not told again.
    const told = this.#entry(source.definition.extends ?? '')?.problems ?? []
    if (problem !== undefined && found.length + told.length === 0) {
      found.push({ ...problem, ...composed.locate(problem.line ?? 1, (problem.column ?? 1) - 1), template: id })
    }
    return undefined
  }

  #composed(source: Source): { readonly composed?: Composed; readonly problems: readonly TemplateProblem[] } {
    const { extends: parentId, id } = source.definition
    if (parentId === undefined) return { composed: source.whole, problems: [] }
    const parent = this.#sources.get(parentId)
    if (parent === undefined) {
      const message = `It extends '${parentId}', and there is no such template.${nearest(parentId, [...this.#sources.keys()])}`
      return { problems: [source.problem('missing-parent', message)] }
    }
    const line = this.#line(id)
    if (line === undefined) return { problems: [source.problem('inheritance-cycle', `It extends itself, through '${parentId}'`)] }
    if (line > this.#limits.depth)
      return { problems: [source.problem('too-deep', `It has more than ${this.#limits.depth} parents (limits.depth)`)] }
    const whole = this.#entry(parentId)?.whole
    if (whole === undefined) return { problems: [] }
    const blocks = blocksOf(whole.composed, parent)
    const names = blocks.all().map(({ name }) => name)
    const problems = source.blocks.outermost
      .filter(({ name }) => !names.includes(name))
      .map(({ name, loc }) => source.problem('unknown-block', `'${parentId}' has no block "${name}".${nearest(name, names)}`, loc))
    const { templateChars } = this.#limits
    const composed = compose(source, whole.composed, blocks, templateChars)
    if (composed !== undefined) return { composed, problems }
    const message = `With its parents the template has more than ${templateChars} characters (limits.templateChars)`
    return { problems: [...problems, source.problem('too-large', message)] }
  }

  /** How many parents a template has; undefined when it is one of them. */
  #line(id: string): number | undefined {
    const seen = new Set<string>()
    for (let at: string | undefined = id; at !== undefined; at = this.#sources.get(at)?.definition.extends) {
      if (seen.has(at)) return undefined
      seen.add(at)
    }
    return seen.size - 1
  }

  /** The way by which a template includes itself. */
  #cycle({ id, composed }: Whole, partials: readonly (readonly [string, Partial])[]): TemplateProblem | undefined {
    for (const [name, { loc }] of partials) {
      const way = this.#way(name, id)
      if (way === undefined) continue
      return problemAt('partial-cycle', `It includes itself: ${[id, ...way].join(' → ')}`, composed, loc, id)
    }
    return undefined
  }

  /** A way from one template to another, by the names that their own texts and their parents' include. */
  #way(from: string, to: string, seen = new Set<string>()): readonly string[] | undefined {
    if (from === to) return [to]
    const source = this.#sources.get(from)
    if (source?.program === undefined || seen.has(from)) return undefined
    seen.add(from)
    const { extends: parent } = source.definition
    for (const next of [...[...partialsIn(source.program)].map(([name]) => name), ...(parent === undefined ? [] : [parent])]) {
      const rest = this.#way(next, to, seen)
      if (rest !== undefined) return [from, ...rest]
    }
    return undefined
  }

  /** What is wrong with a template's names, when it can be rendered at all. */
  #usage(source: Source): readonly TemplateProblem[] {
    const { id, args, extra = [], fragment } = source.definition
    const whole = this.whole(id)
    if (whole === undefined || fragment === true || this.#isCyclic(id)) return []
    const properties = args === undefined ? undefined : source.properties
    const about = { helpers: this.#helpers, partial: (name: string) => this.whole(name), depth: this.#limits.depth }
    const { problems, used } = new Usage(about, whole, rootScope(properties, extra))
    if (properties === undefined || extra.includes('*')) return problems
    const unused = Object.keys(properties).filter(name => !used.has(name))
    return [...problems, ...unused.map(name => source.problem('unused-argument', `The argument '${name}' is never used`))]
  }

  #isCyclic(id: string): boolean {
    return [...this.#closure(id)].some(each => this.#entry(each)?.problems.some(({ code }) => code === 'partial-cycle') === true)
  }
}

/** Every partial in a program, by its name. */
function* partialsIn(program: Program): Iterable<readonly [string, Partial]> {
  for (const statement of program.body) {
    if (statement.type === 'PartialStatement') {
      const { name } = statement
      const isName = name.type === 'StringLiteral' || name.type === 'NumberLiteral' || (name.type === 'PathExpression' && !name.data)
      if (isName) yield [String(name.original), statement]
    }
    for (const inner of programsOf(statement)) yield* partialsIn(inner)
  }
}
