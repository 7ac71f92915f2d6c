/** Opaque page cursors. They name the last entry seen, so a list that changes between pages repeats nothing and skips nothing that stayed. */

import { Fault, fromBase64Url, toBase64Url } from '@oarlock/protocol'

/** Where a page ended: the entry's place in order of registration and its key, or a place in the listing of templates. */
export interface Cursor {
  readonly list: string
  readonly seq: number
  readonly key: string
}

/** Longest cursor that is read, in characters. */
const MAX_CURSOR = 16_384

/** Writes a cursor as URL-safe text that carries its own checksum. Any node can read it; it holds nothing secret. */
export function encodeCursor({ list, seq, key }: Cursor): string {
  const text = JSON.stringify([list, seq, key])
  return toBase64Url(new TextEncoder().encode(`${checksum(text)}${text}`))
}

/** Reads a cursor of the given list. @throws Fault INVALID_CURSOR for anything that `encodeCursor` did not write for it */
export function decodeCursor(value: unknown, list: string): Cursor | undefined {
  if (value === undefined) return undefined
  const parsed = typeof value === 'string' && value.length <= MAX_CURSOR ? parse(value) : undefined
  if (!Array.isArray(parsed)) throw refusal()
  const [from, seq, key] = parsed as unknown[]
  if (from !== list || !Number.isSafeInteger(seq) || typeof key !== 'string') throw refusal()
  return { list, seq: seq as number, key }
}

function parse(value: string): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(fromBase64Url(value))
    return checksum(text.slice(7)) === text.slice(0, 7) ? JSON.parse(text.slice(7)) : undefined
  } catch {
    return undefined
  }
}

const refusal = (): Fault => new Fault('INVALID_CURSOR', 'Invalid cursor: start again without one')

/** Seven characters of FNV-1a: finds accidents and careless edits, not attackers, who could gain nothing. */
function checksum(text: string): string {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return (hash >>> 0).toString(36).padStart(7, '0')
}
