/** Lines that a process writes: kept, and waited for. */

import type { Duration } from '@oarlock/protocol'
import { PATIENCE_MS, Waiting } from '../waiting.ts'

/** The lines of a child's standard error. */
export class Lines {
  /** All so far. */
  readonly all: string[] = []
  readonly #waiting = new Waiting<string>()

  add(line: string): void {
    this.all.push(line)
    this.#waiting.offer(line)
  }

  /** The first line that has the text or matches, come already or still to come. Rejects after `timeout` and says what came instead. */
  async line(match: string | RegExp, timeout: Duration = PATIENCE_MS): Promise<string> {
    const fits = (line: string): boolean => (typeof match === 'string' ? line.includes(match) : match.test(line))
    const found = this.all.find(fits)
    if (found !== undefined) return found
    try {
      return await this.#waiting.next(fits, timeout, `line like ${String(match)}`)
    } catch (cause) {
      throw new Error(`${(cause as Error).message}. Lines so far:\n${this.all.map(line => `  ${line}`).join('\n') || '  (none)'}`, {
        cause,
      })
    }
  }
}
