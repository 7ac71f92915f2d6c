/** The template engine that `@Prompt({ template })`, `prompt()` and `server.prompt()` find once this package is imported. */

import { installTemplateEngine, type TemplateEngine } from '@oarlock/kernel'
import { checkOptions } from '@oarlock/protocol'
import type { TemplateDefinition } from './template/definition.ts'
import { placeText } from './template/failure.ts'
import { ENGINE_OPTIONS, type EngineOptions } from './template/options.ts'
import { TemplateSet } from './template/set.ts'

/** Options of an engine. */
export interface TemplateEngineOptions extends EngineOptions {
  /** Templates that every prompt may include or extend. */
  readonly fragments?: Iterable<TemplateDefinition>
}

const NO_ARGUMENTS = { type: 'object', properties: {} } as const

/** Id of the prompt's own template, which nothing else can have. */
const OWN = 'template of this prompt'

/**
 * Makes an engine, for `new Server({ templates: templateEngine({ helpers, fragments }) })`. Importing the package installs one without options for
 * servers that are given none.
 */
export function templateEngine({ fragments = [], ...options }: TemplateEngineOptions = {}): TemplateEngine {
  checkOptions(options, ENGINE_OPTIONS, 'templateEngine()')
  let shared: TemplateSet | undefined
  return {
    compile(text, { origin, args = NO_ARGUMENTS, adds }) {
      shared ??= withFragments(options, fragments)
      const set = shared.fork()
      set.put([{ id: OWN, text, file: origin, args, extra: adds }])
      const problems = set.checkOne(OWN).filter(({ severity }) => severity === 'error')
      if (problems.length > 0) throw new TypeError(problems.map(problem => `${placeText(problem)}: ${problem.message}`).join('\n'))
      return (values, ctx) => set.render(OWN, values, ctx)
    },
  }
}

function withFragments(options: EngineOptions, fragments: Iterable<TemplateDefinition>): TemplateSet {
  const set = new TemplateSet(options)
  set.put(fragments)
  return set
}

installTemplateEngine(templateEngine())
