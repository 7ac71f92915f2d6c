/** Layers around requests, consent among them. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Client } from '../src/client.ts'
import { consent, type ConsentQuestion } from '../src/consent.ts'
import type { ClientMiddleware } from '../src/middleware.ts'
import { failureOf, stateless } from './scripted.ts'

const test = suite('middleware')

const text = (value: string): object => ({ content: [{ type: 'text', text: value }] })
const TOOLS = [
  { name: 'look', title: 'Look', inputSchema: { type: 'object' }, annotations: { readOnlyHint: true } },
  { name: 'pay', inputSchema: { type: 'object' } },
]

async function opened(): Promise<{ client: Client; peer: ReturnType<typeof stateless> }> {
  const peer = stateless({
    'tools/list': () => ({ tools: TOOLS, ttlMs: 1e6, cacheScope: 'public' }),
    'tools/call': ({ name, arguments: args }) => text(`${String(name)} ${JSON.stringify(args)}`),
  })
  return { client: await Client.open(peer.connector), peer }
}

test('layers run in the order they were added, the first outermost, those of a method only for it', async () => {
  const { client } = await opened()
  const order: string[] = []
  const layer =
    (name: string): ClientMiddleware =>
    async (_call, next) => {
      order.push(name)
      const result = await next()
      order.push(`/${name}`)
      return result
    }
  client.use(layer('a')).use('tools/call', layer('b')).use('prompts/get', layer('c')).use(layer('d'))
  await client.call('pay')
  assert.equal(order.splice(0), ['a', 'b', 'd', '/d', '/b', '/a'])
  await client.tools()
  assert.equal(order, ['a', 'd', '/d', '/a'])
})

test('a layer sees what is called, may change what is sent and what comes back, and answers itself if it likes', async () => {
  const { client, peer } = await opened()
  await client.tools()
  const seen: unknown[] = []
  client.use('tools/call', async (call, next, ctx) => {
    seen.push(call.method, call.name, ctx.tool?.title, ctx.revision, ctx.server?.info?.name)
    call.params = { ...call.params, arguments: { changed: true } }
    const result = await next()
    return { ...result, content: [...(result['content'] as object[]), { type: 'text', text: 'seen' }] }
  })
  assert.is(await client.call('look', { a: 1 }), 'look {"changed":true}\nseen')
  assert.equal(seen, ['tools/call', 'look', 'Look', '2026-07-28', 'calculator'])
  client.use('resources/read', () => ({ contents: [] }))
  assert.equal(await client.read('a://b'), [])
  assert.is(peer.all('resources/read').length, 0)
})

test('C-TOOL-04, C-TOOL-11: every call of a tool can be denied, its inputs being shown', async () => {
  const { client, peer } = await opened()
  const asked: ConsentQuestion[] = []
  client.use('tools/call', consent({ ask: question => (asked.push(question), question.tool !== 'pay') }))
  assert.is((await failureOf(client.call('pay', { amount: 5 })))['code'], 'REJECTED')
  assert.is(peer.all('tools/call').length, 0)
  assert.equal([asked[0]?.tool, asked[0]?.args], ['pay', { amount: 5 }])
  assert.is(await client.call('look'), 'look {}')
})

test('C-TOOL-01: a tool that says it only reads is asked about too, unless its server is trusted', async () => {
  for (const trusted of [false, true]) {
    const { client } = await opened()
    await client.tools()
    let asked = 0
    client.use('tools/call', consent({ trusted, ask: () => (asked++, Promise.resolve(true)) }))
    await client.call('look')
    await client.call('pay')
    assert.is(asked, trusted ? 1 : 2)
  }
})

test.run()
