/** The error of an expectation that did not come true, in words that every test runner prints as they are. */

/** What was expected and what came instead. */
export interface Mismatch {
  /** A sentence: what happened. */
  readonly was: string
  readonly expected?: unknown
  readonly actual?: unknown
  /** The lines that differ. */
  readonly difference?: string
}

/** An expectation that did not come true. `message` says it all; the stack points at the line that expected it. */
export class Unexpected extends Error {
  readonly code = 'UNEXPECTED'
  declare readonly expected: unknown
  declare readonly actual: unknown

  constructor(message: string, site: string, mismatch: Pick<Mismatch, 'expected' | 'actual'> = {}) {
    super(message)
    this.name = 'Unexpected'
    // uvu prints the message and then what follows the first line of the stack; others print one of the two.
    const told = 'UVU_QUEUE' in globalThis ? message.split('\n', 1)[0] : message
    this.stack = `Unexpected: ${told}\n${site}`
    // For editors that compare the two. Hidden, and not shown by runners: the message has the difference already.
    const hidden = { expected: mismatch.expected, actual: mismatch.actual, showDiff: false }
    for (const [key, value] of Object.entries(hidden)) Object.defineProperty(this, key, { value, enumerable: false })
  }
}

/** Where in the test a method was called: the stack without the kit's own frames. */
export function siteOf(method: (...args: never[]) => unknown): string {
  const holder: { stack?: string } = {}
  Error.captureStackTrace(holder, method)
  return (holder.stack ?? '').split('\n').slice(1).join('\n')
}
