import { fakeClock, type Principal, type SessionRecord } from '@oarlock/protocol'
import type { Context } from '@oarlock/kernel'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { by, messagesOf, promised, quiet, reports } from '../stage.ts'
import { settled, textOf, Wire, type Json, type Received } from '../wire.ts'

const test = suite('session')
const SESSIONS = ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'] as const
const CLIENT = { name: 'wire', version: '0' }

function stage(options: Parameters<typeof quiet>[0] = {}) {
  const clock = fakeClock()
  const server = quiet({ clock, ...options })
  server.tool('t', { description: 'd' }, (_args, ctx: Context) => {
    for (const level of ['debug', 'info', 'error'] as const) ctx.log[level](level)
    return 't'
  })
  server.resource('a', { uri: 'x://a', description: 'd' }, () => 'a')
  server.resource('b', { uri: 'x://b', description: 'd' }, () => 'b')
  return { server, clock, wire: new Wire(server) }
}
const levels = (wire: Wire): unknown[] => wire.of('notifications/message').map(({ params }) => params['level'])

test('S-LEG-02, S-VER-21: a revision that both speak is spoken; the answer says what the server is and can do', async () => {
  for (const revision of SESSIONS) {
    const { server } = stage({ instructions: 'Be nice.', title: 'Test', websiteUrl: 'https://example.com' })
    const { result } = await new Wire(server).initialize(revision)
    assert.is(result['protocolVersion'], revision)
    assert.is(result['instructions'], 'Be nice.')
    assert.equal(result['capabilities'], { tools: { listChanged: true }, resources: { subscribe: true, listChanged: true }, logging: {} })
    const info = result['serverInfo'] as Json
    assert.equal(
      [info['name'], 'title' in info, 'websiteUrl' in info],
      ['test', revision >= '2025-06-18', revision >= '2025-11-25'],
      'S-LEG-10',
    )
  }
})

test('S-VER-22: any other revision is answered with the newest that has sessions', async () => {
  for (const revision of ['2026-07-28', '2099-01-01', '2024-10-07', '']) {
    const { wire } = stage()
    assert.is((await wire.initialize(revision as never)).result['protocolVersion'], '2025-11-25')
  }
  const { wire } = stage({ revisions: ['2024-11-05', '2025-03-26', '2026-07-28'] })
  assert.is((await wire.initialize('2025-06-18')).result['protocolVersion'], '2025-03-26')
})

test('S-MSG-12: a handshake that lacks something is invalid, and can be made again', async () => {
  const { wire } = stage()
  const good = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: CLIENT }
  for (const params of [
    undefined,
    {},
    { ...good, protocolVersion: 5 },
    { ...good, capabilities: undefined },
    { ...good, capabilities: [] },
    { ...good, clientInfo: undefined },
    { ...good, clientInfo: { name: 'x' } },
  ]) {
    assert.is((await wire.request('initialize', params)).error?.code, -32602, JSON.stringify(params))
  }
  assert.is((await wire.request('initialize', good)).result['protocolVersion'], '2025-06-18')
})

test('S-LEG-05: a second handshake is refused, and the first still holds', async () => {
  const { wire } = stage()
  await wire.initialize('2025-06-18')
  const again = await wire.request('initialize', { protocolVersion: '2024-11-05', capabilities: {}, clientInfo: CLIENT })
  assert.is(again.error?.code, -32600)
  assert.is(wire.receiver.session?.revision, '2025-06-18')
})

test('S-LEG-06: ping is answered at any time, also before the handshake and while closing', async () => {
  const { server, wire } = stage()
  assert.equal((await wire.request('ping')).result, {})
  await wire.initialize('2024-11-05')
  assert.equal((await wire.request('ping')).result, {})
  const closed = server.close()
  assert.equal((await wire.request('ping')).result, {})
  await closed
})

test('S-LEG-01: requests before the handshake are served, as of 2025-03-26', async () => {
  const { wire } = stage()
  const { tools } = (await wire.request('tools/list')).result as { tools: Json[] }
  assert.is(tools.length, 1)
  assert.is(wire.receiver.session, undefined)
})

test('S-LEG-01: a server that insists on the handshake serves nothing but ping before it, and all else after', async () => {
  const server = quiet({ requireInitialize: true })
  server.tool('t', { description: 'd' }, () => 'ok')
  const wire = new Wire(server)
  for (const method of ['tools/list', 'tools/call', 'logging/setLevel', 'resources/subscribe', 'nonsense']) {
    const { error } = await wire.request(method, { name: 't', level: 'info', uri: 'x://y' })
    assert.is(error?.code, -32600, method)
    assert.match(error?.message as string, 'Send initialize first')
  }
  assert.equal((await wire.request('ping')).result, {})
  assert.is((await wire.request('initialize', { protocolVersion: '2025-06-18' })).error?.code, -32602)
  assert.is((await wire.request('tools/list')).error?.code, -32600, 'a handshake that failed is none')
  await wire.initialize('2025-06-18')
  assert.equal((await wire.request('tools/list')).error, undefined)
  assert.equal((await new Wire(server).modern('tools/list')).error, undefined, 'without sessions there is no handshake')
})

test('S-LEG-03: nothing is told before the client said it is ready', async () => {
  const { server, clock, wire } = stage()
  await wire.request('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: CLIENT })
  server.tool('new', { description: 'd' }, () => '')
  clock.advance(50)
  assert.equal(wire.methods, [])
  wire.send({ method: 'notifications/initialized' })
  server.tool('newer', { description: 'd' }, () => '')
  clock.advance(50)
  assert.equal(wire.methods, ['notifications/tools/list_changed'])
})

test('S-MSG-10: methods of other revisions, of the server, and of nobody are not found', async () => {
  const { wire } = stage()
  await wire.initialize('2025-06-18')
  for (const method of [
    'server/discover',
    'subscriptions/listen',
    'tasks/get',
    'roots/list',
    'elicitation/create',
    'no/such',
    '',
    'constructor',
    'notifications/initialized',
  ]) {
    assert.is((await wire.request(method, {})).error?.code, -32601, method)
  }
})

test('S-LOG-05, S-LOG-06, S-LOG-07: the level is of the session, info until it is set', async () => {
  const { server, wire } = stage()
  const other = new Wire(server)
  await wire.initialize('2025-06-18')
  await other.initialize('2025-06-18')
  await wire.request('tools/call', { name: 't' })
  assert.equal(levels(wire), ['info', 'error'])
  assert.equal((await wire.request('logging/setLevel', { level: 'error' })).result, {})
  await wire.request('tools/call', { name: 't' })
  assert.equal(levels(wire), ['info', 'error', 'error'])
  await other.request('tools/call', { name: 't' })
  assert.equal(levels(other), ['info', 'error'])
  for (const level of ['loud', undefined, 5, 'INFO']) assert.is((await wire.request('logging/setLevel', { level })).error?.code, -32602)
})

test('S-RES-14: subscriptions are of the session, and end with unsubscribing', async () => {
  const { server, clock, wire } = stage()
  const other = new Wire(server)
  await wire.initialize('2025-06-18')
  await other.initialize('2025-06-18')
  for (const uri of ['x://a', 'x://b', 'x://a']) assert.equal((await wire.request('resources/subscribe', { uri })).result, {})
  const update = (uri: string): void => {
    server.resourceUpdated(uri)
    clock.advance(50)
  }
  update('x://a')
  assert.equal((await wire.request('resources/unsubscribe', { uri: 'x://a' })).result, {})
  assert.equal((await wire.request('resources/unsubscribe', { uri: 'x://never' })).result, {})
  update('x://a')
  update('x://b')
  assert.equal(
    wire.of('notifications/resources/updated').map(({ params }) => params),
    [{ uri: 'x://a' }, { uri: 'x://b' }],
  )
  assert.equal(other.methods, [])
  assert.is((await wire.request('resources/subscribe', { uri: 'x://nothing' })).error?.code, -32002)
  for (const method of ['resources/subscribe', 'resources/unsubscribe'])
    assert.is((await wire.request(method, { uri: 5 })).error?.code, -32602)
})

test('row 17: subscribed URIs are counted by caller, over all its sessions, and given back', async () => {
  const { server } = stage({ limits: { uris: 1 } })
  const session = async (head = by('ada')) => {
    const wire = new Wire(server, { head })
    await wire.initialize('2025-06-18')
    return wire
  }
  const subscribe = async (wire: Wire, uri: string) => (await wire.request('resources/subscribe', { uri })).error?.code
  const [one, two, bob] = [await session(), await session(), await session(by('bob'))]
  assert.equal(
    [await subscribe(one, 'x://a'), await subscribe(one, 'x://a'), await subscribe(two, 'x://b'), await subscribe(bob, 'x://b')],
    [undefined, undefined, 503, undefined],
  )
  await one.request('resources/unsubscribe', { uri: 'x://a' })
  assert.is(await subscribe(two, 'x://b'), undefined)
  two.close()
  assert.is(await subscribe(one, 'x://b'), undefined)
})

test('server middleware is around the methods that only sessions have, and they are events', async () => {
  const { server, wire } = stage()
  const seen: string[] = []
  server.use((call, next) => (seen.push(call.method), next()))
  const finished: string[] = []
  server.on('call.finished', ({ method, end }) => finished.push(`${method} ${end}`))
  await wire.initialize('2025-06-18')
  await wire.request('resources/subscribe', { uri: 'x://a' })
  await wire.request('logging/setLevel', { level: 'info' })
  await wire.request('resources/unsubscribe', { uri: 'x://a' })
  assert.equal(seen, ['resources/subscribe', 'logging/setLevel', 'resources/unsubscribe'])
  assert.is(finished.length, 3)
})

test('S-BAT-01, S-BAT-04, S-BAT-05: a batch is answered by one array without entries for notices', async () => {
  const { wire } = stage()
  await wire.initialize('2025-03-26')
  const replies = await wire.batch([
    { id: 'a', method: 'ping' },
    { method: 'notifications/cancelled', params: { requestId: 99 } },
    { id: 'b', method: 'no/such' },
    { id: 'c', method: 'tools/call', params: { name: 't' } },
    { id: null, method: 'ping' },
    { id: 99, result: {} },
  ])
  assert.equal(
    replies.map(({ id, error }) => [id, error?.code]),
    [
      ['a', undefined],
      ['b', -32601],
      ['c', undefined],
      [null, -32600],
    ],
  )
  assert.is(wire.frames.at(-1)?.id, 'a')
  const before = wire.frames.length
  wire.sendText('[{"jsonrpc":"2.0","method":"notifications/roots/list_changed"},{"jsonrpc":"2.0","id":98,"result":{}}]')
  assert.is(wire.frames.length, before)
})

test('S-BAT-02, T36: a handshake in a batch, and an id twice, are refused where they stand', async () => {
  const { server, wire } = stage()
  const gate = promised<string>()
  server.tool('wait', { description: 'd' }, () => gate.promise)
  const initialize = { id: 'i', method: 'initialize', params: { protocolVersion: '2025-03-26', capabilities: {}, clientInfo: CLIENT } }
  assert.is((await wire.batch([initialize]))[0]?.error?.code, -32600)
  await wire.initialize('2025-03-26')
  const call = { id: 'x', method: 'tools/call', params: { name: 'wait' } }
  const replies = wire.batch([call, call])
  assert.is(wire.receiver.inFlight, 1, 'the first is under way, and can be cancelled')
  gate.resolve('done')
  assert.equal(
    (await replies).map(({ error, ...message }) => error?.code ?? textOf(message as Received)),
    [-32600, 'done'],
  )
})

test('S-BAT-03, S-BAT-06: batches are of 2025-03-26 alone, and never empty', async () => {
  for (const revision of ['2024-11-05', '2025-06-18', '2025-11-25'] as const) {
    const { wire } = stage()
    await wire.initialize(revision)
    wire.sendText('[{"jsonrpc":"2.0","id":1,"method":"ping"}]')
    assert.is(wire.received.at(-1)?.error?.code, -32600, revision)
  }
  const { wire } = stage()
  await wire.initialize('2025-03-26')
  wire.sendText('[]')
  assert.is(wire.received.at(-1)?.error?.code, -32600)
  wire.sendText(
    '[{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}]',
  )
  assert.is(wire.received.at(-1)?.error?.code, -32600)
})

test('a batch whose requests were cancelled is answered by what is left, or not at all', async () => {
  const { server, wire } = stage()
  server.tool('wait', { description: 'd' }, () => new Promise(() => {}))
  await wire.initialize('2025-03-26')
  const wait = (id: string) => ({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'wait' } })
  const replies = wire.batch([wait('a'), { id: 'b', method: 'ping' }])
  wire.cancel('a')
  assert.equal(
    (await replies).map(({ id }) => id),
    ['b'],
  )
  const before = wire.frames.length
  wire.sendText(JSON.stringify([wait('c'), wait('d')]))
  wire.cancel('c')
  wire.cancel('d')
  await settled()
  assert.equal([wire.frames.length, wire.receiver.inFlight, server.busy], [before, 0, 3])
})

test('a session is continued from its record: revision, capabilities, level, subscriptions, values', async () => {
  const { server, wire } = stage()
  server.tool('visits', { description: 'd' }, (_args, ctx: Context) => {
    const count = ((ctx.session?.get('visits') as number | undefined) ?? 0) + 1
    ctx.session?.set('visits', count)
    return `${count} ${ctx.peer.info?.name ?? ''} ${String(ctx.can('sample'))} ${ctx.session?.id ?? ''}`
  })
  await wire.initialize('2025-06-18', { sampling: {} })
  await wire.request('logging/setLevel', { level: 'error' })
  await wire.request('resources/subscribe', { uri: 'x://a' })
  await wire.request('tools/call', { name: 'visits' })
  const record = JSON.parse(JSON.stringify(wire.receiver.session)) as SessionRecord
  wire.close()
  const other = stage()
  other.server.tool(
    'visits',
    { description: 'd' },
    (_args, ctx: Context) =>
      `${String(ctx.session?.get('visits'))} ${ctx.peer.info?.name ?? ''} ${String(ctx.can('sample'))} ${ctx.session?.id ?? ''}`,
  )
  const resumed = new Wire(other.server, { resume: record })
  assert.is(textOf(await resumed.request('tools/call', { name: 'visits' })), `1 wire true ${record.id}`)
  await resumed.request('tools/call', { name: 't' })
  assert.equal(levels(resumed), ['error'])
  other.server.resourceUpdated('x://a')
  other.server.tool('new', { description: 'd' }, () => '')
  other.clock.advance(50)
  assert.equal(resumed.methods.slice(1), ['notifications/resources/updated', 'notifications/tools/list_changed'])
  assert.is(
    (await resumed.request('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: CLIENT })).error?.code,
    -32600,
  )
  assert.equal(resumed.receiver.session, record)
})

test('what a continued session subscribed counts, and is given back when it ends', async () => {
  const { server } = stage({ limits: { uris: 1 } })
  const record: SessionRecord = {
    id: 's',
    owner: '',
    revision: '2025-06-18',
    info: CLIENT,
    capabilities: {},
    initialized: true,
    subscriptions: ['x://a'],
  }
  const wire = new Wire(server)
  await wire.initialize('2025-06-18')
  for (let turn = 0; turn < 3; turn += 1) {
    const resumed = new Wire(server, { resume: record })
    assert.is((await wire.request('resources/subscribe', { uri: 'x://b' })).error?.code, 503)
    resumed.close()
  }
  assert.equal((await wire.request('resources/subscribe', { uri: 'x://b' })).result, {})
  assert.is((await wire.request('resources/subscribe', { uri: 'x://a' })).error?.code, 503)
})

test('the record is the same object until something in it changes', async () => {
  const { server, wire } = stage()
  server.tool('set', { description: 'd' }, (_args, ctx: Context) => {
    ctx.session?.set('a', 1)
    return ''
  })
  assert.is(wire.receiver.session, undefined)
  await wire.request('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: CLIENT })
  let before = wire.receiver.session
  assert.equal([before?.initialized, before?.owner, before?.values], [false, '', undefined])
  const changes = async (change: () => unknown): Promise<boolean> => {
    await change()
    const after = wire.receiver.session
    const changed = after !== before
    before = after
    return changed
  }
  assert.ok(await changes(() => wire.send({ method: 'notifications/initialized' })))
  assert.not(await changes(() => wire.request('tools/call', { name: 't' })))
  assert.ok(await changes(() => wire.request('logging/setLevel', { level: 'info' })))
  assert.ok(await changes(() => wire.request('resources/subscribe', { uri: 'x://a' })))
  assert.not(await changes(() => wire.request('resources/subscribe', { uri: 'x://a' })))
  assert.ok(await changes(() => wire.request('tools/call', { name: 'set' })))
  assert.equal(before?.values, { a: 1 })
  assert.match(before?.id as string, /^[0-9a-f]{32}$/, 'T4: nobody can guess it')
})

test('a request that stands alone has no session, and is none', async () => {
  const { server, clock } = stage()
  const log: string[] = []
  server.on('session.opened', () => log.push('opened'))
  server.on('session.closed', () => log.push('closed'))
  server.tool('has', { description: 'd' }, (_args, ctx: Context) => String(ctx.session === undefined))
  const record: SessionRecord = { id: '', owner: '', revision: '2025-06-18', info: undefined, capabilities: {}, initialized: true }
  const wire = new Wire(server, { resume: record })
  assert.is(textOf(await wire.request('tools/call', { name: 'has' })), 'true')
  server.tool('new', { description: 'd' }, () => '')
  clock.advance(50)
  wire.close()
  assert.equal([log, wire.methods], [[], []])
})

test('S-LEG-08, S-LEG-09: questions have ids of their own, and replies to nothing are ignored', async () => {
  const { server, wire } = stage()
  server.tool('ask', { description: 'd' }, async (_args, ctx: Context) => (await ctx.roots('k')).length)
  const seen = reports(server)
  await wire.initialize('2025-06-18', { roots: {} })
  const calls = [1, 2, 3].map(id => wire.request('tools/call', { name: 'ask' }, id))
  await settled()
  const questions = wire.of('roots/list')
  assert.is(new Set(questions.map(({ id }) => id)).size, 3)
  assert.equal(
    wire.frames.filter(({ kind }) => kind === 'request').map(({ about }) => about),
    [1, 2, 3],
  )
  for (const id of ['x', 1, 2, '', 0]) wire.send({ id, result: { roots: [] } })
  wire.sendText('{"jsonrpc":"2.0","error":{"code":1,"message":"no id"}}')
  await settled()
  assert.is(wire.receiver.inFlight, 3)
  for (const [index, { id }] of questions.entries()) {
    const roots = Array.from({ length: index }, (_, at) => ({ uri: `file:///${at}` }))
    wire.send({ id, result: { roots } })
    wire.send({ id, result: { roots: [] } })
  }
  assert.equal((await Promise.all(calls)).map(textOf), ['0', '1', '2'])
  assert.equal(seen, [])
})

test('S-PROG-15, S-EL-25: a question that is not answered in time is called off, and ends the call', async () => {
  const { server, clock, wire } = stage({ limits: { ask: '2m' } })
  server.tool('ask', { description: 'd' }, async (_args, ctx: Context) => (await ctx.roots('k')).length)
  await wire.initialize('2025-06-18', { roots: {} })
  const reply = wire.request('tools/call', { name: 'ask' }, 'call')
  const { id } = await wire.until(({ method }) => method === 'roots/list')
  clock.advance(119_999)
  await settled()
  assert.is(wire.receiver.inFlight, 1)
  clock.advance(1)
  assert.is(textOf(await reply), 'The client did not answer roots/list in time')
  const cancelled = wire.frames.findLast(({ kind }) => kind === 'notice')
  assert.is(cancelled?.about, 'call')
  assert.is(wire.of('notifications/cancelled')[0]?.params['requestId'], id)
  wire.send({ id, result: { roots: [] } })
  assert.is(clock.pending, 0)
})

test('a call that is cancelled calls its questions off', async () => {
  const { server, clock, wire } = stage()
  server.tool('ask', { description: 'd' }, async (_args, ctx: Context) => Promise.all([ctx.roots('a'), ctx.roots('b')]))
  const seen = reports(server)
  await wire.initialize('2025-06-18', { roots: {} })
  wire.send({ id: 'call', method: 'tools/call', params: { name: 'ask' } })
  const { id } = await wire.until(({ method }) => method === 'roots/list')
  wire.cancel('call')
  await settled()
  assert.is(wire.of('notifications/cancelled').length, 2)
  assert.ok(wire.of('notifications/cancelled').some(({ params }) => params['requestId'] === id))
  assert.equal([wire.received.some(message => message.id === 'call'), clock.pending, seen.length, server.busy], [false, 0, 0, 0])
})

test('S-EL-13: the completion of a url elicitation is told to the session that was asked, once', async () => {
  const { server } = stage()
  const ids: string[] = []
  server.tool('sign-in', { description: 'd' }, async (_args, ctx: Context) => {
    ids.push(ctx.elicitationId('page'))
    const { action } = await ctx.elicit('page', { message: 'Sign in', url: `https://example.com/?state=${ctx.elicitationId('page')}` })
    return action
  })
  const capabilities = { elicitation: { url: {} } }
  const [ada, bob, older] = [new Wire(server), new Wire(server), new Wire(server)]
  await ada.initialize('2025-11-25', capabilities)
  await bob.initialize('2025-11-25', capabilities)
  await older.initialize('2025-06-18', capabilities)
  const reply = ada.request('tools/call', { name: 'sign-in' })
  const question = await ada.until(({ method }) => method === 'elicitation/create')
  const id = question.params['elicitationId'] as string
  assert.equal([question.params['mode'], question.params['url'], ids[0]], ['url', `https://example.com/?state=${id}`, id])
  ada.send({ id: question.id, result: { action: 'accept' } })
  assert.is(textOf(await reply), 'accept')
  assert.is(new Set(ids).size, 1)
  assert.not(server.elicitationComplete('unknown'))
  assert.ok(server.elicitationComplete(id))
  assert.not(server.elicitationComplete(id))
  assert.equal(
    ada.of('notifications/elicitation/complete').map(({ params }) => params),
    [{ elicitationId: id }],
  )
  assert.equal([...bob.methods, ...older.methods], [])
  assert.not.match(id, new RegExp(ada.receiver.session?.id as string))
})

test('a form is asked in the words of the revision, and its answer comes back in the newest', async () => {
  const { server } = stage()
  const schema = {
    type: 'object',
    properties: {
      size: { type: 'string', enum: ['S', 'M'], default: 'M' },
      tags: { type: 'array', items: { type: 'string', enum: ['a', 'b'] }, default: ['a'] },
    },
  }
  server.tool('ask', { description: 'd' }, async (_args, ctx: Context) =>
    JSON.stringify((await ctx.elicit('k', { message: '?', schema })).content),
  )
  for (const revision of ['2025-06-18', '2025-11-25'] as const) {
    const wire = new Wire(server)
    await wire.initialize(revision, { elicitation: {} })
    wire.answerWith({ 'elicitation/create': () => ({ action: 'accept', content: { size: 'S' } }) })
    const reply = await wire.request('tools/call', { name: 'ask' })
    assert.match(textOf(reply), '"size":"S"', revision)
  }
})

test('what an own method throws is masked like everything else', async () => {
  const { server, wire } = stage()
  const seen = reports(server)
  server.resource(
    'guarded',
    { uri: 'x://guarded', description: 'd', guard: { allow: () => Promise.reject(new Error('hunter2')) } },
    () => '',
  )
  await wire.initialize('2025-06-18')
  const reply = await wire.request('resources/subscribe', { uri: 'x://guarded' })
  assert.is(reply.error?.code, -32002)
  assert.equal(messagesOf(seen), ['hunter2'])
})

test('row 17: a continued session hears of nothing that its caller may not read any more', async () => {
  const { server, clock } = stage()
  const guard = { visible: (principal: Principal | undefined) => principal?.scopes?.includes('staff') === true }
  server.resource('secret', { uri: 'x://secret', description: 'd', guard }, () => '')
  const slow = { allow: async () => (await settled(), false) }
  server.resource('slow', { uri: 'x://slow', description: 'd', guard: slow }, () => '')
  const record: SessionRecord = {
    id: 's',
    owner: 'bob',
    revision: '2025-06-18',
    info: CLIENT,
    capabilities: {},
    initialized: true,
    subscriptions: ['x://secret', 'x://a', 'x://slow'],
  }
  const wire = new Wire(server, { resume: record, head: by('bob') })
  await settled()
  await settled()
  for (const uri of ['x://secret', 'x://a', 'x://slow']) server.resourceUpdated(uri)
  clock.advance(50)
  assert.equal(
    wire.of('notifications/resources/updated').map(({ params }) => params['uri']),
    ['x://a'],
  )
  assert.equal(wire.receiver.session?.subscriptions, ['x://a'])
})

test.run()
