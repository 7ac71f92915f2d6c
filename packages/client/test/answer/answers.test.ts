/** Handlers and what they amount to. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Fault, type Revision } from '@oarlock/protocol'
import { Answers, capabilitiesOf } from '../../src/answer/answers.ts'
import type { AnswerHandlers, AskContext } from '../../src/answer/handlers.ts'
import { InvalidAnswer } from '../../src/error.ts'
import { failureOf } from '../scripted.ts'

const test = suite('answers')

const context: AskContext = { signal: new AbortController().signal, server: { name: 's', version: '1' } }
const never = (): never => {
  throw new Error('Nothing should have been asked')
}
const answer = (handlers: AnswerHandlers, method: string, params?: object, revision: Revision = '2026-07-28'): Promise<object> =>
  new Answers(handlers).answer(method, params && { ...params }, context, revision)

test('C-EL-01, C-META-03: each handler declares its capability, and none declares nothing', () => {
  const cases: [AnswerHandlers, object][] = [
    [{}, {}],
    [{ elicit: never }, { elicitation: { form: {} } }],
    [{ elicit: { url: never } }, { elicitation: { url: {} } }],
    [{ elicit: { form: never, url: never } }, { elicitation: { form: {}, url: {} } }],
    [{ elicit: {} }, {}],
    [{ sample: never }, { sampling: {} }],
    [{ sample: { handle: never, tools: true, context: true } }, { sampling: { tools: {}, context: {} } }],
    [{ sample: { handle: never, tools: false } }, { sampling: {} }],
    [{ roots: [] }, { roots: { listChanged: true } }],
    [{ roots: never }, { roots: { listChanged: true } }],
  ]
  for (const [handlers, capabilities] of cases) assert.equal(capabilitiesOf(handlers), capabilities)
})

test('C-EL-06: a handler learns who asks', async () => {
  let seen: unknown
  const result = await answer({ roots: ({ server }) => ((seen = server), []) }, 'roots/list')
  assert.equal(seen, { name: 's', version: '1' })
  assert.equal(result, { roots: [] })
})

test('C-EL-03: content goes with an accepted form only', async () => {
  const params = { message: 'a', requestedSchema: { type: 'object', properties: { x: { type: 'string', default: 'd' } } } }
  for (const action of ['decline', 'cancel'] as const) {
    assert.equal(await answer({ elicit: () => ({ action, content: { x: 'leak' } }) }, 'elicitation/create', params), { action })
  }
  const page = { mode: 'url', message: 'a', url: 'https://a.example' }
  assert.equal(await answer({ elicit: { url: () => ({ action: 'accept', content: { x: 'leak' } }) } }, 'elicitation/create', page), {
    action: 'accept',
  })
})

test('an answer without a known action is not one', async () => {
  const params = { message: 'a', requestedSchema: { type: 'object', properties: {} } }
  for (const result of [undefined, null, 'accept', {}, { action: 'yes' }]) {
    assert.ok(InvalidAnswer.is(await failureOf(answer({ elicit: () => result as never }, 'elicitation/create', params))))
  }
})

test('T17, C-EL-10: only http and https pages reach the handler', async () => {
  for (const url of [
    'javascript:alert(1)',
    'file:///etc/passwd',
    'data:text/html,x',
    'ftp://a',
    '-x',
    'https://',
    'HTTPS://a b',
    7,
    undefined,
  ]) {
    const fault = await failureOf(answer({ elicit: { url: never } }, 'elicitation/create', { mode: 'url', message: 'a', url }))
    assert.ok(Fault.is(fault), String(url))
  }
})

test('C-EL-17: roots are file URIs, checked when they are given and when they are found', async () => {
  assert.throws(() => new Answers({ roots: [{ uri: 'https://a' }] }), InvalidAnswer.is)
  assert.throws(() => void (new Answers().handlers = { roots: [{ uri: '/home' }] }), InvalidAnswer.is)
  assert.ok(InvalidAnswer.is(await failureOf(answer({ roots: () => [{ uri: 'http://a' }] }, 'roots/list'))))
})

test('C-EL-15: blocks are said in the words of the revision', async () => {
  const result = { role: 'assistant' as const, model: 'm', content: [{ type: 'text' as const, text: 'a' }] }
  const params = { messages: [], maxTokens: 1 }
  assert.equal(await answer({ sample: () => result }, 'sampling/createMessage', params), result)
  const older = (await answer({ sample: () => result }, 'sampling/createMessage', params, '2025-06-18')) as { content: unknown }
  assert.not.ok(Array.isArray(older.content))
})

test('C-EL-11: the pages whose end is awaited are bounded', () => {
  const answers = new Answers()
  for (let i = 0; i < 1005; i++) answers.expectPage(`p${i}`)
  answers.expectPage(undefined)
  assert.not.ok(answers.completes('p0'))
  assert.ok(answers.completes('p1004'))
  assert.not.ok(answers.completes('p1004'))
  assert.not.ok(answers.completes(undefined))
})

test.run()
