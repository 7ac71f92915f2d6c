/** Writes compiled templates as the text of a module. */

import type { Builtin } from './builtin.ts'
import { BUNDLE_FORMAT } from './bundle.ts'
import type { Whole } from './check/usage.ts'
import { compileSource } from './compiler.ts'

/** A template to be written. */
export interface Bundling extends Whole {
  readonly declared: readonly string[]
  readonly isFragment: boolean
}

/** An ES module whose default export is a `TemplateBundle`. It imports nothing. */
export function bundleText(templates: readonly Bundling[], helpers: ReadonlyMap<string, Builtin>): string {
  const written = templates.map(({ composed, ...template }) => {
    const { id, declared, isFragment } = template
    const about = JSON.stringify({ id, declared, isFragment, stretches: composed.stretches })
    return `${about.slice(0, -1)},"spec":${compileSource(composed.text, helpers)}}`
  })
  return `export default {"format":${BUNDLE_FORMAT},"helpers":${JSON.stringify([...helpers.keys()])},"templates":[\n${written.join(',\n')}\n]}\n`
}
