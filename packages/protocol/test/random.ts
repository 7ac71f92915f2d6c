/** A seeded source of test data, so that a failing property test fails again. */

export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** A whole number from 0 up to, not including, `limit`. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T
  }

  /** Text of `least` to `most` pieces of the alphabet. */
  text(alphabet: readonly string[], least: number, most: number): string {
    return Array.from({ length: least + this.below(most - least + 1) }, () => this.pick(alphabet)).join('')
  }

  /** Cuts bytes into chunks of 1 to `most`. */
  chunks(bytes: Uint8Array, most: number): Uint8Array[] {
    const chunks: Uint8Array[] = []
    for (let at = 0; at < bytes.length;) {
      const size = 1 + this.below(most)
      chunks.push(bytes.slice(at, at + size))
      at += size
    }
    return chunks
  }
}
