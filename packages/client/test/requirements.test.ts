/** Requirements that no other file is about, each by its id. */
import { META } from '@oarlock/protocol'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Client } from '../src/client.ts'
import { displayIcons } from '../src/display.ts'
import { failureOf, type Script, sessional, settled, SILENCE, stateless } from './scripted.ts'

const test = suite('requirements')

const text = (value: string): object => ({ content: [{ type: 'text', text: value }] })

test('C-VER-13: what a server calls itself changes nothing of what is sent', async () => {
  const sent = async (name: string): Promise<string[]> => {
    const peer = stateless({
      'server/discover': () => ({
        supportedVersions: ['2026-07-28'],
        capabilities: { tools: {} },
        ttlMs: 0,
        cacheScope: 'public',
        _meta: { [META.serverInfo]: { name, version: '1' } },
      }),
      'tools/call': () => text('x'),
    })
    const client = await Client.open(peer.connector)
    await client.call('a')
    return peer.sent.map(({ frame }) => frame.text)
  }
  assert.equal(await sent('trusted-by-everybody'), await sent('unknown'))
})

test('C-VER-14: nobody has to ask for a description; what it says is used once somebody did', async () => {
  const peer = stateless(
    { 'tools/call': () => text('x'), 'tools/list': () => ({ tools: [], ttlMs: 0, cacheScope: 'public' }) },
    { headers: true },
    { tools: {} },
  )
  const client = await Client.open(peer.connector, { revision: '2026-07-28', strict: true })
  assert.is(client.server, undefined)
  assert.is(await client.call('a'), 'x')
  assert.is(peer.all('server/discover').length, 0)
  await client.discover()
  assert.equal(client.server?.capabilities, { tools: {} })
  assert.is((await failureOf(client.prompts()))['code'], 'UNSUPPORTED')
})

test('C-XH-08: a parameter that is mirrored as Method has a header of its own', async () => {
  const inputSchema = { type: 'object', properties: { method: { type: 'string', 'x-mcp-header': 'Method' } } }
  const peer = stateless(
    { 'tools/list': () => ({ tools: [{ name: 'a', inputSchema }], ttlMs: 0, cacheScope: 'public' }), 'tools/call': () => text('x') },
    { headers: true },
  )
  const client = await Client.open(peer.connector)
  await client.tools()
  await client.call('a', { method: 'fast' })
  const headers = peer.all('tools/call')[0]?.frame.headers
  assert.equal([headers?.['Mcp-Param-Method'], headers?.['Mcp-Method']], ['fast', 'tools/call'])
})

const acknowledge: Script = (params, { id }, peer) => {
  peer.notify('notifications/subscriptions/acknowledged', { notifications: params['notifications'], _meta: { [META.subscription]: id } })
  return SILENCE
}

test('C-STD-05: news on one connection goes to the subscription it names', async () => {
  const peer = stateless({ 'subscriptions/listen': acknowledge }, {}, { tools: { listChanged: true } })
  const client = await Client.open(peer.connector)
  const [one, two] = [client.listen({ tools: true }), client.listen({ tools: true })]
  await Promise.all([one.ready, two.ready])
  const id = peer.all('subscriptions/listen')[1]?.id
  peer.notify('notifications/tools/list_changed', { _meta: { [META.subscription]: id } })
  assert.equal((await two.next()).value, { kind: 'tools' })
  let heard = false
  void one.next().then(({ done }) => (heard = done !== true))
  await settled()
  assert.is(heard, false)
  one.close()
  two.close()
  await client.close()
})

test('C-MRTR-06: a result without a type is final, whatever else it holds', async () => {
  const peer = stateless({ 'tools/call': () => SILENCE }, { lax: true })
  const client = await Client.open(peer.connector, { answers: { roots: [] } })
  const call = client.callRaw('a')
  const { id } = await peer.next(({ method }) => method === 'tools/call')
  peer.raw(
    JSON.stringify({ jsonrpc: '2.0', id, result: { content: [], inputRequests: { x: { method: 'roots/list' } }, requestState: 's' } }),
  )
  assert.equal((await call).content, [])
  assert.is(peer.all('tools/call').length, 1)
})

test('C-MRTR-12: questions of one round are answered side by side, and not more of them than is sane', async () => {
  const questions = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`q${i}`, { method: 'roots/list' }]))
  let count = 3
  const peer = stateless({
    'tools/call': ({ inputResponses }) =>
      inputResponses === undefined ? { resultType: 'input_required', inputRequests: questions(count) } : text('done'),
  })
  let open = 0
  let most = 0
  const roots = async (): Promise<[]> => {
    most = Math.max(most, ++open)
    await settled()
    open -= 1
    return []
  }
  const client = await Client.open(peer.connector, { answers: { roots } })
  assert.is(await client.call('a'), 'done')
  assert.is(most, 3)
  count = 65
  assert.match((await failureOf(client.call('a'))).message, 'more than 64 questions')
})

test('C-UTIL-09: pages may have any size, also none', async () => {
  const sizes = [0, 3, 0, 1]
  const page: Script = ({ cursor }) => {
    const index = cursor === undefined ? 0 : Number(cursor)
    const tools = Array.from({ length: sizes[index] as number }, (_, i) => ({ name: `t${index}-${i}`, inputSchema: { type: 'object' } }))
    return { tools, ...(index + 1 < sizes.length && { nextCursor: String(index + 1) }), ttlMs: 0, cacheScope: 'public' }
  }
  const client = await Client.open(stateless({ 'tools/list': page }).connector)
  assert.equal(
    (await client.tools()).map(({ name }) => name),
    ['t1-0', 't1-1', 't1-2', 't3-0'],
  )
})

test('C-UTIL-14: whoever cancels sees at once that it was, and by whom', async () => {
  const client = await Client.open(stateless({ 'tools/call': () => SILENCE }).connector)
  const controller = new AbortController()
  const call = failureOf(client.call('a', {}, { signal: controller.signal }))
  controller.abort('the user')
  const failed = await call
  assert.equal([failed['code'], failed.cause], ['CANCELLED', 'the user'])
})

test('C-TOOL-07: schemas are passed on as they came, with every keyword', async () => {
  const inputSchema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    $defs: { a: { $anchor: 'a', type: 'string' } },
    properties: { x: { $ref: '#a', 'x-vendor': { deep: [1] } } },
    unevaluatedProperties: false,
  }
  for (const peer of [
    stateless({ 'tools/list': () => ({ tools: [{ name: 'a', inputSchema, extra: 1 }], ttlMs: 1e6, cacheScope: 'public' }) }),
    sessional('2025-11-25', { 'tools/list': () => ({ tools: [{ name: 'a', inputSchema, extra: 1 }] }) }),
  ]) {
    const client = await Client.open(peer.connector)
    assert.equal(await client.tools(), [{ name: 'a', inputSchema, extra: 1 }])
    assert.equal(await client.tools(), [{ name: 'a', inputSchema, extra: 1 }])
  }
})

test('C-TOOL-10: a list that never ends is not followed for ever, and what is remembered of one is bounded', async () => {
  let at = 0
  const endless: Script = () => ({
    tools: [{ name: `t${at}`, inputSchema: { type: 'object' } }],
    nextCursor: String(++at),
    ttlMs: 0,
    cacheScope: 'public',
  })
  const client = await Client.open(stateless({ 'tools/list': endless }).connector, { maxPages: 20 })
  assert.match((await failureOf(client.tools())).message, 'more than 20 pages')
})

test('C-SEC-02: icons from anywhere but https and data are left out', () => {
  const shown = ['https://a.example/i.png', 'data:image/png;base64,AA==', 'data:image/svg+xml;utf8,<svg/>']
  const hidden = [
    'http://a.example/i.png',
    'javascript:alert(1)',
    'file:///etc/passwd',
    'ftp://a/i',
    'ws://a/i',
    'data:text/html,<script>',
    'i.png',
    '',
  ]
  assert.equal(
    displayIcons([...shown, ...hidden].map(src => ({ src }))).map(({ src }) => src),
    shown,
  )
  assert.equal(displayIcons(undefined), [])
})

test('C-HTTP-13, C-SEC-03: a client fetches no icon, so none is fetched with credentials', async () => {
  const { fetch } = globalThis
  let fetched = 0
  globalThis.fetch = () => (fetched++, Promise.reject(new Error('no')))
  try {
    const icons = [{ src: 'https://a.example/i.png' }]
    const peer = stateless({
      'tools/list': () => ({ tools: [{ name: 'a', inputSchema: { type: 'object' }, icons }], ttlMs: 0, cacheScope: 'public' }),
    })
    const client = await Client.open(peer.connector)
    assert.equal((await client.tools())[0]?.icons, icons)
  } finally {
    globalThis.fetch = fetch
  }
  assert.is(fetched, 0)
})

test.run()
