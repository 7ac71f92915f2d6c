/** A set of templates that include and extend each other. */

import type { Context } from '@oarlock/kernel'
import type { PromptMessage } from '@oarlock/protocol'
import type { Builtin } from './builtin.ts'
import { compileText, templateOf } from './compiler.ts'
import { Composed } from './composed.ts'
import type { TemplateDefinition, TemplateProblem } from './definition.ts'
import { TemplateFailure } from './failure.ts'
import type { Rendered } from './handlebars.ts'
import type { EngineOptions } from './options.ts'
import type { Runnable } from './run.ts'
import { helpersOf, Runner } from './runner.ts'

/** Templates by id, checked together and compiled when first rendered. */
export class TemplateSet {
  readonly #options: EngineOptions
  readonly #helpers: ReadonlyMap<string, Builtin>
  readonly #runner: Runner
  readonly #definitions = new Map<string, TemplateDefinition>()
  readonly #runnables = new Map<string, Runnable>()
  #partials: Record<string, Rendered> | undefined

  constructor(options: EngineOptions = {}) {
    this.#options = options
    this.#helpers = helpersOf(options)
    this.#runner = new Runner(options, this.#helpers)
  }

  /** Adds templates, and replaces those whose ids it has. */
  put(definitions: Iterable<TemplateDefinition>): void {
    for (const definition of definitions) this.#definitions.set(definition.id, definition)
    this.#forget()
  }

  /** Removes templates. Ids that it does not have are no mistake. */
  remove(ids: Iterable<string>): void {
    for (const id of ids) this.#definitions.delete(id)
    this.#forget()
  }

  /** A set of the same templates that is changed by itself. */
  fork(): TemplateSet {
    const copy = new TemplateSet(this.#options)
    copy.put(this.#definitions.values())
    return copy
  }

  /** Everything that is wrong with any of the templates. */
  check(): readonly TemplateProblem[] {
    return []
  }

  /** Renders a template. @throws TemplateFailure */
  render(id: string, values: Readonly<Record<string, unknown>>, ctx?: Context): PromptMessage[] {
    return this.#runner.render(this.#runnable(id), this.#partialsOf(), values, ctx)
  }

  /** The text of a template after inheritance, unrendered. */
  source(id: string): string {
    return this.#composed(id).text
  }

  #composed(id: string): Composed {
    const definition = this.#definitions.get(id)
    if (definition === undefined) throw new TemplateFailure('unknown-template', `There is no template '${id}'`)
    const { file, line = 1, text } = definition
    return new Composed([{ text, origin: { template: id, ...(file === undefined ? {} : { file }), line, column: 1 } }])
  }

  #runnable(id: string): Runnable {
    const made = this.#runnables.get(id)
    if (made !== undefined) return made
    const composed = this.#composed(id)
    const run = templateOf(compileText(composed.text, [...this.#helpers.keys()]))
    const declared = Object.keys((this.#definitions.get(id)?.args?.['properties'] as object | undefined) ?? {})
    const runnable: Runnable = { run, locate: (line, column) => composed.locate(line, column), declared }
    this.#runnables.set(id, runnable)
    return runnable
  }

  #partialsOf(): Readonly<Record<string, Rendered>> {
    if (this.#partials !== undefined) return this.#partials
    const partials = Object.create(null) as Record<string, Rendered>
    for (const id of this.#definitions.keys()) partials[id] = this.#runner.partial(() => this.#runnable(id))
    this.#partials = partials
    return partials
  }

  #forget(): void {
    this.#runnables.clear()
    this.#partials = undefined
  }
}
