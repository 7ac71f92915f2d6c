/** Ids that nobody can guess. */

import { isBuildingSnapshot } from './snapshot.ts'

const DIGITS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
const BYTES = 16

/** Random bytes are drawn many ids at a time: asking for few costs as much as asking for many. */
const pool = new Uint8Array(BYTES * 256)
let used = pool.length

/** 128 random bits as 32 hexadecimal digits: for sessions, events, nonces. */
export function randomId(): string {
  if (used === pool.length) {
    crypto.getRandomValues(pool)
    // What is left of it would be given out by every process that starts from the snapshot.
    used = isBuildingSnapshot() ? pool.length - BYTES : 0
  }
  let text = ''
  for (const end = used + BYTES; used < end; used++) text += DIGITS[pool[used] as number]
  return text
}
