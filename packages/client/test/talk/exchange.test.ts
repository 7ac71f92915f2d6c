/** The stateless conversation: the envelope, headers, result types, what is never sent. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { fakeClock, type JsonObject, META, Unsupported } from '@oarlock/protocol'
import { Client } from '../../src/client.ts'
import type { ClientOptions } from '../../src/options.ts'
import { failureOf, type Peer, type PeerOptions, Refusal, type Script, type Sent, settled, SILENCE, stateless } from '../scripted.ts'

const test = suite('exchange')

const echo: Script = () => ({ content: [{ type: 'text', text: 'done' }] })
const list =
  (...tools: object[]): Script =>
  () => ({ tools, ttlMs: 0, cacheScope: 'public' })
const metaOf = (sent: Sent | undefined): JsonObject => (sent?.params['_meta'] ?? {}) as JsonObject

async function opened(
  script: Readonly<Record<string, Script>> = {},
  options?: ClientOptions,
  peerOptions?: PeerOptions,
): Promise<{ client: Client; peer: Peer; warnings: string[] }> {
  const peer = stateless({ 'tools/call': echo, ...script }, peerOptions)
  const client = await Client.open(peer.connector, options)
  const warnings: string[] = []
  client.on('warning.reported', ({ message }) => void warnings.push(message))
  return { client, peer, warnings }
}

test('C-META-01, C-META-02: every request says its revision, capabilities and client', async () => {
  const page = { ttlMs: 0, cacheScope: 'private' }
  const { client, peer } = await opened(
    {
      'tools/list': list(),
      'resources/read': () => ({ contents: [], ...page }),
      'prompts/get': () => ({ messages: [] }),
      'completion/complete': () => ({ completion: { values: [] } }),
    },
    {
      name: 'tester',
      version: '3.1.4',
      answers: { elicit: { form: () => ({ action: 'cancel' }), url: () => ({ action: 'cancel' }) }, roots: [] },
    },
  )
  await client.call('add', { a: 1 })
  await client.tools()
  await client.read('a://b')
  await client.prompt('p')
  await client.complete({ type: 'ref/prompt', name: 'p' }, { name: 'x', value: '' })
  assert.is(peer.sent.length, 6)
  for (const sent of peer.sent) {
    assert.equal(metaOf(sent), {
      [META.version]: '2026-07-28',
      [META.capabilities]: { elicitation: { form: {}, url: {} }, roots: {} },
      [META.clientInfo]: { name: 'tester', version: '3.1.4' },
    })
  }
})

test('C-META-03: capabilities follow the handlers, also those that come later', async () => {
  const { client, peer } = await opened({}, { extensions: [{ id: 'com.example/x', settings: { deep: true } }] })
  await client.call('a')
  await client.answer({ sample: { handle: () => ({ role: 'assistant', content: { type: 'text', text: '' }, model: 'm' }), tools: true } })
  await client.call('b')
  await client.answer({ sample: undefined })
  await client.call('c')
  const extensions = { 'com.example/x': { deep: true } }
  assert.equal(
    peer.all('tools/call').map(sent => metaOf(sent)[META.capabilities]),
    [{ extensions }, { sampling: { tools: {} }, extensions }, { extensions }],
  )
})

test('C-META-04: a progress token goes out only where somebody listens, and is the id', async () => {
  const { client, peer } = await opened()
  await client.call('a')
  await client.call('b', {}, { onProgress: () => {} })
  const off = client.on('progress.received', () => {})
  await client.call('c')
  off()
  await client.call('d')
  assert.equal(
    peer.all('tools/call').map(sent => [metaOf(sent)['progressToken'], sent.id]),
    [
      [undefined, 2],
      [3, 3],
      [4, 4],
      [undefined, 5],
    ],
  )
})

test('C-META-04: a log level rides in every request once it is asked for', async () => {
  const { client, peer } = await opened({}, { logLevel: 'warning' })
  await client.call('a')
  await client.setLogLevel('debug')
  await client.call('b')
  assert.equal(
    peer.all('tools/call').map(sent => metaOf(sent)[META.logLevel]),
    ['warning', 'debug'],
  )
  assert.equal(peer.all('logging/setLevel'), [])
})

test('C-META-05: metadata of the caller is merged, and cannot replace what the protocol reserves', async () => {
  const { client, peer } = await opened()
  await client.call('a', {}, { meta: { 'com.example/tenant': { id: 7 }, [META.version]: '1999-01-01', progressToken: 'mine' } })
  await client.raw.callTool({ name: 'b', _meta: { own: true } }, { meta: { added: [1] } })
  const [a, b] = peer.all('tools/call')
  assert.equal(metaOf(a)['com.example/tenant'], { id: 7 })
  assert.is(metaOf(a)[META.version], '2026-07-28')
  assert.is(metaOf(a)['progressToken'], undefined)
  assert.equal([metaOf(b)['own'], metaOf(b)['added']], [true, [1]])
})

test('C-MSG-02, C-MSG-08: a request of the server is ignored and reported, never answered', async () => {
  const { client, peer, warnings } = await opened({}, { answers: { roots: [] } })
  peer.ask(1, 'roots/list')
  peer.ask(2, 'ping')
  await client.call('a')
  assert.is(warnings.length, 2)
  assert.equal(
    peer.sent.filter(({ frame }) => frame.kind === 'reply'),
    [],
  )
})

test('a batch is ignored and reported', async () => {
  const { client, peer, warnings } = await opened()
  peer.raw('[{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}]')
  assert.equal(warnings, ['The server sent a batch, which this revision does not have'])
  await client.call('a')
})

test('C-MSG-03: a result without a type is complete', async () => {
  const { client } = await opened({ 'tools/call': () => ({ resultType: undefined, content: [{ type: 'text', text: 'plain' }] }) })
  assert.is(await client.call('a'), 'plain')
})

test('C-MSG-03: a result of an unknown type is broken', async () => {
  for (const resultType of ['task', 'Complete', '', 7, null]) {
    const { client } = await opened({ 'tools/call': () => ({ resultType, content: [] }) })
    assert.is((await failureOf(client.call('a')))['fault'], 'INVALID_REQUEST')
  }
})

test('C-MSG-04: a type of an extension is taken where that extension was declared and has it, and nowhere else', async () => {
  const task: Script = () => ({ resultType: 'task', taskId: '1' })
  const { client } = await opened(
    { 'tools/call': task, 'prompts/get': task },
    { extensions: [{ id: 'com.example/tasks', results: { 'tools/call': ['task'] } }] },
  )
  assert.equal(await client.raw.request('tools/call' as string, { name: 'a' }), { resultType: 'task', taskId: '1' })
  assert.is((await failureOf(client.prompt('a')))['fault'], 'INVALID_REQUEST')
})

test('C-MSG-06: unknown fields and notifications disturb nobody', async () => {
  const { client, peer, warnings } = await opened({ 'tools/call': () => ({ content: [{ type: 'text', text: 'a', later: {} }], later: 1 }) })
  const notices: unknown[] = []
  client.on('notice.received', event => void notices.push(event))
  peer.notify('notifications/com.example/hello', { x: 1 })
  assert.is(await client.call('a'), 'a')
  assert.equal(notices, [{ method: 'notifications/com.example/hello', params: { x: 1 } }])
  assert.equal(warnings, [])
})

test('C-MSG-10: what is no message is reported; where it carries the id of a request, that request fails', async () => {
  const { client, peer, warnings } = await opened({ 'tools/call': () => SILENCE })
  const [first, second] = [client.call('a'), client.call('b')]
  await peer.next(({ id }) => id === 3)
  peer.raw('{"jsonrpc":"2.0","id":2,"result":"text"}')
  peer.raw('not json')
  assert.is((await failureOf(first))['fault'], 'INVALID_REQUEST')
  assert.is(warnings.length, 2)
  peer.reply(3, { content: [{ type: 'text', text: 'b' }] })
  assert.is(await second, 'b')
})

test('C-MSG-11: methods of other revisions are refused here and never sent', async () => {
  const { client, peer } = await opened()
  for (const method of ['initialize', 'ping', 'logging/setLevel', 'resources/subscribe', 'resources/unsubscribe', 'roots/list']) {
    assert.ok(Unsupported.is(await failureOf(client.raw.request(method))), method)
  }
  assert.throws(() => client.notify('notifications/initialized'), Unsupported.is)
  await client.ping()
  client.notifyRootsChanged()
  assert.equal(
    peer.sent.map(({ method }) => method),
    ['server/discover', 'server/discover'],
  )
})

test('C-VER-15: in strict mode what the server does not offer is refused here', async () => {
  const { client, peer } = await opened({}, { strict: true })
  const fault = await failureOf(client.read('a://b'))
  assert.ok(Unsupported.is(fault))
  assert.match(fault.message, 'resources')
  assert.is(await client.call('a'), 'done')
  assert.is(peer.all('resources/read').length, 0)
})

test('C-STD-04: cancelling on a link is a notification that names the request', async () => {
  const { client, peer } = await opened({ 'tools/call': () => SILENCE })
  const controller = new AbortController()
  const call = client.call('a', {}, { signal: controller.signal })
  await peer.next(({ method }) => method === 'tools/call')
  controller.abort('changed my mind')
  assert.is((await failureOf(call))['code'], 'CANCELLED')
  const [cancel] = peer.all('notifications/cancelled')
  assert.equal(cancel?.params, { requestId: 2, reason: 'Cancelled: changed my mind' })
  peer.reply(2, { content: [] })
})

test('C-HTTP-07: cancelling with headers closes the response stream and sends nothing', async () => {
  const { client, peer } = await opened({ 'tools/call': () => SILENCE }, {}, { headers: true })
  const controller = new AbortController()
  const call = client.call('a', {}, { signal: controller.signal })
  await peer.next(({ method }) => method === 'tools/call')
  controller.abort()
  assert.is((await failureOf(call))['code'], 'CANCELLED')
  assert.equal(peer.abandoned, [2])
  assert.equal(peer.all('notifications/cancelled'), [])
})

test('C-UTIL-01: a timeout cancels as a caller does', async () => {
  const clock = fakeClock()
  const { client, peer } = await opened({ 'tools/call': () => SILENCE }, { clock, timeout: 500 })
  const call = client.call('a')
  await peer.next(({ method }) => method === 'tools/call')
  clock.advance(500)
  assert.is((await failureOf(call))['code'], 'TIMED_OUT')
  assert.is(peer.all('notifications/cancelled').length, 1)
})

test('C-UTIL-03, C-UTIL-13: progress reaches its own request, until that is answered', async () => {
  const { client, peer } = await opened({ 'tools/call': () => SILENCE })
  const seen: unknown[] = []
  const events: unknown[] = []
  client.on('progress.received', event => void events.push([event.id, event.progress]))
  const a = client.call('a', {}, { onProgress: ({ progress, total, message }) => void seen.push(['a', progress, total, message]) })
  const b = client.call('b', {}, { onProgress: ({ progress }) => void seen.push(['b', progress]) })
  await peer.next(({ id }) => id === 3)
  peer.notify('notifications/progress', { progressToken: 3, progress: 1 })
  peer.notify('notifications/progress', { progressToken: 2, progress: 5, total: 9, message: 'half' })
  peer.notify('notifications/progress', { progressToken: '2', progress: 6 })
  peer.notify('notifications/progress', { progressToken: 99, progress: 6 })
  peer.notify('notifications/progress', { progressToken: 2, progress: 'x' })
  peer.notify('notifications/progress', { progressToken: 2, progress: 4 })
  peer.reply(2, { content: [] })
  peer.notify('notifications/progress', { progressToken: 2, progress: 7 })
  peer.reply(3, { content: [] })
  await Promise.all([a, b])
  assert.equal(seen, [
    ['b', 1],
    ['a', 5, 9, 'half'],
    ['a', 4, undefined, undefined],
  ])
  assert.equal(events, [
    [3, 1],
    [2, 5],
    [2, 4],
  ])
})

test('C-UTIL-02: progress keeps a request waiting, up to the maximum', async () => {
  const clock = fakeClock()
  const { client, peer } = await opened({ 'tools/call': () => SILENCE }, { clock, timeout: 500, maxTimeout: 1200 })
  const call = failureOf(client.call('a', {}, { onProgress: () => {} }))
  await peer.next(({ method }) => method === 'tools/call')
  for (const progress of [1, 2]) {
    clock.advance(450)
    peer.notify('notifications/progress', { progressToken: 2, progress })
  }
  assert.is(peer.all('notifications/cancelled').length, 0)
  clock.advance(300)
  assert.is((await call)['code'], 'TIMED_OUT')
})

test('a listener or progress callback that throws is reported and costs nobody an answer', async () => {
  const { client, peer, warnings } = await opened({ 'tools/call': () => SILENCE })
  client.on('log.received', () => {
    throw new Error('listener')
  })
  const boom = (): never => {
    throw new Error('callback')
  }
  const call = client.call('a', {}, { onProgress: boom })
  await peer.next(({ id }) => id === 2)
  peer.notify('notifications/progress', { progressToken: 2, progress: 1 })
  peer.notify('notifications/message', { level: 'info', data: 'x' })
  peer.reply(2, { content: [{ type: 'text', text: 'still' }] })
  assert.is(await call, 'still')
  assert.equal(warnings, ['onProgress threw', 'A listener of "log.received" threw'])
})

test('C-UTIL-11: log messages arrive with level, logger and data, unknown levels too', async () => {
  const { client, peer } = await opened()
  const logs: unknown[] = []
  client.on('log.received', event => void logs.push(event))
  peer.notify('notifications/message', { level: 'notice', logger: 'db', data: { rows: 3 } })
  peer.notify('notifications/message', { level: 'verbose', data: 'x' })
  assert.equal(logs, [
    { level: 'notice', logger: 'db', data: { rows: 3 } },
    { level: 'verbose', logger: undefined, data: 'x' },
  ])
})

test('C-HTTP-02 to 05: headers repeat revision, method and name, encoded where they must be', async () => {
  const page = { contents: [], ttlMs: 0, cacheScope: 'private' }
  const { client, peer } = await opened(
    { 'tools/list': list(), 'resources/read': () => page, 'prompts/get': () => ({ messages: [] }) },
    {},
    { headers: true },
  )
  await client.tools()
  await client.call('a tool')
  await client.call('käse')
  await client.read('file:///a%20b')
  await client.prompt('=?base64?x?=')
  client.notify('notifications/com.example/hello')
  const [discover, ...rest] = peer.sent.map(({ frame }) => frame.headers)
  const base = { 'MCP-Protocol-Version': '2026-07-28' }
  assert.equal(discover, { ...base, 'Mcp-Method': 'server/discover' })
  assert.equal(rest, [
    { ...base, 'Mcp-Method': 'tools/list' },
    { ...base, 'Mcp-Method': 'tools/call', 'Mcp-Name': 'a tool' },
    { ...base, 'Mcp-Method': 'tools/call', 'Mcp-Name': '=?base64?a8Okc2U=?=' },
    { ...base, 'Mcp-Method': 'resources/read', 'Mcp-Name': 'file:///a%20b' },
    { ...base, 'Mcp-Method': 'prompts/get', 'Mcp-Name': '=?base64?PT9iYXNlNjQ/eD89?=' },
    { ...base, 'Mcp-Method': 'notifications/com.example/hello' },
  ])
})

test('without headers there are none', async () => {
  const { client, peer } = await opened()
  await client.call('a')
  for (const { frame } of peer.sent) assert.is(frame.headers, undefined)
})

const REGION = {
  name: 'deploy',
  inputSchema: {
    type: 'object',
    properties: { region: { type: 'string', 'x-mcp-header': 'Region' }, n: { type: 'integer', 'x-mcp-header': 'N' } },
  },
}

test('C-XH-01, C-XH-02: annotated arguments are mirrored once the list was seen; null and absent ones are not', async () => {
  const { client, peer } = await opened({ 'tools/list': list(REGION) }, {}, { headers: true })
  await client.tools()
  await client.call('deploy', { region: 'köln', n: 0, other: 'x' })
  await client.call('deploy', { region: '', n: null })
  await client.call('deploy')
  const params = peer
    .all('tools/call')
    .map(({ frame }) => Object.entries(frame.headers ?? {}).filter(([name]) => name.startsWith('Mcp-Param-')))
  assert.equal(params, [
    [
      ['Mcp-Param-Region', '=?base64?a8O2bG4=?='],
      ['Mcp-Param-N', '0'],
    ],
    [['Mcp-Param-Region', '']],
    [],
  ])
})

test('C-HTTP-14, C-XH-09: a mismatch of parameter headers refreshes the list and is tried once more', async () => {
  const call: Script = (_params, { frame }) => {
    if (frame.headers?.['Mcp-Param-Region'] === undefined) throw new Refusal(-32020, 'Mcp-Param-Region is missing')
    return { content: [{ type: 'text', text: 'deployed' }] }
  }
  let calls = 0
  const pages: Script = params => {
    calls++
    return params['cursor'] === undefined
      ? { tools: [], nextCursor: '', ttlMs: 0, cacheScope: 'public' }
      : { tools: [REGION], ttlMs: 0, cacheScope: 'public' }
  }
  const { client, peer } = await opened({ 'tools/call': call, 'tools/list': pages }, {}, { headers: true })
  assert.is(await client.call('deploy', { region: 'eu' }), 'deployed')
  assert.is(calls, 2)
  assert.equal(
    peer.all('tools/call').map(({ id }) => id),
    [2, 5],
  )
  const again = await failureOf(client.call('deploy', { region: null }))
  assert.is(again['code'], -32020)
  assert.is(peer.all('tools/call').length, 4)
})

test('C-HTTP-14: a mismatch that the list cannot explain is not tried again', async () => {
  const { client, peer } = await opened(
    {
      'tools/call': () => {
        throw new Refusal(-32020)
      },
      'tools/list': list(),
    },
    {},
    { headers: true },
  )
  assert.is((await failureOf(client.call('a')))['fault'], 'HEADER_MISMATCH')
  assert.is(peer.all('tools/call').length, 1)
})

test('C-XH-05, C-XH-06: tools with invalid annotations are left out with a warning; the others stay as they came', async () => {
  const good = { name: 'good', inputSchema: { type: 'object', $anchor: 'x', 'x-own': 1 } }
  const bad = { name: 'bad', inputSchema: { type: 'object', properties: { a: { type: 'number', 'x-mcp-header': 'A' } } } }
  const { client, warnings } = await opened({ 'tools/list': list(good, bad) }, {}, { headers: true })
  assert.equal(await client.tools(), [good])
  assert.is(warnings.length, 1)
  assert.match(warnings[0] as string, /bad.*"number"/)
})

test('C-XH-07: where there are no headers, annotations do not matter', async () => {
  const bad = { name: 'bad', inputSchema: { type: 'object', properties: { a: { type: 'number', 'x-mcp-header': 'A' } } } }
  const { client } = await opened({ 'tools/list': list(bad) })
  assert.equal(await client.tools(), [bad])
})

test('a request that the transport gives up on fails, and only that', async () => {
  const { client, peer } = await opened({ 'tools/call': () => SILENCE })
  const [a, b] = [client.call('a'), client.call('b')]
  await peer.next(({ id }) => id === 3)
  peer.fail(2, new Error('the stream broke'))
  assert.is((await failureOf(a)).message, 'the stream broke')
  peer.reply(3, { content: [{ type: 'text', text: 'b' }] })
  assert.is(await b, 'b')
})

test('arguments that are no JSON fail before anything is sent, and use up no id', async () => {
  const { client, peer } = await opened()
  assert.instance(await failureOf(client.call('a', { big: 1n })), TypeError)
  await client.call('b')
  assert.equal(
    peer.all('tools/call').map(({ id }) => id),
    [2],
  )
})

test('row 15, T8: names and arguments like __proto__ are data', async () => {
  const { client, peer } = await opened()
  await client.call('__proto__', JSON.parse('{"__proto__":{"a":1},"constructor":2}'))
  assert.match(peer.all('tools/call')[0]?.frame.text as string, '"name":"__proto__","arguments":{"__proto__":{"a":1},"constructor":2}')
})

test('a client that does not heal fails calls at once, and listeners learn of an end they did not ask for', async () => {
  const { client, peer } = await opened({ 'tools/call': () => SILENCE }, { heal: false })
  const causes: unknown[] = []
  client.on('connection.closed', ({ cause }) => void causes.push(cause))
  const call = client.call('a')
  await peer.next(({ id }) => id === 2)
  const cause = new Error('EPIPE')
  peer.drop(cause)
  const fault = await failureOf(call)
  assert.is(fault['code'], 'CONNECTION_CLOSED')
  assert.is(fault.cause, cause)
  assert.is((await failureOf(client.call('b')))['code'], 'CONNECTION_CLOSED')
  assert.equal(causes, [cause])
})

test('closing is told to listeners once, without a cause, and resolves when the transport is done', async () => {
  const { client, peer } = await opened({ 'tools/call': () => SILENCE })
  const causes: unknown[] = []
  client.on('connection.closed', event => void causes.push(event))
  const call = client.call('a')
  const failed = failureOf(call)
  await Promise.all([client.close(), client.close()])
  assert.is((await failed)['code'], 'CONNECTION_CLOSED')
  assert.equal(causes, [{ cause: undefined }])
  assert.is(peer.closes, 1)
  await settled()
})

test.run()
