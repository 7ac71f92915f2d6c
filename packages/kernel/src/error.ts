/** Errors of handlers: the one for the model, and the signal by which a question unwinds the handler. */

const TOOL_ERROR = Symbol.for('oarlock.tool-error')

/** Throw it from a tool to tell the model what went wrong: the call succeeds with `isError` and this message as text. */
export class ToolError extends Error {
  /** Content blocks beside the message. */
  readonly content: readonly object[] | undefined

  constructor(message: string, options?: { readonly cause?: unknown; readonly content?: readonly object[] }) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'ToolError'
    this.content = options?.content
  }

  /** True for tool errors of any copy of this package in the process. */
  static is(value: unknown): value is ToolError {
    return typeof value === 'object' && value !== null && TOOL_ERROR in value
  }
}
Object.defineProperty(ToolError.prototype, TOOL_ERROR, { value: true })

/**
 * Unwinds a handler whose question is not answered yet. Not an Error: nothing went wrong. What the handler does with it does not matter, the asks
 * recorded on the run do. Middleware, and sources that count or log what fails, tell it from a failure: `if (cause instanceof Asking) throw cause`.
 */
export class Asking {
  toString(): string {
    return 'The handler waits for an answer of the client and will run again. Let this pass through your catch blocks.'
  }
}

/** The one signal. It carries nothing, so one is enough. */
export const ASKING = new Asking()
