/** What a test file's process counts and sends to the runner. */

export interface Report {
  readonly passed: number
  readonly total: number
  readonly skipped: number
}

const UNRUN = Symbol.for('oarlock.test.unrun')
const SKIPS = Symbol.for('oarlock.test.skips')
const shared = globalThis as { [UNRUN]?: Set<string>; [SKIPS]?: { count: number } }

/** Titles of the suites that have tests and were not run yet. */
export const unrun = (shared[UNRUN] ??= new Set<string>())

/** How often `skip` was called. */
export const skips = (shared[SKIPS] ??= { count: 0 })
