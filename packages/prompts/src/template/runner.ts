/** Runs compiled templates: one set of bound helpers, one object of partials, and per call nothing but a rendering. */

import { nearest, type Context } from '@oarlock/kernel'
import type { PromptMessage } from '@oarlock/protocol'
import type { Builtin } from './builtin.ts'
import type { HelperDefinition } from './callable.ts'
import { TemplateFailure } from './failure.ts'
import type { Rendered, RunOptions } from './handlebars.ts'
import { BUILTINS } from './helpers/all.ts'
import { messagesOf } from './messages.ts'
import type { EngineOptions } from './options.ts'
import { Rendering } from './rendering.ts'
import { isLocated, Located, run, type Runnable } from './run.ts'
import { settingsOf, type Settings } from './settings.ts'
import { Use, type UseOptions } from './use.ts'
import { block, contextOf, get, need, text } from './values.ts'

const HOOKS = Object.freeze({ get, need, text, block })

const NO_PROTOTYPES = Object.freeze({
  properties: { whitelist: Object.create(null) as object, defaultValue: false },
  methods: { whitelist: Object.create(null) as object, defaultValue: false },
})

/** The helpers of a set by name: the built-in ones, and those of its user. @throws TypeError for a name that is taken */
export function helpersOf(options: EngineOptions): ReadonlyMap<string, Builtin> {
  const builtins = new Map(BUILTINS.map(builtin => [builtin.name, builtin]))
  const helpers = new Map(builtins)
  const own = new Set<string>()
  for (const helper of options.helpers ?? []) {
    const problem = own.has(helper.name) ? `There are two helpers '${helper.name}'` : unfit(helper, builtins)
    if (problem !== undefined) throw new TypeError(problem)
    own.add(helper.name)
    helpers.set(helper.name, { ...helper, form: 'inline', puts: 'value' })
  }
  return helpers
}

function unfit({ name, replaces = false }: HelperDefinition, builtins: ReadonlyMap<string, Builtin>): string | undefined {
  const known = builtins.get(name)
  if (known === undefined)
    return replaces ? `There is no built-in helper '${name}' to be replaced.${nearest(name, [...builtins.keys()])}` : undefined
  if (known.form !== 'inline' || known.puts !== 'value') return `The helper '${name}' cannot be replaced: it builds blocks or messages`
  return replaces ? undefined : `'${name}' is a built-in helper: give yours another name, or write replaces: true to take its place`
}

/** Runs templates with one set of options. */
export class Runner {
  readonly settings: Settings
  readonly #helpers: Readonly<Record<string, unknown>>
  #current: Rendering | undefined

  constructor(options: EngineOptions, helpers: ReadonlyMap<string, Builtin>) {
    this.settings = settingsOf(options)
    const bound = Object.create(null) as Record<string, unknown>
    for (const [name, builtin] of helpers) bound[name] = this.#bind(builtin)
    this.#helpers = Object.freeze(bound)
  }

  /** Renders to messages. @throws TemplateFailure */
  render(
    template: Runnable,
    partials: RunOptions['partials'],
    values: Readonly<Record<string, unknown>>,
    ctx: Context | undefined,
  ): PromptMessage[] {
    const rendering = new Rendering(this.settings, ctx)
    const before = this.#current
    this.#current = rendering
    try {
      const context = contextOf(values, template.declared)
      const out = run(template, context, {
        partial: true,
        helpers: this.#helpers,
        partials,
        hooks: HOOKS,
        protoAccessControl: NO_PROTOTYPES,
        data: { root: context },
      })
      return messagesOf(out, 'user', rendering)
    } finally {
      this.#current = before
    }
  }

  /** A template as Handlebars calls a partial. */
  partial(template: () => Runnable): Rendered {
    return (context, options) => {
      const rendering = this.#rendering()
      return rendering.nested(() => rendering.measured(run(template(), context, options)))
    }
  }

  #rendering(): Rendering {
    if (this.#current === undefined) throw new TemplateFailure('helper', 'A helper was called outside of a rendering')
    return this.#current
  }

  #bind(builtin: Builtin): (this: unknown, ...given: unknown[]) => unknown {
    const rendering = (): Rendering => this.#rendering()
    return function (this: unknown, ...given: unknown[]): unknown {
      const options = given.pop() as UseOptions
      try {
        return builtin.run(given, new Use(rendering(), this, options))
      } catch (cause) {
        if (isLocated(cause)) throw cause
        throw new Located(cause, options.loc?.start.line ?? 1, options.loc?.start.column ?? 0)
      }
    }
  }
}
