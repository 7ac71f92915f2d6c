/** Who gets which variant: the same one each time, for as long as the weights stay. */

import type { Context } from '@oarlock/kernel'
import { principalKey } from '@oarlock/protocol'

/** A variant, as far as the choice is concerned. */
export interface Weighted {
  readonly name: string
  readonly weight: number
}

/**
 * Chooses by weighted rendezvous: each variant draws a number from the hash of prompt, subject and its own name, and the best one wins. So a subject
 * keeps its variant whatever other prompts there are; a new variant takes subjects from the others without moving any between them, and the order in
 * which variants are written does not matter. Undefined when all weights are 0.
 */
export function assign<V extends Weighted>(prompt: string, subject: string, variants: readonly V[]): V | undefined {
  let best: V | undefined
  let bestScore = 0
  for (const variant of variants) {
    if (variant.weight <= 0) continue
    const score = -variant.weight / Math.log(unit(hash(prompt, subject, variant.name)))
    if (best === undefined || score > bestScore) [best, bestScore] = [variant, score]
  }
  return best
}

/**
 * Whose choice it is: the principal's (a subject and the client it acts through), else the session's, else what the client calls itself. Anonymous clients of one product that have no session
 * (2026-07-28) are one subject.
 */
export function subjectOf({ principal, session, peer }: Context): string {
  if (principal !== undefined) return `principal:${principalKey(principal)}`
  if (session !== undefined) return `session:${session.id}`
  return `client:${peer.info?.name ?? ''}`
}

/** FNV-1a over the UTF-16 code units of all parts, then the finish of MurmurHash3, so that near texts land far apart. 32 bits, not negative. */
export function hash(...parts: readonly string[]): number {
  let value = 0x811c9dc5
  for (const part of parts) {
    for (let index = 0; index < part.length; index += 1) value = Math.imul(value ^ part.charCodeAt(index), 0x01000193)
    // A unit that no text has, so that the border between two parts counts.
    value = Math.imul(value ^ 0x10000, 0x01000193)
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35)
  return (value ^ (value >>> 16)) >>> 0
}

/** Between 0 and 1, and neither. */
function unit(hashed: number): number {
  return (hashed + 0.5) / 0x1_0000_0000
}
