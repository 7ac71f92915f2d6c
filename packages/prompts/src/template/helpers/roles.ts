/** {{#system}}, {{#user}} and {{#assistant}}: who speaks. */

import { block, type Builtin } from '../builtin.ts'
import { TemplateFailure } from '../failure.ts'
import { messagesOf, type Speaker } from '../messages.ts'

function role(speaker: Speaker): Builtin {
  return block(
    speaker,
    0,
    (_values, call) => {
      const { rendering } = call
      if (rendering.role !== undefined) throw new TemplateFailure('nested-message', `{{#${speaker}}} stands within {{#${rendering.role}}}`)
      rendering.role = speaker === 'system' ? 'user' : speaker
      try {
        return rendering.put({ kind: 'messages', messages: messagesOf(call.body(), speaker, rendering) })
      } finally {
        rendering.role = undefined
      }
    },
    { puts: 'message' },
  )
}

export const ROLES: readonly Builtin[] = [role('system'), role('user'), role('assistant')]
