/** Consent to sampling. */
import { fakeClock } from '@oarlock/protocol'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Answers } from '../../src/answer/answers.ts'
import type { Sampling } from '../../src/answer/handlers.ts'
import { failureOf } from '../scripted.ts'

const test = suite('consent')

const context = { signal: new AbortController().signal, server: undefined }
const request = { messages: [{ role: 'user', content: { type: 'text', text: 'secret' } }], maxTokens: 10 }
const answer = { role: 'assistant', model: 'm', content: { type: 'text', text: 'x' } } as const

const ask = (
  sampling: Partial<Sampling>,
  clock = fakeClock(),
  answers = new Answers({ sample: { handle: () => answer, ...sampling } }, clock),
) => answers.answer('sampling/createMessage', request, context, '2026-07-28')

test('C-EL-13: consent may edit what the model is asked, and what the server gets', async () => {
  const seen: unknown[] = []
  const result = await ask({
    approve: ({ messages, ...rest }) => ({
      ...rest,
      messages: messages.map(message => ({ ...message, content: { type: 'text', text: '***' } as const })),
      maxTokens: 5,
    }),
    handle: asked => (seen.push(asked), answer),
    review: given => ({ ...given, model: 'hidden' }),
  })
  assert.equal(seen, [{ messages: [{ role: 'user', content: { type: 'text', text: '***' } }], maxTokens: 5 }])
  assert.is(result['model'], 'hidden')
})

test('C-EL-13, C-MRTR-11: a refusal before or after is told as one, and before it the model is not asked', async () => {
  let asked = 0
  const handle = () => (asked++, answer)
  assert.is((await failureOf(ask({ handle, approve: () => false })))['code'], 'REJECTED')
  assert.is(asked, 0)
  assert.is((await failureOf(ask({ handle, review: () => Promise.resolve(false as const) })))['code'], 'REJECTED')
  assert.is(asked, 1)
})

test('an edit that is no request any more never reaches the model', async () => {
  assert.is((await failureOf(ask({ approve: () => ({ messages: [] }) as never })))['code'], 'INVALID_ANSWER')
})

test('C-EL-13: sampling is limited in its rate', async () => {
  const clock = fakeClock()
  const answers = new Answers({ sample: { handle: () => answer, perMinute: 2 } }, clock)
  await ask({}, clock, answers)
  await ask({}, clock, answers)
  assert.is((await failureOf(ask({}, clock, answers)))['code'], 'REJECTED')
  clock.advance(60_000)
  await ask({}, clock, answers)
})

test.run()
