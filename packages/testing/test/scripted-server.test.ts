/** Servers that misbehave when told to, and the kit that notices. */
import { PassThrough } from 'node:stream'
import { Client, ToolFailed } from '@oarlock/client'
import { REVISIONS } from '@oarlock/protocol'
import { open, scriptedServer, streamConnector } from '@oarlock/testing'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const test = suite('scripted server')

const done = { resultType: 'complete', content: [{ type: 'text', text: 'done' }] }

async function message(work: PromiseLike<unknown>): Promise<string> {
  try {
    await work
  } catch (cause) {
    return (cause as Error).message
  }
  throw new Error('It should have failed')
}

for (const revision of REVISIONS) {
  test(`${revision}: it is in order unless told otherwise`, async () => {
    const server = scriptedServer({ 'tools/call': () => done })
    await using kit = await open(server.connector, { revision, frames: revision === '2026-07-28' ? 'check' : 'keep' })
    await kit.tool('any').returns('done')
    await kit.request('prompts/list').refused({ code: -32601 })
    assert.match((await server.until(({ method }) => method === 'tools/call')).params?.['name'] as string, 'any')
  })
}

test('an answer that breaks the official schema fails the expectation, whatever was expected', async () => {
  const server = scriptedServer({ 'tools/call': () => ({ content: [{ type: 'text', txt: 'misspelt' }] }) })
  const kit = await open(server.connector, { revision: '2025-11-25' })
  assert.match(await message(kit.tool('any').check(() => true)), /the answer breaks the official schema\n {4}2025-11-25: CallToolResult/)
  await kit.close()
})

test('so does a notification, at the end, and nothing is said where frames are only kept', async () => {
  for (const frames of ['check', 'keep'] as const) {
    const server = scriptedServer()
    const kit = await open(server.connector, { revision: '2025-11-25', frames })
    server.send({ method: 'notifications/message', params: { level: 'whisper' } })
    await kit.notifications(1)
    if (frames === 'check') assert.match(await message(kit.close()), /breaks the official schema.*whisper/s)
    else await kit.close()
  }
})

test('it answers twice, late, wrongly, or not at all', async () => {
  const server = scriptedServer({
    'tools/call': turn => {
      switch (turn.message.params?.['name']) {
        case 'twice':
          turn.result(done)
          return turn.result(done)
        case 'other':
          return turn.send({ id: 'other', result: done })
        case 'garbage':
          return turn.text('{"jsonrpc":')
        case 'throws':
          throw new Error('broken')
        case 'closes':
          return turn.close()
        default:
          return turn.times === 0 ? turn.error(-32000, 'come back') : done
      }
    },
  })
  await using kit = await open(server.connector, { revision: '2025-11-25', frames: 'keep' })
  await kit.tool('again').refused('come back')
  await kit.tool('again').returns('done')
  await kit.tool('twice').returns('done')
  await kit.tool('other', {}, { timeout: 30 }).refused(/30 ms|time/i)
  await kit.tool('garbage', {}, { timeout: 30 }).refused(/30 ms|time/i)
  await kit.tool('throws').refused({ code: -32603, message: 'broken' })
  await kit.tool('closes').refused(/closed/)
})

test('it speaks lines over streams', async () => {
  const [input, output] = [new PassThrough(), new PassThrough()]
  const server = scriptedServer({ 'tools/call': () => ({ ...done, isError: true }) })
  server.serve(input, output)
  const client = await Client.open(streamConnector(output, input), { revision: '2025-11-25', heal: false })
  try {
    await client.call('any')
    assert.unreachable()
  } catch (cause) {
    assert.ok(ToolFailed.is(cause))
  }
  await client.close()
})

test.run()
