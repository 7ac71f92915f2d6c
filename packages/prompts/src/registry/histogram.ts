/** Latencies in a few hundred bytes: mean exact, percentiles within five percent. */

/** Buckets for each doubling. */
const FINE = 8
/** From a microsecond to over a minute. */
const OCTAVES = 26
const MICRO = 1_000

/** Counts durations by their logarithm. */
export class Histogram {
  readonly #counts = new Uint32Array(FINE * OCTAVES)
  #count = 0
  #sum = 0
  #most = 0

  /** @param ms not negative */
  add(ms: number): void {
    const bucket = Math.floor(Math.log2(Math.max(ms * MICRO, 1)) * FINE)
    const index = Math.min(bucket, this.#counts.length - 1)
    this.#counts[index] = (this.#counts[index] as number) + 1
    this.#count += 1
    this.#sum += ms
    this.#most = Math.max(this.#most, ms)
  }

  get mean(): number {
    return this.#count === 0 ? 0 : this.#sum / this.#count
  }

  get max(): number {
    return this.#most
  }

  /** The duration that a share of all stay within. 0 when there is none. */
  percentile(share: number): number {
    const rank = Math.ceil(this.#count * share)
    let passed = 0
    for (const [index, count] of this.#counts.entries()) {
      passed += count
      if (count > 0 && passed >= rank) return Math.min(2 ** ((index + 0.5) / FINE) / MICRO, this.#most)
    }
    return 0
  }
}
