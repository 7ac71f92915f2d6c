/** A user, a model and a workspace for the server that asks everything. */
import { type AnswerHandlers, Rejected } from '@oarlock/client'

/** Fills in the name only, opens pages of one host only, and refuses to talk about secrets. */
export const ANSWERS: AnswerHandlers = {
  elicit: {
    form: () => ({ action: 'accept', content: { name: 'Ada' } }),
    url: ({ url }) => ({ action: new URL(url).hostname === 'pay.example' ? 'accept' : 'decline' }),
  },
  sample: ({ messages, maxTokens, systemPrompt }) => {
    const asked = JSON.stringify(messages)
    if (asked.includes('secret')) throw new Rejected()
    return {
      role: 'assistant',
      content: { type: 'text', text: `${systemPrompt} ${maxTokens} ${asked.includes('Say hi') ? 'hi' : '?'}` },
      model: 'test-model',
      stopReason: 'endTurn',
    }
  },
  roots: [{ uri: 'file:///work', name: 'work' }],
}
