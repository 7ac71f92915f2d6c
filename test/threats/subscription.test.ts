/** Who hears of what, and how much of it one caller can have. */
import { bearer, type Authenticate } from '@oarlock/protocol'
import { Server, type ServerOptions } from 'oarlock'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ask, modern, openSession, stream, type Events } from '../../packages/http/test/wire.ts'
import { closeAll, serve } from './served.ts'

const test = suite('subscriptions')
test.after.each(closeAll)

const authenticate: Authenticate = head => ({ id: head.headers?.get('x-user') ?? 'ann' })

/** Two diaries, each for its owner alone: one hidden from others, one that refuses them. And a board for all. */
function diaries(options: Partial<ServerOptions> = {}): Server {
  const server = new Server({ name: 'diaries', version: '1', log: false, ...options })
  server.resource('ann', { uri: 'diary://ann', guard: { visible: principal => principal?.id === 'ann' } }, () => 'dear diary')
  server.resource('bob', { uri: 'diary://bob', guard: { allow: (_, ctx) => ctx.principal?.id === 'bob' } }, () => 'dear diary')
  server.resource('vault', { uri: 'diary://vault', guard: { requires: ['vault'] } }, () => 'gold')
  server.template(
    'page',
    { uri: 'diary://{owner}/{page}', guard: { allow: (args, ctx) => (args as { owner: string }).owner === ctx.principal?.id } },
    () => 'x',
  )
  server.resource('board', { uri: 'board://all' }, () => 'hello')
  server.tool('first', {}, () => 'x')
  return server
}

const URIS = ['diary://ann', 'diary://bob', 'diary://vault', 'diary://ann/1', 'diary://bob/1', 'diary://nobody', 'board://all', '__proto__']

async function listen(port: number, user: string, notifications: object): Promise<Events> {
  const { headers, body } = modern('subscriptions/listen', { notifications })
  return stream(port, { headers: { ...headers, 'x-user': user }, body })
}

const honoured = async (events: Events) => (await events.message()).params.notifications.resourceSubscriptions as string[] | undefined

test('row 17, T34: a caller hears of what it may read, and of nothing else', async () => {
  const server = diaries()
  const { port } = await serve(server, { authenticate })
  const streams = {
    ann: await listen(port, 'ann', { resourceSubscriptions: URIS }),
    bob: await listen(port, 'bob', { resourceSubscriptions: URIS }),
  }
  assert.equal(await honoured(streams.ann), ['diary://ann', 'diary://ann/1', 'board://all'])
  assert.equal(await honoured(streams.bob), ['diary://bob', 'diary://bob/1', 'board://all'])
  for (const uri of URIS) server.resourceUpdated(uri)
  for (const [user, events] of Object.entries(streams)) {
    await events.until(/board:\/\/all"[^]*board:\/\/all"/)
    const told = [...events.raw.matchAll(/resources\/updated","params":\{"uri":"([^"]+)"/g)].map(([, uri]) => uri)
    assert.is(told.length, 3)
    assert.equal(new Set(told), new Set([`diary://${user}`, `diary://${user}/1`, 'board://all']))
    events.leave()
  }
})

test('row 17: in a session subscribing to what may not be read says what reading it would say', async () => {
  const server = diaries()
  const { port } = await serve(server, { authenticate })
  const session = await openSession(port, '2025-11-25', { 'x-user': 'mallory' })
  const send = async (method: string, uri: string) =>
    (await ask(port, { headers: session, body: { jsonrpc: '2.0', id: 1, method, params: { uri } } })).json
  for (const uri of ['diary://ann', 'diary://nobody', '__proto__']) {
    const [subscribed, read] = [await send('resources/subscribe', uri), await send('resources/read', uri)]
    assert.equal(subscribed.error.code, -32002, uri)
    assert.equal(subscribed.error, read.error, 'hidden and absent are the same')
  }
  for (const uri of ['diary://bob', 'diary://bob/1', 'diary://vault']) assert.ok((await send('resources/subscribe', uri)).error, uri)
  assert.equal((await send('resources/subscribe', 'board://all')).result, {})
})

test('row 17: a subscription in which nothing can be honoured ends at once', async () => {
  const { port } = await serve(diaries(), { authenticate })
  const events = await listen(port, 'mallory', { resourceSubscriptions: ['diary://ann', 'diary://vault'] })
  assert.is(await honoured(events), undefined)
  assert.is((await events.message()).result.resultType, 'complete')
  assert.is(await events.ended, 'end')
})

test('row 17, T34: one caller cannot take the streams or the URIs of the others', async () => {
  const limits = { streams: 3, allStreams: 5, uris: 50, allUris: 80 }
  const server = new Server({ name: 'many', version: '1', log: false, limits })
  server.template('any', { uri: 'any://{name}' }, () => 'x')
  const { port } = await serve(server, { authenticate })
  const uris = (count: number, user: string) => ({ resourceSubscriptions: Array.from({ length: count }, (_, n) => `any://${user}-${n}`) })

  const mine = [await listen(port, 'mallory', uris(20, 'a')), await listen(port, 'mallory', uris(20, 'b'))]
  const tooMany = await listen(port, 'mallory', uris(20, 'c'))
  assert.is(tooMany.status, 503, 'URIs')
  mine.push(await listen(port, 'mallory', uris(10, 'd')))
  for (const each of mine) assert.is(each.status, 200)
  const fourth = await listen(port, 'mallory', { resourceSubscriptions: ['any://x'] })
  assert.is(fourth.status, 503, 'streams')

  const ann = await listen(port, 'ann', uris(30, 'ann'))
  assert.is(ann.status, 200, 'others have theirs')
  assert.is((await listen(port, 'bob', uris(1, 'bob'))).status, 503, 'until all together have enough')

  mine[0]?.leave()
  await mine[0]?.ended
  // What was let go is given back as soon as the server notices.
  let bob = await listen(port, 'bob', uris(1, 'bob'))
  while (bob.status === 503) bob = await listen(port, 'bob', uris(1, 'bob'))
  assert.is(bob.status, 200)
  for (const each of [...mine, ann, bob, tooMany, fourth]) each.leave()
})

test('row 17, T34: anonymous callers share one half of the streams and of the URIs, whatever their addresses', async () => {
  const server = new Server({ name: 'many', version: '1', log: false, limits: { streams: 4, allStreams: 4, uris: 20, allUris: 20 } })
  server.template('any', { uri: 'any://{name}' }, () => 'x')
  const { port } = await serve(server, { authenticate: bearer(token => ({ id: token }), { optional: true }) })
  const uris = (count: number) => ({ resourceSubscriptions: Array.from({ length: count }, (_, n) => `any://${n}`) })
  const begin = async (from: string, count: number, headers: object = {}): Promise<Events> => {
    const asked = modern('subscriptions/listen', { notifications: uris(count) })
    return stream(port, { from, headers: { ...asked.headers, ...headers }, body: asked.body })
  }
  const nobody = [await begin('127.0.0.1', 5), await begin('127.0.0.2', 6), await begin('127.0.0.3', 5), await begin('127.0.0.4', 1)]
  assert.equal(
    nobody.map(({ status }) => status),
    [200, 503, 200, 503],
    'of URIs one half, of streams one half',
  )
  const ann = await begin('127.0.0.1', 10, { authorization: 'Bearer ann' })
  assert.is(ann.status, 200, 'the other half is there for those who say who they are')
  nobody[0]?.leave()
  await nobody[0]?.ended
  let late = await begin('127.0.0.5', 1)
  while (late.status === 503) late = await begin('127.0.0.5', 1)
  for (const each of [...nobody, ann, late]) each.leave()
})

test('T34: ten thousand URIs in one wish are refused as a whole', async () => {
  const server = new Server({ name: 'many', version: '1', log: false })
  server.template('any', { uri: 'any://{name}' }, () => 'x')
  const { port } = await serve(server)
  const events = await listen(port, 'mallory', { resourceSubscriptions: Array.from({ length: 10_000 }, (_, n) => `any://${n}`) })
  assert.is(events.status, 503)
  events.leave()
})

test('T34: a storm of changes is told once per stream, and to every stream', async () => {
  const server = diaries({ limits: { coalesce: 20 } })
  const { port } = await serve(server, { authenticate })
  const streams = await Promise.all(
    Array.from({ length: 20 }, () => listen(port, 'ann', { resourceSubscriptions: ['board://all'], toolsListChanged: true })),
  )
  for (const each of streams) await honoured(each)
  for (let i = 0; i < 10_000; i++) server.resourceUpdated('board://all')
  for (let i = 0; i < 100; i++) server.tool(`tool-${i}`, {}, () => 'x')
  for (const each of streams) {
    await each.until(/list_changed/)
    await each.until(/resources\/updated/)
    assert.is(each.raw.split('resources/updated').length - 1, 1)
    assert.is(each.raw.split('list_changed').length - 1, 1)
    each.leave()
  }
})

test('T34: one of many streams that is not read holds up none of the others, and is given up', async () => {
  const server = diaries({ limits: { coalesce: 1 } })
  const { port } = await serve(server, { authenticate, bufferLimit: 100_000 })
  const stalled = await listen(port, 'ann', { resourceSubscriptions: ['board://all'] })
  stalled.res.pause()
  const reading = await listen(port, 'ann', { resourceSubscriptions: ['board://all'] })
  await honoured(reading)
  for (let round = 1; round <= 50; round++) {
    server.resourceUpdated('board://all')
    assert.is((await reading.message()).method, 'notifications/resources/updated')
  }
  reading.leave()
  stalled.leave()
})

test.run()
