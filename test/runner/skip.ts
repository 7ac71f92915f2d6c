/** Leaves something out, loudly: for a test whose engine is not on this machine. `.ci/run` installs the engines and does not allow it. */
import { skips } from './report.ts'

/**
 * Says that `what` is not tested here and why, and counts it as one skipped. Call it instead of `suite.run()`:
 * `if (found) suite.run(); else skip('the PostgreSQL store', 'PostgreSQL is not installed')`.
 */
export function skip(what: string, because: string): void {
  skips.count += 1
  console.error(`SKIPPED: ${what}, because ${because}`)
}
