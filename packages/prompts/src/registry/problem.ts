/** What is wrong with prompts, each finding with its place, and how a terminal shows them. */

import { checkOptions, type OptionNames } from '@oarlock/protocol'
import type { ProblemCode } from '../template/problem.ts'
import type { RegistryProblemCode } from './code.ts'

const BRAND = Symbol.for('oarlock.invalid-prompts')

/** What kind of problem: the guide has a table of them. */
export type PromptProblemCode = ProblemCode | RegistryProblemCode

/** One finding. */
export interface PromptProblem {
  /** An `error` keeps the prompt from being served; a `warning` is worth a thought. */
  readonly severity: 'error' | 'warning'
  readonly code: PromptProblemCode
  /** What is wrong, and how to fix it. */
  readonly message: string
  /** The prompt (`review@1.2.0`, with `#terse` behind it a variant) or fragment, where known. */
  readonly prompt?: string
  readonly file?: string
  /** Counted from 1. */
  readonly line?: number
  /** Counted from 1. */
  readonly column?: number
}

/**
 * Thrown when prompts cannot be served. Nothing of what was to be added is. The server's `error.reported` has one as the cause, warnings included, for
 * what is found in the background.
 */
export class InvalidPrompts extends TypeError {
  readonly code = 'INVALID_PROMPTS'
  /** Everything that is wrong, sorted by place. */
  readonly problems: readonly PromptProblem[]

  constructor(problems: readonly PromptProblem[]) {
    super(formatProblems(problems))
    this.name = 'InvalidPrompts'
    this.problems = problems
    Object.defineProperty(this, BRAND, { value: true })
  }

  /** Whether a thrown value is one, of whichever copy of the package. */
  static is(value: unknown): value is InvalidPrompts {
    return typeof value === 'object' && value !== null && BRAND in value
  }
}

/** In the order of files, lines and columns; what has no file comes first. */
export function sortProblems(problems: readonly PromptProblem[]): readonly PromptProblem[] {
  return problems.toSorted(
    (a, b) =>
      byText(a.file, b.file) ||
      (a.file === undefined ? byText(a.prompt, b.prompt) : 0) ||
      (a.line ?? 0) - (b.line ?? 0) ||
      (a.column ?? 0) - (b.column ?? 0) ||
      byText(a.prompt, b.prompt) ||
      byText(a.message, b.message),
  )
}

const byText = (a = '', b = ''): number => (a < b ? -1 : a > b ? 1 : 0)

/** How problems are shown. */
export interface FormatOptions {
  /** With the colours of a terminal. */
  readonly color?: boolean
}

const FORMAT_OPTIONS: OptionNames<FormatOptions> = { color: true }

/**
 * One line for each problem, `file:line:column severity message [code]`, as editors and terminals make links of. Control characters in names and
 * messages are escaped.
 */
export function formatProblems(problems: readonly PromptProblem[], options: FormatOptions = {}): string {
  checkOptions(options, FORMAT_OPTIONS, 'formatProblems()')
  return problems.map(problem => formatProblem(problem, options.color === true)).join('\n')
}

function formatProblem({ severity, code, message, prompt, file, line, column }: PromptProblem, color: boolean): string {
  const place =
    file === undefined
      ? (prompt ?? 'prompts')
      : [file, line, line === undefined ? undefined : column].filter(part => part !== undefined).join(':')
  const paint = (sgr: number, text: string): string => (color ? `\u001b[${sgr}m${text}\u001b[0m` : text)
  return `${paint(1, plain(place))} ${paint(severity === 'error' ? 31 : 33, severity)} ${plain(message)} ${paint(2, `[${code}]`)}`
}

/** A name in a file must not steer a terminal. */
function plain(text: string): string {
  return text.replaceAll('\n', ' ').replace(/\p{Control}/gu, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
