/** Cursors into files: where an entry stands, and a check of what it says, so that it is found again in whichever file rotation has put it. */

import { createHash } from 'node:crypto'
import { type RedactionCounts, type Redaction } from './redact/redaction.ts'

/** A cursor, read. */
export interface FileCursor {
  readonly offset: number
  readonly check: string
}

/** The check of a line. It is made of what readers may see, so that it is no way to guess what they may not. */
export function checkOf(line: string, redaction: Redaction): string {
  const counts: RedactionCounts = new Map()
  return createHash('sha256').update(redaction.text(line, counts)).digest('base64url').slice(0, 12)
}

/** The text of a cursor. */
export function writeCursor({ offset, check }: FileCursor): string {
  return `${offset.toString(36)}.${check}`
}

/** Reads a cursor; undefined when it is none. */
export function readCursor(text: string): FileCursor | undefined {
  const found = /^([0-9a-z]{1,11})\.([\w-]{12})$/.exec(text)
  const offset = Number.parseInt(found?.[1] ?? '', 36)
  return found === null || !Number.isSafeInteger(offset) ? undefined : { offset, check: String(found[2]) }
}
