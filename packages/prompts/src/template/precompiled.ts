/** Renders templates that were compiled before, where code may not be made from text. Loads no compiler. */

import type { Context } from '@oarlock/kernel'
import type { PromptMessage } from '@oarlock/protocol'
import * as handlebars from 'handlebars/runtime.js'
import { BUNDLE_FORMAT, type BundledTemplate, type TemplateBundle } from './bundle.ts'
import { locate } from './composed.ts'
import { TemplateFailure } from './failure.ts'
import type { Rendered, Runtime } from './handlebars.ts'
import { checkEngineOptions, type EngineOptions } from './options.ts'
import { fragmentFailure, type Runnable } from './run.ts'
import { helpersOf, Runner } from './runner.ts'

/** Templates of a bundle, ready. */
export interface PrecompiledTemplates {
  readonly ids: readonly string[]
  /** As `TemplateSet.render`. */
  render(id: string, values: Readonly<Record<string, unknown>>, ctx?: Context): PromptMessage[]
}

/**
 * Makes the templates of a module that `TemplateSet.precompile()` wrote ready. The options are the ones that the set had.
 * @throws TypeError for a bundle of another format or version of Handlebars, or one that needs a helper that is not given
 */
export function precompiled(bundle: TemplateBundle, options: EngineOptions = {}): PrecompiledTemplates {
  checkEngineOptions(options, 'precompiled()')
  if (bundle.format !== BUNDLE_FORMAT) throw new TypeError(`The bundle has format ${bundle.format}, not ${BUNDLE_FORMAT}. Compile it again`)
  const helpers = helpersOf(options)
  const missing = bundle.helpers.filter(name => !helpers.has(name))
  if (missing.length > 0) throw new TypeError(`The bundle was compiled with helpers that are not given here: ${missing.join(', ')}`)
  const { default: runtime } = handlebars as unknown as { readonly default: Runtime }
  const runner = new Runner(options, helpers)
  const templates = new Map(
    bundle.templates.map(template => [template.id, { ...runnableOf(template, runtime), isFragment: template.isFragment }]),
  )
  const partials = Object.create(null) as Record<string, Rendered>
  for (const [id, template] of templates) partials[id] = runner.partial(() => template)
  return {
    ids: bundle.templates.filter(({ isFragment }) => !isFragment).map(({ id }) => id),
    render(id, values, ctx) {
      const template = templates.get(id)
      if (template === undefined) throw new TemplateFailure('unknown-template', `There is no template '${id}'`)
      if (template.isFragment) throw fragmentFailure(id)
      return runner.render(template, partials, values, ctx)
    },
  }
}

function runnableOf({ spec, stretches, declared }: BundledTemplate, runtime: Runtime): Runnable {
  return { run: runtime.template(spec), locate: (line, column) => locate(stretches, line, column), declared }
}
