/** What a sampling request must look like (C-EL-14). */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { sampledProblem, samplingProblem } from '../../src/answer/sampling.ts'

const test = suite('sampling')

const text = (role: string, text = 'hi'): object => ({ role, content: { type: 'text', text } })
const use = (...ids: string[]): object => ({ role: 'assistant', content: ids.map(id => ({ type: 'tool_use', id, name: 't', input: {} })) })
const results = (...ids: string[]): object => ({
  role: 'user',
  content: ids.map(toolUseId => ({ type: 'tool_result', toolUseId, content: [] })),
})
const problem = (messages: unknown, rest: object = {}, tools = true): string | undefined =>
  samplingProblem({ messages, maxTokens: 10, ...rest }, tools)

test('conversations with and without tools pass', () => {
  assert.is(problem([text('user')]), undefined)
  assert.is(problem([]), undefined)
  assert.is(problem([text('user'), use('a', 'b'), results('b', 'a'), text('assistant')]), undefined)
  assert.is(problem([text('user'), use('a'), { role: 'user', content: { type: 'tool_result', toolUseId: 'a', content: [] } }]), undefined)
})

test('tool calls and results that do not match are refused', () => {
  const bad: unknown[][] = [
    [use('a'), text('user')],
    [use('a', 'b'), results('a')],
    [use('a'), results('a', 'b')],
    [use('a'), results('b')],
    [results('a')],
    [use('a')],
    [
      use('a'),
      {
        role: 'user',
        content: [
          { type: 'tool_result', toolUseId: 'a', content: [] },
          { type: 'text', text: 'x' },
        ],
      },
    ],
    [{ role: 'user', content: [{ type: 'tool_use', id: 'a', name: 't', input: {} }] }, results('a')],
  ]
  for (const messages of bad) assert.type(problem(messages), 'string', JSON.stringify(messages))
})

test('malformed requests are refused', () => {
  for (const messages of [
    undefined,
    'x',
    [7],
    [{ role: 'user' }],
    [{ role: 'system', content: { type: 'text', text: 'x' } }],
    [{ role: 'user', content: ['x'] }],
  ]) {
    assert.type(problem(messages), 'string', JSON.stringify(messages))
  }
  for (const maxTokens of [undefined, '10', 1.5]) assert.type(problem([], { maxTokens }), 'string')
})

test('tools are refused unless they were declared', () => {
  assert.type(problem([], { tools: [] }, false), 'string')
  assert.type(problem([], { toolChoice: { mode: 'auto' } }, false), 'string')
  assert.is(problem([], { tools: [], toolChoice: { mode: 'auto' } }, true), undefined)
})

test('an answer needs role, model and content', () => {
  const good = { role: 'assistant', model: 'm', content: { type: 'text', text: 'x' } }
  assert.is(sampledProblem(good), undefined)
  assert.is(sampledProblem({ ...good, content: [] }), undefined)
  for (const bad of [undefined, 'x', {}, { ...good, role: 'system' }, { ...good, model: undefined }, { ...good, content: 'x' }])
    assert.type(sampledProblem(bad), 'string')
})

test.run()
