/** What can be expected of a tool. */

import type { Progress } from '@oarlock/client'
import { VALUE_KEY, type CallToolResult } from '@oarlock/protocol'
import { holds, same, shown } from '../kit/difference.ts'
import { Expectation, textMismatch, type Bench, type TextMatch } from '../kit/expectation.ts'
import type { Mismatch } from '../kit/unexpected.ts'

/** A call of a tool. Values are structured content where there is any, else text, else the content as it is. */
export class ToolExpectation extends Expectation<CallToolResult> {
  readonly #progress: readonly Progress[]
  #mayFail = false

  constructor(
    bench: Bench,
    label: string,
    work: () => Promise<CallToolResult>,
    opener: (...args: never[]) => unknown,
    progress: readonly Progress[],
  ) {
    super(bench, label, work, opener)
    this.#progress = progress
  }

  /** The value is this one. */
  returns(value: unknown): this {
    return this.onResult(`returns ${shown(value)}`, this.returns, result => {
      const actual = valueOf(result)
      return same(value, actual) ? undefined : { was: `it returned ${shown(actual)}`, expected: value, actual }
    })
  }

  /** The value has at least these members; patterns match texts. */
  matches(part: unknown): this {
    return this.onResult(`returns something like ${shown(part)}`, this.matches, result => {
      const actual = valueOf(result)
      return holds(part, actual) ? undefined : { was: `it returned ${shown(actual)}`, expected: part, actual }
    })
  }

  /** The text of the result, all its blocks joined by line breaks. */
  text(match: TextMatch): this {
    return this.onResult(`says ${shown(match)}`, this.text, result => textMismatch(match, textOf(result), 'the text'))
  }

  /** The content blocks, as the protocol has them. */
  content(blocks: readonly object[]): this {
    return this.onResult('has this content', this.content, ({ content }) =>
      holds(blocks, content) ? undefined : { was: 'it has another', expected: blocks, actual: content },
    )
  }

  /** The tool itself fails: answers with `isError`. A text is the whole text of its error. What the server refuses is `refused`. */
  fails(match?: TextMatch): this {
    this.#mayFail = true
    return this.onResult(match === undefined ? 'fails' : `fails with ${shown(match)}`, this.fails, result => {
      if (result.isError !== true) return { was: `it returned ${shown(valueOf(result))}` }
      return match === undefined ? undefined : textMismatch(match, textOf(result), 'the error')
    })
  }

  /** It reports progress in these steps before it answers. */
  progress(steps: readonly number[]): this {
    return this.onResult(`reports progress ${shown(steps)}`, this.progress, () => {
      const actual = this.#progress.map(({ progress }) => progress)
      return same(steps, actual) ? undefined : { was: `it reported ${shown(actual)}`, expected: steps, actual }
    })
  }

  protected override flaw(result: CallToolResult): Mismatch | undefined {
    if (result.isError !== true || this.#mayFail) return undefined
    return { was: `it failed: ${textOf(result)}` }
  }

  protected override essence({ content, structuredContent, isError }: CallToolResult): unknown {
    return { content, ...(structuredContent === undefined ? {} : { structuredContent }), ...(isError === true ? { isError } : {}) }
  }
}

function valueOf(result: CallToolResult): unknown {
  if (result.structuredContent !== undefined) return result.structuredContent
  const { content } = result
  if (content.length === 0) return undefined
  if (!content.every(block => block.type === 'text')) return content
  const text = textOf(result)
  return result._meta?.[VALUE_KEY] === 'json' ? JSON.parse(text) : text
}

function textOf({ content }: CallToolResult): string {
  return content.flatMap(block => (block.type === 'text' ? [block.text] : [])).join('\n')
}
