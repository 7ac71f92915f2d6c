/** The error of a rendering, which names the template and the line. */

const BRAND = Symbol.for('oarlock.template-failure')

/** Where in which template. Lines and columns count from 1. */
export interface Place {
  readonly template: string
  readonly file?: string
  readonly line?: number
  readonly column?: number
}

/** Why a rendering fails. */
export type FailureCode = 'unknown-template' | 'invalid-template' | 'missing-value' | 'limit' | 'nested-message' | 'helper' | 'asset'

/** `prompts/review.md:12:3`, as terminals and editors like it. */
export function placeText({ template, file, line, column }: Place): string {
  return [file ?? template, line, column].filter(part => part !== undefined).join(':')
}

/** Thrown by `render`. The client is not told what it says: its text may hold what the server's author wrote. */
export class TemplateFailure extends Error {
  readonly code: FailureCode
  readonly template: string | undefined
  readonly file: string | undefined
  readonly line: number | undefined
  readonly column: number | undefined

  constructor(code: FailureCode, message: string, place?: Place, options?: { readonly cause?: unknown }) {
    super(place === undefined ? message : `${placeText(place)}: ${message}`, options)
    this.name = 'TemplateFailure'
    this.code = code
    this.template = place?.template
    this.file = place?.file
    this.line = place?.line
    this.column = place?.column
    Object.defineProperty(this, BRAND, { value: true })
  }

  /** Whether a thrown value is one, of whichever copy of the package. */
  static is(value: unknown): value is TemplateFailure {
    return typeof value === 'object' && value !== null && BRAND in value
  }
}
