/** From the text of a rendering and the parts beside it to messages. */

import type { ContentBlock, JsonObject, PromptMessage, Role } from '@oarlock/protocol'
import type { Rendering } from './rendering.ts'

/** On a text of a prompt, `system`: it was written as `{{#system}}`. MCP has no such role, so that it travels as a message of the user. */
export const ROLE_KEY = 'dev.oarlock/role'

/** Who speaks in a template. */
export type Speaker = Role | 'system'

/** What a `{{#system}}` message carries: for the model, and important; the key tells a client that can put it into the system prompt. */
const SYSTEM: JsonObject = Object.freeze({ annotations: { audience: ['assistant'], priority: 1 }, _meta: { [ROLE_KEY]: 'system' } })

/** Without blank lines around it. Spaces before the first word stay: they may be the indentation of a list or of code. */
function trimmed(text: string): string {
  return text.replace(/^(?:[ \t]*\n)+/, '').trimEnd()
}

/** One message per stretch of text and per block; whitespace between them is none. */
export function messagesOf(text: string, speaker: Speaker, rendering: Rendering): PromptMessage[] {
  const role = speaker === 'system' ? 'user' : speaker
  const marks = speaker === 'system' ? SYSTEM : undefined
  const messages: PromptMessage[] = []
  const say = (content: ContentBlock): void => {
    rendering.speak(1)
    messages.push({ role, content: marks === undefined ? content : { ...content, ...marks } })
  }
  for (const piece of rendering.pieces(rendering.measured(text))) {
    if (typeof piece === 'string') {
      const said = trimmed(piece)
      if (said !== '') say({ type: 'text', text: said })
    } else if (piece.kind === 'block') say(piece.block)
    else messages.push(...piece.messages)
  }
  return messages
}
