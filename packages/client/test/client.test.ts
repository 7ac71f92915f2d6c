/** The short forms of the client. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Client } from '../src/client.ts'
import { ToolFailed } from '../src/error.ts'
import { failureOf, type Peer, Refusal, type Script, sessional, settled, stateless } from './scripted.ts'

const test = suite('client')

const SCRIPT: Readonly<Record<string, Script>> = {
  'tools/call': ({ name, arguments: args }) =>
    name === 'fail'
      ? { content: [{ type: 'text', text: 'broken' }], isError: true }
      : { content: [{ type: 'text', text: JSON.stringify(args) }] },
  'resources/read': ({ uri }) => {
    if (uri === 'a://none') throw new Refusal(-32602, 'Resource not found', { uri })
    return { contents: [{ uri, text: 'hello' }], ttlMs: 0, cacheScope: 'private' }
  },
  'prompts/get': ({ arguments: args }) => ({
    description: 'd',
    messages: [{ role: 'user', content: { type: 'text', text: JSON.stringify(args ?? null) } }],
  }),
  'completion/complete': ({ argument, context }) => ({
    completion: { values: [JSON.stringify([argument, context ?? null])], hasMore: false },
  }),
}

/** Without the words that a session does not have. */
const PLAIN: Readonly<Record<string, Script>> = {
  ...SCRIPT,
  'resources/read': ({ uri }) => {
    if (uri === 'a://none') throw new Refusal(-32002, 'Resource not found', { uri })
    return { contents: [{ uri, text: 'hello' }] }
  },
}

const PEERS: Readonly<Record<string, () => Peer>> = { stateless: () => stateless(SCRIPT), session: () => sessional('2025-11-25', PLAIN) }

for (const [name, make] of Object.entries(PEERS)) {
  const open = async (): Promise<{ client: Client; peer: Peer }> => {
    const peer = make()
    return { client: await Client.open(peer.connector), peer }
  }

  test(`${name}: call gives the value, and sends empty arguments rather than none`, async () => {
    const { client } = await open()
    assert.is(await client.call<string>('a', { x: 1 }), '{"x":1}')
    assert.is(await client.call('a'), '{}')
  })

  test(`C-TOOL-03: ${name}: call throws what the tool failed with, callRaw and raw return it`, async () => {
    const { client } = await open()
    const failed = await failureOf(client.call('fail'))
    assert.ok(ToolFailed.is(failed))
    assert.is(failed.message, 'broken')
    assert.is((await client.callRaw('fail')).isError, true)
    assert.is((await client.raw.callTool({ name: 'fail' })).isError, true)
  })

  test(`${name}: read, prompt and complete give what was asked for`, async () => {
    const { client } = await open()
    assert.equal(await client.read('a://b'), [{ uri: 'a://b', text: 'hello' }])
    assert.equal(await client.prompt('p', { code: 'x' }), [{ role: 'user', content: { type: 'text', text: '{"code":"x"}' } }])
    assert.equal(await client.prompt('p'), [{ role: 'user', content: { type: 'text', text: 'null' } }])
    assert.is((await client.raw.getPrompt({ name: 'p' })).description, 'd')
    const ref = { type: 'ref/prompt' as const, name: 'p' }
    assert.equal((await client.complete(ref, { name: 'x', value: 'a' })).values, ['[{"name":"x","value":"a"},null]'])
    assert.equal((await client.complete(ref, { name: 'x', value: 'a' }, { y: 'b' })).values, [
      '[{"name":"x","value":"a"},{"arguments":{"y":"b"}}]',
    ])
  })

  test(`C-TOOL-06: ${name}: a missing resource has one name`, async () => {
    const { client } = await open()
    assert.is((await failureOf(client.read('a://none')))['fault'], 'RESOURCE_NOT_FOUND')
  })

  test(`${name}: methods of extensions pass as they are`, async () => {
    const peer =
      name === 'stateless'
        ? stateless({ 'com.example/hello': params => ({ heard: params['x'] }) })
        : sessional('2025-11-25', { 'com.example/hello': params => ({ heard: params['x'] }) })
    const client = await Client.open(peer.connector)
    assert.is((await client.raw.request('com.example/hello', { x: 'hi' }))['heard'], 'hi')
    client.notify('notifications/com.example/bye', { y: 1 })
    assert.is(peer.all('notifications/com.example/bye')[0]?.params['y'], 1)
  })

  test(`${name}: many calls at once each get their own answer`, async () => {
    const { client } = await open()
    const answers = await Promise.all(Array.from({ length: 200 }, (_, i) => client.call('a', { i })))
    assert.equal(
      answers,
      Array.from({ length: 200 }, (_, i) => `{"i":${i}}`),
    )
  })

  test(`${name}: a client is disposed of by leaving its block`, async () => {
    const peer = make()
    {
      await using client = await Client.open(peer.connector)
      await client.call('a')
    }
    await settled()
    assert.is(peer.closes, 1)
  })
}

test('answers without their list are broken, and say so', async () => {
  const empty: Script = () => ({ ttlMs: 0, cacheScope: 'private' })
  const peer = stateless({ 'tools/call': empty, 'resources/read': empty, 'prompts/get': empty, 'tools/list': empty })
  const client = await Client.open(peer.connector)
  for (const answer of [client.call('a'), client.read('a://b'), client.prompt('p'), client.tools()]) {
    const fault = await failureOf(answer)
    assert.is(fault['fault'], 'INVALID_REQUEST')
    assert.match(fault.message, 'malformed answer')
  }
})

test('listeners are taken off again', async () => {
  const peer = stateless()
  const client = await Client.open(peer.connector)
  let heard = 0
  const off = client.on('log.received', () => void heard++)
  peer.notify('notifications/message', { level: 'info', data: 1 })
  off()
  peer.notify('notifications/message', { level: 'info', data: 2 })
  assert.is(heard, 1)
})

test('a connector that cannot connect rejects as it does', async () => {
  const connector = { transport: 'broken', connect: () => Promise.reject(new Error('ENOENT')) }
  assert.is((await failureOf(Client.open(connector))).message, 'ENOENT')
})

test.run()
