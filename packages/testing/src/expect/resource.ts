/** What can be expected of a resource. */

import type { ReadResourceResult } from '@oarlock/protocol'
import { same, shown } from '../kit/difference.ts'
import { Expectation, textMismatch, type TextMatch } from '../kit/expectation.ts'
import type { Mismatch } from '../kit/unexpected.ts'

/** A resource that is read. Where it has several parts, these are about the first. */
export class ResourceExpectation extends Expectation<ReadResourceResult> {
  /** Its text. */
  text(match: TextMatch): this {
    return this.onResult(`is the text ${shown(match)}`, this.text, result => {
      const text = textOf(result)
      return text === undefined ? { was: 'it is no text' } : textMismatch(match, text, 'the text')
    })
  }

  /** Its text, read as JSON. */
  json(value: unknown): this {
    return this.onResult(`is the JSON ${shown(value)}`, this.json, result => jsonMismatch(value, textOf(result)))
  }

  /** Its bytes, or the base64 of them. */
  bytes(value: Uint8Array | string): this {
    const expected = typeof value === 'string' ? value : Buffer.from(value).toString('base64')
    return this.onResult('has these bytes', this.bytes, ({ contents: [first] }) => {
      const actual = first !== undefined && 'blob' in first ? first.blob : undefined
      return actual === expected ? undefined : { was: actual === undefined ? 'it has none' : 'it has others', expected, actual }
    })
  }

  mimeType(type: string): this {
    return this.onResult(`has the type ${type}`, this.mimeType, ({ contents: [first] }) =>
      first?.mimeType === type ? undefined : { was: `it has ${first?.mimeType ?? 'none'}` },
    )
  }

  /** It is made of so many parts. */
  parts(count: number): this {
    return this.onResult(`has ${count} parts`, this.parts, ({ contents }) =>
      contents.length === count ? undefined : { was: `it has ${contents.length}` },
    )
  }

  protected override essence({ contents }: ReadResourceResult): unknown {
    return contents
  }
}

function textOf({ contents: [first] }: ReadResourceResult): string | undefined {
  return first !== undefined && 'text' in first ? first.text : undefined
}

function jsonMismatch(expected: unknown, text: string | undefined): Mismatch | undefined {
  try {
    const actual: unknown = JSON.parse(text ?? '')
    return same(expected, actual) ? undefined : { was: 'it is another', expected, actual }
  } catch {
    return { was: `it is no JSON: ${shown(text)}` }
  }
}
