/** What can be expected of a prompt. */

import type { GetPromptResult } from '@oarlock/protocol'
import { holds, shown } from '../kit/difference.ts'
import { Expectation, textMismatch, type TextMatch } from '../kit/expectation.ts'

/** A prompt that is filled in. */
export class PromptExpectation extends Expectation<GetPromptResult> {
  /** The text of all its messages, joined by line breaks. */
  text(match: TextMatch): this {
    return this.onResult(`says ${shown(match)}`, this.text, ({ messages }) => {
      const text = messages.flatMap(({ content }) => (content.type === 'text' ? [content.text] : [])).join('\n')
      return textMismatch(match, text, 'the text')
    })
  }

  /** Its messages, each with at least these members. A text stands for a text block. */
  messages(...expected: readonly { readonly role: 'user' | 'assistant'; readonly content: TextMatch | object }[]): this {
    const wanted = expected.map(({ role, content }) => ({ role, content: isText(content) ? { type: 'text', text: content } : content }))
    return this.onResult('has these messages', this.messages, ({ messages }) =>
      holds(wanted, messages) ? undefined : { was: 'it has others', expected: wanted, actual: messages },
    )
  }

  description(match: TextMatch): this {
    return this.onResult(`is described as ${shown(match)}`, this.description, ({ description = '' }) =>
      textMismatch(match, description, 'the description'),
    )
  }

  protected override essence({ description, messages }: GetPromptResult): unknown {
    return { ...(description === undefined ? {} : { description }), messages }
  }
}

function isText(content: TextMatch | object): content is TextMatch {
  return typeof content === 'string' || content instanceof RegExp
}
