/** Remembers which subjects were exposed to which variant, so that each is told once. */

import { hash } from './assignment.ts'

/** Subjects remembered. Beyond it the oldest is forgotten, and told again when it comes back. */
const MOST = 10_000

/** A bounded set of exposures. It keeps hashes of 53 bits, no names. */
export class Exposures {
  readonly #seen = new Set<number>()

  /** Whether this is the first time. */
  first(...parts: readonly string[]): boolean {
    const key = hash(...parts) * 0x20_0000 + (hash('again', ...parts) & 0x1f_ffff)
    if (this.#seen.has(key)) return false
    this.#seen.add(key)
    if (this.#seen.size > MOST) this.#seen.delete(this.#seen.values().next().value as number)
    return true
  }
}
