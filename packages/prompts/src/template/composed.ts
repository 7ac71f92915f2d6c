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

/** Moves an origin along a text that starts at it. */
function along({ line, column, ...rest }: Origin, text: string): Origin {
  const lines = text.split('\n')
  const last = (lines.at(-1) as string).length
  return { ...rest, line: line + lines.length - 1, column: lines.length === 1 ? column + last : last + 1 }
}

/** The text itself, after inheritance. */
export class Composed {
  readonly chunks: readonly Chunk[]
  readonly text: string

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
      if (from < to) found.push({ text: text.slice(from, to), origin: from === 0 ? origin : along(origin, text.slice(0, from)) })
      at += text.length
    }
    return found
  }

  /** Where the text at a line (from 1) and column (from 0) was written. */
  locate(line: number, column: number): Place {
    let at = { line: 1, column: 1 }
    let found: Place | undefined
    for (const { text, origin } of this.chunks) {
      const isBehind = at.line > line || (at.line === line && at.column > column + 1)
      if (found !== undefined && isBehind) break
      const isSameLine = at.line === line
      found = { ...origin, line: origin.line + line - at.line, column: isSameLine ? origin.column + column + 1 - at.column : column + 1 }
      at = along({ template: '', ...at }, text)
    }
    return found ?? { template: '' }
  }
}
