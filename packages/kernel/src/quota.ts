/** Counts something per caller and in total, and says when there is enough of it. */

import { principalKey, type Head } from '@oarlock/protocol'

/** Who something is counted against: the principal, or where there is none the address the request comes from. */
export function callerOf({ principal, remote = '' }: Pick<Head, 'principal' | 'remote'>): string {
  return principal === undefined ? `@${remote}` : principalKey(principal)
}

/** A bounded count. Callers with nothing take no memory. */
export class Quota {
  readonly #each: number
  readonly #all: number
  readonly #counts = new Map<string, number>()
  #total = 0

  /**
   * @param each most for one caller
   * @param all most for all callers together
   */
  constructor(each: number, all: number) {
    this.#each = each
    this.#all = all
  }

  /** Takes `count` for a caller, or nothing and returns false. */
  take(caller: string, count = 1): boolean {
    const taken = this.#counts.get(caller) ?? 0
    if (taken + count > this.#each || this.#total + count > this.#all) return false
    this.#counts.set(caller, taken + count)
    this.#total += count
    return true
  }

  /** Whether a caller can take no more. */
  full(caller: string): boolean {
    return this.#total > 0 && ((this.#counts.get(caller) ?? 0) >= this.#each || this.#total >= this.#all)
  }

  /** Gives back what was taken. */
  give(caller: string, count = 1): void {
    const left = (this.#counts.get(caller) ?? 0) - count
    if (left > 0) this.#counts.set(caller, left)
    else this.#counts.delete(caller)
    this.#total -= count
  }
}
