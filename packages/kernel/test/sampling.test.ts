import type { CreateMessageRequestParams, SamplingContent } from '@oarlock/protocol'
import { sample, type Context } from '@oarlock/kernel'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { quiet } from './stage.ts'
import { Wire } from './wire.ts'

const test = suite('sampling')
type Message = CreateMessageRequestParams['messages'][number]
const user = (...content: SamplingContent[]): Message => ({ role: 'user', content })
const assistant = (...content: SamplingContent[]): Message => ({ role: 'assistant', content })
const text: SamplingContent = { type: 'text', text: 'hi' }
const use = (id: string): SamplingContent => ({ type: 'tool_use', id, name: 't', input: {} })
const result = (toolUseId: string): SamplingContent => ({ type: 'tool_result', toolUseId, content: [] })
const ask = (...messages: Message[]): unknown => sample({ messages, maxTokens: 1 })

test('S-EL-18: whole rounds of tools leave', () => {
  ask({ role: 'user', content: text })
  ask(
    user(text),
    assistant(text, use('a'), use('b')),
    user(result('b'), result('a')),
    assistant(use('a')),
    user(result('a')),
    assistant(text),
  )
})

test('S-EL-18: broken ones do not, and the message that breaks them is named', () => {
  for (const [messages, problem] of [
    [[user(text), assistant(use('a'))], 'messages[1]: nothing answers the use of a tool a'],
    [[assistant(use('a')), user(text)], 'messages[1]: results of tools stand in a user message of their own'],
    [[assistant(use('a')), user(result('a'), text)], 'messages[1]: results of tools stand'],
    [[assistant(use('a')), assistant(result('a'))], 'messages[1]: results of tools stand'],
    [[assistant(use('a'), use('b')), user(result('a'))], 'messages[1]: the result of b is missing'],
    [[assistant(use('a')), user(result('a'), result('b'))], 'messages[1]: no tool was used as b'],
    [[user(result('a'))], 'messages[0]: no tool was used as a'],
    [[user(use('a')), user(result('a'))], 'messages[0]: only the assistant uses tools'],
  ] as const) {
    assert.throws(
      () => ask(...messages),
      (error: Error) => error instanceof TypeError && error.message.includes(problem),
      problem,
    )
  }
})

test('S-EL-17: a wish for context is for clients that know it', async () => {
  const server = quiet()
  server.tool(
    'ask',
    { description: 'd' },
    async (_args, ctx: Context) =>
      (await ctx.sample('k', { messages: [{ role: 'user', content: text }], maxTokens: 1, includeContext: 'thisServer' })).model,
  )
  const asked = async (revision: '2025-06-18' | '2025-11-25', sampling: object): Promise<unknown> => {
    const wire = new Wire(server)
    await wire.initialize(revision, { sampling })
    wire.send({ id: 1, method: 'tools/call', params: { name: 'ask' } })
    return (await wire.until(({ method }) => method === 'sampling/createMessage')).params['includeContext']
  }
  assert.equal(
    [await asked('2025-06-18', {}), await asked('2025-11-25', {}), await asked('2025-11-25', { context: {} })],
    ['thisServer', undefined, 'thisServer'],
  )
})

test.run()
