/** A set of templates that include and extend each other. */

import type { Context } from '@oarlock/kernel'
import { checkOptions, type PromptMessage } from '@oarlock/protocol'
import type { Builtin } from './builtin.ts'
import { bundleText } from './bundle-text.ts'
import type { Whole } from './check/usage.ts'
import { compileText, templateOf } from './compiler.ts'
import { TEMPLATE, type TemplateDefinition, type TemplateProblem } from './definition.ts'
import { placeText, TemplateFailure } from './failure.ts'
import type { Rendered, Spec } from './handlebars.ts'
import { Library } from './library.ts'
import { checkEngineOptions, type EngineOptions } from './options.ts'
import { fragmentFailure, type Runnable } from './run.ts'
import { helpersOf, Runner } from './runner.ts'

/** What sets that come from one another share. */
interface Shared {
  readonly helpers: ReadonlyMap<string, Builtin>
  readonly runner: Runner
}

/**
 * Templates by id, checked together, each compiled when it is first rendered. Rendering is synchronous. A set may change at any time; to try a change
 * before making it, change a `fork`.
 */
export class TemplateSet {
  readonly #shared: Shared
  readonly #library: Library
  /** By their text: a template that is put again as it was is not compiled again. */
  readonly #specs: Map<string, Spec>
  readonly #runnables = new Map<string, Runnable>()
  #partials: Record<string, Rendered> | undefined

  /** @throws TypeError, RangeError for options that cannot be */
  constructor(options: EngineOptions | TemplateSet = {}) {
    if (options instanceof TemplateSet) {
      this.#shared = options.#shared
      this.#library = new Library(options.#library)
      this.#specs = new Map(options.#specs)
    } else {
      checkEngineOptions(options, 'a TemplateSet')
      const helpers = helpersOf(options)
      const runner = new Runner(options, helpers)
      this.#shared = { helpers, runner }
      this.#library = new Library({ limits: runner.settings.limits, helpers })
      this.#specs = new Map()
    }
  }

  /** Adds templates, and replaces those whose ids it has. @throws TypeError for an id or a text that is no string, and a member that means nothing */
  put(definitions: Iterable<TemplateDefinition>): void {
    const put = [...definitions]
    for (const definition of put) checkOptions(definition, TEMPLATE, `the template '${definition.id}'`)
    this.#forget(this.#library.put(put))
  }

  /** Removes templates. Ids that it does not have are no mistake. */
  remove(ids: Iterable<string>): void {
    this.#forget(this.#library.remove(ids))
  }

  /** A set of the same templates and options that changes by itself. What is read and compiled is shared. */
  fork(): TemplateSet {
    return new TemplateSet(this)
  }

  /** Everything that is wrong with any of the templates, in the order in which they were put. */
  check(): readonly TemplateProblem[] {
    return this.#library.problems()
  }

  /** Everything that is wrong with one template, and with what it extends and includes. */
  checkOne(id: string): readonly TemplateProblem[] {
    return this.#library.problemsOf(id)
  }

  /**
   * Renders a template to messages. Values are data whatever they say. `ctx` is for helpers.
   * @throws TemplateFailure with template and line: an unknown or wrong template, a value that is missing, a limit, a helper that fails. What a helper
   * throws on purpose (a Fault) passes.
   */
  render(id: string, values: Readonly<Record<string, unknown>>, ctx?: Context): PromptMessage[] {
    if (this.#library.source(id)?.definition.fragment === true) throw fragmentFailure(id)
    return this.#shared.runner.render(this.#runnable(id), this.#partialsOf(), values, ctx)
  }

  /** The text of a template after inheritance, unrendered. @throws TemplateFailure for a template that is not there or has no text */
  source(id: string): string {
    return this.#whole(id).composed.text
  }

  /** The names of the helpers that templates of this set may use. */
  helpers(): readonly string[] {
    return [...this.#shared.helpers.keys()]
  }

  /**
   * The source text of an ES module with every template compiled, for `precompiled` of `@oarlock/prompts/runtime`, where code may not be made from text.
   * @throws TemplateFailure when a template has an error
   */
  precompile(): string {
    const wholes = [...this.#library.ids()].map(id => {
      this.#refuse(id)
      const { args, fragment } = this.#library.source(id)?.definition ?? {}
      const declared = args === undefined ? [] : this.#declared(id)
      return { ...this.#whole(id), declared, isFragment: fragment === true }
    })
    return bundleText(wholes, this.#shared.helpers)
  }

  #whole(id: string): Whole {
    const whole = this.#library.whole(id)
    if (whole !== undefined) return whole
    if (this.#library.source(id) === undefined) throw new TemplateFailure('unknown-template', `There is no template '${id}'`)
    throw this.#refusal(id)
  }

  #refuse(id: string): void {
    if (this.#library.problemsOf(id).some(({ severity }) => severity === 'error')) throw this.#refusal(id)
  }

  #refusal(id: string): TemplateFailure {
    const [first, ...rest] = this.#library.problemsOf(id).filter(({ severity }) => severity === 'error')
    const more = rest.length === 0 ? '' : ` (and ${rest.length} more)`
    const said = first === undefined ? 'It has no text' : `${placeText(first)}: ${first.message}${more}`
    return new TemplateFailure('invalid-template', `The template '${id}' cannot be rendered. ${said}`)
  }

  #declared(id: string): readonly string[] {
    return Object.keys(this.#library.source(id)?.properties ?? {})
  }

  #runnable(id: string): Runnable {
    const made = this.#runnables.get(id)
    if (made !== undefined) return made
    const { composed } = this.#whole(id)
    this.#refuse(id)
    const run = templateOf(this.#spec(composed.text))
    const runnable: Runnable = { run, locate: (line, column) => composed.locate(line, column), declared: this.#declared(id) }
    this.#runnables.set(id, runnable)
    return runnable
  }

  #spec(text: string): Spec {
    const known = this.#specs.get(text)
    if (known !== undefined) return known
    const spec = compileText(text, this.#shared.helpers)
    this.#specs.set(text, spec)
    return spec
  }

  #partialsOf(): Readonly<Record<string, Rendered>> {
    if (this.#partials !== undefined) return this.#partials
    this.#partials = Object.create(null) as Record<string, Rendered>
    for (const id of this.#library.ids()) this.#partials[id] = this.#partial(id)
    return this.#partials
  }

  #partial(id: string): Rendered {
    return this.#shared.runner.partial(() => this.#runnable(id))
  }

  #forget(changed: ReadonlySet<string>): void {
    for (const id of changed) {
      this.#runnables.delete(id)
      if (this.#partials === undefined) continue
      if (this.#library.source(id) === undefined) delete this.#partials[id]
      else this.#partials[id] ??= this.#partial(id)
    }
    // A set that is watched is changed for days: what no template says any more goes.
    if (this.#specs.size > 2 * this.#library.size + 16) this.#specs.clear()
  }
}
