/** The shape of compiled templates between the compiler and who runs them without it. */

import type { Stretch } from './composed.ts'
import type { Spec } from './handlebars.ts'

/** Raised when what the compiler and the runner agree on changes. */
export const BUNDLE_FORMAT = 1

/** One template of a bundle. */
export interface BundledTemplate {
  readonly id: string
  readonly spec: Spec
  readonly declared: readonly string[]
  readonly isFragment: boolean
  /** Where its text was written, for failures. */
  readonly stretches: readonly Stretch[]
}

/** What a module made by `precompile` exports as its default. */
export interface TemplateBundle {
  readonly format: number
  /** Helpers that its templates may call: who renders them needs the same. */
  readonly helpers: readonly string[]
  readonly templates: readonly BundledTemplate[]
}
