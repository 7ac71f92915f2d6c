/** Counts what callers hold of something that is bounded, and says when there is enough of it. */

import { checkBounds } from './bounds.ts'
import type { Head } from './head.ts'
import { principalKey } from './peer.ts'

/** How the key of a caller begins that could have said who it is and did not. Those of principals begin with a bracket. */
const ANONYMOUS = '?'

/**
 * Who something is counted against: the principal, or where there is none the address the request comes from, told apart by whether `authenticate`
 * let it pass as `Anonymous` or nobody asks who comes.
 */
export function callerOf({ principal, challenges, remote = '' }: Pick<Head, 'principal' | 'challenges' | 'remote'>): string {
  return principal === undefined ? `${challenges === undefined ? '@' : ANONYMOUS}${remote}` : principalKey(principal)
}

/** Bounds of a quota. */
export interface QuotaBounds {
  /** Most for all callers together. */
  readonly all: number
  /** Most for one principal. */
  readonly each: number
  /** Most for one address of callers without a principal. `each` when absent. */
  readonly address?: number | undefined
  /** Most for all anonymous callers together, so that those with a principal find room. Half of `all` when absent. */
  readonly anonymous?: number | undefined
}

/** Of what there is not enough: the whole, the part of anonymous callers, or the part of this one. */
export type Lack = 'all' | 'anonymous' | 'each'

/** A bounded count. Callers with nothing take no memory. */
export class Quota {
  readonly #bounds: { readonly [name in keyof QuotaBounds]-?: number }
  readonly #counts = new Map<string, number>()
  #total = 0
  #anonymous = 0

  /** @throws TypeError for a bound that is no number, or negative */
  constructor({ all, each, address = each, anonymous = Math.ceil(all / 2) }: QuotaBounds) {
    this.#bounds = { all, each, address, anonymous }
    checkBounds(this.#bounds, 'quota.')
  }

  /** What keeps a caller from taking `count`, if anything. */
  lack(caller: string, count = 1): Lack | undefined {
    const { all, each, address, anonymous } = this.#bounds
    if (this.#total + count > all) return 'all'
    if ((this.#counts.get(caller) ?? 0) + count > (caller.startsWith('[') ? each : address)) return 'each'
    return caller.startsWith(ANONYMOUS) && this.#anonymous + count > anonymous ? 'anonymous' : undefined
  }

  /** Takes `count` for a caller, or nothing and returns false. */
  take(caller: string, count = 1): boolean {
    if (this.lack(caller, count) !== undefined) return false
    this.#change(caller, count)
    return true
  }

  /** Gives back what was taken. */
  give(caller: string, count = 1): void {
    this.#change(caller, -count)
  }

  #change(caller: string, by: number): void {
    const held = (this.#counts.get(caller) ?? 0) + by
    if (held > 0) this.#counts.set(caller, held)
    else this.#counts.delete(caller)
    this.#total += by
    if (caller.startsWith(ANONYMOUS)) this.#anonymous += by
  }
}
