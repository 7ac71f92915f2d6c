/** What a template is before it is compiled, and what can be wrong with it. */

import type { OptionNames } from '@oarlock/protocol'
import type { ProblemCode } from './problem.ts'

/** One template: a prompt, or a fragment that prompts include or extend. */
export interface TemplateDefinition {
  /** Unique in its set, and the name by which `{{> id}}` includes it: `review@1.2.0`, `partials/header`. */
  readonly id: string
  /** The template. Line ends become `\n`. */
  readonly text: string
  /** Id of the template whose blocks this one overrides. */
  readonly extends?: string
  /** JSON Schema (an object) of the arguments it is rendered with. Absent: names are not checked. */
  readonly args?: object
  /** Only included or extended, never rendered by itself. */
  readonly fragment?: boolean
  /** Where it was written, for problems and failures. */
  readonly file?: string
  /** The line of the file at which `text` begins; 1 when absent. */
  readonly line?: number
  /** Names known at render besides the arguments. `*`: any, so that no name is undeclared. */
  readonly extra?: readonly string[]
}

/** The names of all its members. */
export const TEMPLATE: OptionNames<TemplateDefinition> = {
  id: true,
  text: true,
  extends: true,
  args: true,
  fragment: true,
  file: true,
  line: true,
  extra: true,
}

/** Something wrong with a template, found when it is loaded. */
export interface TemplateProblem {
  /** An `error` keeps the template from being rendered. */
  readonly severity: 'error' | 'warning'
  readonly code: ProblemCode
  /** What is wrong, and how to mend it. Without the place, which the members below give. */
  readonly message: string
  /** Id of the template. */
  readonly template: string
  readonly file?: string
  /** In the file, from 1. */
  readonly line?: number
  /** From 1. */
  readonly column?: number
}
