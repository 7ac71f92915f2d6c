/** The template engine that `@Prompt({ template })`, `prompt()` and `server.prompt()` find once this package is imported. */

import { installTemplateEngine, type TemplateEngine } from '@oarlock/kernel'
import type { TemplateDefinition, TemplateProblem } from './template/definition.ts'
import { placeText } from './template/failure.ts'
import { checkEngineOptions, type EngineOptions } from './template/options.ts'
import { TemplateSet } from './template/set.ts'

/** Options of an engine. */
export interface TemplateEngineOptions extends EngineOptions {
  /** Templates that every prompt may include or extend. */
  readonly fragments?: Iterable<TemplateDefinition>
}

const NO_ARGUMENTS = { type: 'object', properties: {} } as const

/** Id of the prompt's own template, which nothing else can have. */
const OWN = 'this prompt'

/**
 * Makes an engine, for `new Server({ templates: templateEngine({ helpers, fragments }) })`. Importing the package installs one without options for
 * servers that are given none. @throws TypeError, RangeError for options that cannot be
 */
export function templateEngine(options: TemplateEngineOptions = {}): TemplateEngine {
  // Without options it is made when it is first needed: importing the package costs nothing.
  let shared = Object.keys(options).length === 0 ? undefined : setOf(options)
  return {
    compile(text, { origin, args = NO_ARGUMENTS, adds }) {
      shared ??= setOf(options)
      const set = shared.fork()
      set.put([{ id: OWN, text, file: origin, args, extra: adds }])
      const problems = set.checkOne(OWN).filter(({ severity }) => severity === 'error')
      if (problems.length > 0) throw new TypeError(problems.map(problem => told(problem, origin)).join('\n'))
      return (values, ctx) => set.render(OWN, values, ctx)
    },
  }
}

/** The server puts the origin before it: what is left to say is the place in the template, or in the fragment that is wrong. */
function told(problem: TemplateProblem, origin: string): string {
  return `${placeText(problem.file === origin ? { ...problem, file: 'template' } : problem)}: ${problem.message}`
}

function setOf({ fragments = [], ...options }: TemplateEngineOptions): TemplateSet {
  checkEngineOptions(options, 'templateEngine()')
  const set = new TemplateSet(options)
  set.put(fragments)
  return set
}

installTemplateEngine(templateEngine())
