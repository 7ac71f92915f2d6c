/** A text made of pieces of several templates, which still knows where each piece was written. */

import type { Place } from './failure.ts'

/** Where a text stands in its file. */
export interface Origin {
  readonly template: string
  readonly file?: string
  /** Both from 1. */
  readonly line: number
  readonly column: number
}

/** A stretch of text from one place. */
export interface Chunk {
  readonly text: string
  readonly origin: Origin
}

/** How far a text reaches, and where it was written. */
export interface Stretch {
  /** Line ends in it. */
  readonly lines: number
  /** Characters behind the last of them. */
  readonly last: number
  readonly origin: Origin
}

function stretchOf({ text, origin }: Chunk): Stretch {
  const lines = text.split('\n')
  return { lines: lines.length - 1, last: (lines.at(-1) as string).length, origin }
}

/** Moves a place to the end of a stretch that starts at it. */
function behind<P extends { readonly line: number; readonly column: number }>(place: P, { lines, last }: Stretch): P {
  return { ...place, line: place.line + lines, column: lines === 0 ? place.column + last : last + 1 }
}

/** Where the text at a line (from 1) and column (from 0) of a row of stretches was written. */
export function locate(stretches: readonly Stretch[], line: number, column: number): Place {
  let at = { line: 1, column: 1 }
  let found: Place | undefined
  for (const stretch of stretches) {
    const isBeyond = at.line > line || (at.line === line && at.column > column + 1)
    if (found !== undefined && isBeyond) break
    const { origin } = stretch
    const isSameLine = at.line === line
    found = { ...origin, line: origin.line + line - at.line, column: isSameLine ? origin.column + column + 1 - at.column : column + 1 }
    at = behind(at, stretch)
  }
  return found ?? { template: '' }
}

/** The text itself, after inheritance. */
export class Composed {
  readonly chunks: readonly Chunk[]
  readonly text: string
  #stretches: readonly Stretch[] | undefined

  constructor(chunks: readonly Chunk[]) {
    this.chunks = chunks
    this.text = chunks.map(({ text }) => text).join('')
  }

  /** The chunks between two offsets. */
  slice(start: number, end: number): Chunk[] {
    const found: Chunk[] = []
    let at = 0
    for (const { text, origin } of this.chunks) {
      const from = Math.max(start - at, 0)
      const to = Math.min(end - at, text.length)
      if (from < to) found.push({ text: text.slice(from, to), origin: behind(origin, stretchOf({ text: text.slice(0, from), origin })) })
      at += text.length
    }
    return found
  }

  /** Its chunks without their texts. */
  get stretches(): readonly Stretch[] {
    this.#stretches ??= this.chunks.map(stretchOf)
    return this.#stretches
  }

  /** Where the text at a line (from 1) and column (from 0) was written. */
  locate(line: number, column: number): Place {
    return locate(this.stretches, line, column)
  }
}
