import { fakeClock, META } from '@oarlock/protocol'
import type { Context } from '@oarlock/kernel'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { by, promised, quiet } from '../stage.ts'
import { settled, Wire, type Json, type Received } from '../wire.ts'

const test = suite('listening')
const LISTEN = 'subscriptions/listen'
const ACK = 'notifications/subscriptions/acknowledged'
const idOf = ({ params, result }: Received): unknown => ((params ?? result)['_meta'] as Json)[META.subscription]

function stage(options: Parameters<typeof quiet>[0] = {}) {
  const clock = fakeClock()
  const server = quiet({ clock, ...options })
  server.tool('t', { description: 'd' }, () => '')
  server.prompt('p', { description: 'd' }, () => '')
  server.resource('a', { uri: 'x://a', description: 'd' }, () => '')
  server.resource('b', { uri: 'x://b', description: 'd' }, () => '')
  return {
    server,
    clock,
    wire: new Wire(server),
    change: () => (server.tool(`t${Math.random().toString(36).slice(2)}`, { description: 'd' }, () => ''), clock.advance(50)),
  }
}

test('S-SUB-01, S-SUB-02: the acknowledgement comes first, and every message carries the id with its type', () => {
  for (const id of ['l', 7]) {
    const { wire, server, clock } = stage()
    wire.sendModern(id, LISTEN, { notifications: { toolsListChanged: true, resourceSubscriptions: ['x://a'] } })
    server.tool('new', { description: 'd' }, () => '')
    server.resourceUpdated('x://a')
    clock.advance(50)
    assert.equal(wire.methods, [ACK, 'notifications/tools/list_changed', 'notifications/resources/updated'])
    assert.equal(wire.received.map(idOf), [id, id, id])
    assert.equal(wire.received[0]?.params['notifications'], { toolsListChanged: true, resourceSubscriptions: ['x://a'] })
    assert.is(wire.received[2]?.params['uri'], 'x://a')
    assert.ok(wire.frames.every(({ about }) => about === id))
  }
})

test('S-SUB-03, S-SUB-05: only what was asked for is told', () => {
  const { wire, server, clock } = stage()
  wire.sendModern(1, LISTEN, { notifications: { promptsListChanged: true, toolsListChanged: false, resourceSubscriptions: ['x://a'] } })
  server.tool('new', { description: 'd' }, () => '')
  server.prompt('new', { description: 'd' }, () => '')
  server.resource('new', { uri: 'x://new', description: 'd' }, () => '')
  for (const uri of ['x://a', 'x://b', 'x://a/sub', 'x://A']) server.resourceUpdated(uri)
  clock.advance(50)
  assert.equal(wire.methods, [ACK, 'notifications/prompts/list_changed', 'notifications/resources/updated'])
})

test('S-SUB-08: several subscriptions on one connection are each their own', () => {
  const { wire, server, clock } = stage()
  wire.sendModern('a', LISTEN, { notifications: { resourceSubscriptions: ['x://a'] } })
  wire.sendModern('b', LISTEN, { notifications: { resourceSubscriptions: ['x://b', 'x://a'] } })
  server.resourceUpdated('x://a')
  server.resourceUpdated('x://b')
  clock.advance(50)
  wire.cancel('a')
  server.resourceUpdated('x://a')
  clock.advance(50)
  const told = wire.of('notifications/resources/updated').map(message => [idOf(message), message.params['uri']])
  assert.equal(told, [
    ['a', 'x://a'],
    ['b', 'x://a'],
    ['b', 'x://b'],
    ['b', 'x://a'],
  ])
})

test('S-SUB-13: what cannot be had is left out; when nothing is left the stream ends at once, in good order', () => {
  const { wire } = stage()
  wire.sendModern(1, LISTEN, {
    notifications: { toolsListChanged: true, resourceSubscriptions: ['x://nothing', 'x://a', 'x://a'], alien: true },
  })
  assert.equal(wire.received[0]?.params['notifications'], { toolsListChanged: true, resourceSubscriptions: ['x://a'] })
  for (const [id, notifications] of [
    [2, {}],
    [3, { toolsListChanged: false }],
    [4, { resourceSubscriptions: ['x://nothing'] }],
    [5, { resourceSubscriptions: [] }],
  ] as const) {
    wire.received.length = 0
    wire.sendModern(id, LISTEN, { notifications })
    assert.equal(wire.received[0]?.params['notifications'], {})
    assert.equal(wire.received[1]?.result, { resultType: 'complete', _meta: { [META.subscription]: id } })
  }
  assert.is(wire.receiver.inFlight, 1)
})

test('S-SUB-14: a filter that is none is invalid', async () => {
  const { wire } = stage()
  for (const params of [
    {},
    { notifications: null },
    { notifications: [] },
    { notifications: 'all' },
    { notifications: { toolsListChanged: 'yes' } },
    { notifications: { resourceSubscriptions: 'x://a' } },
    { notifications: { resourceSubscriptions: [5] } },
  ]) {
    assert.is((await wire.modern(LISTEN, params)).error?.code, -32602, JSON.stringify(params))
  }
  assert.is(wire.receiver.inFlight, 0)
})

test('S-SUB-06, S-SUB-07: progress and log messages stay with their requests, facts with the streams', async () => {
  const { wire, server, clock } = stage()
  const go = promised()
  server.tool('work', { description: 'd' }, async (_args, ctx: Context) => {
    await go.promise
    void ctx.progress(1)
    ctx.log.info('working')
    server.tool('made', { description: 'd' }, () => '')
    return 'done'
  })
  wire.sendModern('l', LISTEN, { notifications: { toolsListChanged: true } })
  const reply = wire.call('work', {}, { meta: { progressToken: 1, [META.logLevel]: 'info' } })
  go.resolve()
  const { id } = await reply
  clock.advance(50)
  assert.equal(
    wire.frames.map(({ about, id: answered }) => about ?? answered),
    ['l', id, id, id, 'l'],
  )
})

test('S-SUB-09: the server ends a stream with the empty result', async () => {
  const { wire, server } = stage()
  wire.sendModern('l', LISTEN, { notifications: { toolsListChanged: true } })
  await server.close()
  assert.equal(wire.received.at(-1)?.result, { resultType: 'complete', _meta: { [META.subscription]: 'l' } })
  assert.is(wire.receiver.inFlight, 0)
})

test('S-SUB-10, S-SUB-12: a cancelled stream ends without a result, and nothing of it stays', () => {
  const { wire, change } = stage()
  wire.sendModern('l', LISTEN, { notifications: { toolsListChanged: true } })
  wire.cancel('l')
  change()
  assert.equal([wire.methods, wire.receiver.inFlight], [[ACK], 0])
  wire.sendModern('l', LISTEN, { notifications: { toolsListChanged: true } })
  change()
  assert.is(wire.of('notifications/tools/list_changed').length, 1)
})

test('S-SUB-11: streams that come and go leave nothing behind', () => {
  const { wire, server, clock } = stage({ limits: { streams: 1, uris: 2 } })
  const before = server.busy
  for (let index = 0; index < 10_000; index += 1) {
    wire.sendModern(index, LISTEN, { notifications: { toolsListChanged: true, resourceSubscriptions: ['x://a', 'x://b'] } })
    wire.cancel(index)
  }
  assert.ok(wire.received.every(({ error }) => error === undefined))
  assert.equal([wire.receiver.inFlight, server.busy, clock.pending], [0, before, 0])
})

test('row 17, T34, S-SUB-16: one caller cannot take all streams or URIs, and gets them back when it lets go', async () => {
  const { server } = stage({ limits: { streams: 2, allStreams: 3, uris: 2 } })
  const [ada, other, bob] = [
    new Wire(server, { head: by('ada') }),
    new Wire(server, { head: by('ada') }),
    new Wire(server, { head: by('bob') }),
  ]
  const listen = (wire: Wire, id: number, uris: readonly string[] = []): unknown => {
    wire.received.length = 0
    wire.sendModern(id, LISTEN, { notifications: { toolsListChanged: true, resourceSubscriptions: uris } })
    return wire.received[0]?.error?.code ?? 'open'
  }
  assert.equal([listen(ada, 1), listen(other, 1), listen(ada, 2)], ['open', 'open', 503])
  assert.equal([listen(bob, 1), listen(bob, 2)], ['open', 503], 'three in all')
  other.close()
  assert.equal([listen(bob, 2), listen(ada, 3)], ['open', 503])
  bob.close()
  assert.is(listen(ada, 4, ['x://a', 'x://b', 'x://c']), 503, 'asked for, not granted, is what counts')
  assert.is(listen(ada, 5, ['x://a', 'x://b']), 'open')
  ada.cancel(1)
  assert.is(listen(ada, 6, ['x://a']), 503)
  ada.cancel(5)
  assert.is(listen(ada, 6, ['x://a', 'x://none']), 'open')
  assert.is(listen(new Wire(server, { head: by('ada') }), 1, ['x://b']), 'open', 'what was not granted was given back')
})

test('row 17: clients without a principal are told apart by their address', () => {
  const { server } = stage({ limits: { streams: 1 } })
  const listen = (remote: string): unknown => {
    const wire = new Wire(server, { head: { transport: 'test', remote } })
    wire.sendModern(1, LISTEN, { notifications: { toolsListChanged: true } })
    return wire.received[0]?.error?.code ?? 'open'
  }
  assert.equal([listen('10.0.0.1'), listen('10.0.0.1'), listen('10.0.0.2')], ['open', 503, 'open'])
})

test('S-SUB-19: a stream ends with the authentication it was opened under', () => {
  const { server, clock } = stage()
  const expires = (expiresAt: number): Wire => {
    const wire = new Wire(server, { head: by('ada', [], { expiresAt }) })
    wire.sendModern(1, LISTEN, { notifications: { toolsListChanged: true } })
    return wire
  }
  const [soon, past] = [expires(clock.now() + 60_000), expires(clock.now() - 1)]
  clock.advance(0)
  assert.equal([soon.receiver.inFlight, past.receiver.inFlight], [1, 0])
  clock.advance(59_999)
  assert.is(soon.receiver.inFlight, 1)
  clock.advance(1)
  assert.equal(soon.received.at(-1)?.result, { resultType: 'complete', _meta: { [META.subscription]: 1 } })
  const ended = expires(clock.now() + 60_000)
  ended.cancel(1)
  assert.is(clock.pending, 0, 'the wake-up is called off')
})

test('a stream that is cancelled, or ended, while its guards still think never opens', async () => {
  const { server, clock, wire } = stage({ limits: { streams: 1, uris: 1 } })
  const gates = [promised<boolean>(), promised<boolean>(), promised<boolean>()]
  let next = 0
  server.resource(
    'slow',
    { uri: 'x://slow', description: 'd', guard: { allow: () => (gates[next++] as (typeof gates)[number]).promise } },
    () => '',
  )
  const notifications = { toolsListChanged: true, resourceSubscriptions: ['x://slow'] }
  wire.sendModern(1, LISTEN, { notifications })
  assert.is(wire.receiver.inFlight, 1)
  wire.cancel(1)
  gates[0]?.resolve(true)
  await settled()
  assert.equal(wire.received, [])
  wire.sendModern(2, LISTEN, { notifications })
  gates[1]?.resolve(true)
  assert.equal(
    (await wire.until(({ method }) => method === ACK)).params['notifications'],
    notifications,
    'what it had taken was given back',
  )
  wire.cancel(2)
  wire.sendModern(3, LISTEN, { notifications })
  const closing = server.close()
  assert.is(wire.received.at(-1)?.error?.code, 503)
  gates[2]?.resolve(true)
  await closing
  assert.equal([wire.receiver.inFlight, clock.pending], [0, 0])
})

test('S-SUB-15: after the server began to close no stream opens', async () => {
  const { server, wire } = stage()
  const closed = server.close()
  assert.is((await wire.modern(LISTEN, { notifications: { toolsListChanged: true } })).error?.code, 503)
  await closed
})

test.run()
