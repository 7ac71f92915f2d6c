/** A client whose connection breaks: what is opened again, what is asked again, and what is not. */
import { ConnectionClosed, fakeClock, META } from '@oarlock/protocol'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Client } from '../../src/client.ts'
import { OutcomeUnknown } from '../../src/error.ts'
import type { ClientOptions } from '../../src/options.ts'
import type { News } from '../../src/subscription.ts'
import { failureOf, Failure, type Peer, Refusal, type Script, sessional, settled, SILENCE, stateless } from '../scripted.ts'

const test = suite('heal')

const QUICK = { firstWait: 2, longestWait: 8 }
const MENDED = ['connection.closed', 'reconnect.scheduled', 'connection.restored']
const LISTS = { tools: { listChanged: true }, resources: { subscribe: true, listChanged: true } }

/** Breaks the connection the first `times` that it is asked. */
function breaking(times: number, answer: object): Script {
  let left = times
  return (_params, _sent, peer) => {
    if (left-- <= 0) return answer
    peer.drop(new Error('EPIPE'))
    return SILENCE
  }
}

/** Takes a subscription up, and says nothing more. */
const acknowledging: Script = (params, { id }, peer) => {
  peer.notify('notifications/subscriptions/acknowledged', { notifications: params['notifications'], _meta: { [META.subscription]: id } })
  return SILENCE
}

async function open(peer: Peer, options: ClientOptions = {}): Promise<{ client: Client; told: string[] }> {
  const client = await Client.open(peer.connector, { heal: QUICK, ...options })
  const told: string[] = []
  for (const event of ['connection.closed', 'reconnect.scheduled', 'connection.restored', 'connection.lost'] as const)
    client.on(event, () => void told.push(event))
  return { client, told }
}

for (const [name, serve] of Object.entries({
  exchange: (script: Record<string, Script>) => stateless(script, {}, LISTS),
  session: (script: Record<string, Script>) => sessional('2025-11-25', script, {}, LISTS),
})) {
  test(`${name}: what only reads is asked again on a new connection`, async () => {
    const peer = serve({ 'resources/read': breaking(2, { contents: [{ uri: 'a://b', text: 'c' }], ttlMs: 0, cacheScope: 'private' }) })
    const { client, told } = await open(peer)
    assert.is((await client.read('a://b'))[0]?.uri, 'a://b')
    assert.is(peer.connections, 3)
    assert.equal(told, [...MENDED, ...MENDED])
    await client.close()
  })

  test(`${name}: a call that may do harm is not repeated, and says that its outcome is unknown`, async () => {
    const peer = serve({ 'tools/call': breaking(1, { content: [] }) })
    const { client } = await open(peer)
    const failed = await failureOf(client.call('pay'))
    assert.ok(OutcomeUnknown.is(failed))
    assert.is(failed['code'], 'OUTCOME_UNKNOWN')
    assert.ok(ConnectionClosed.is(failed.cause))
    assert.is(peer.all('tools/call').length, 1)
    assert.is(await client.call('pay'), undefined)
    await client.close()
  })

  test(`${name}: a call is repeated when the caller says that it may be`, async () => {
    const peer = serve({ 'tools/call': breaking(3, { content: [{ type: 'text', text: 'done' }] }) })
    const { client } = await open(peer)
    assert.is(await client.call('put', {}, { idempotent: true }), 'done')
    assert.is(peer.all('tools/call').length, 4)
    await client.close()
  })

  for (const hint of ['readOnlyHint', 'idempotentHint']) {
    test(`${name}: a call is repeated when its tool is annotated with ${hint}`, async () => {
      const tools = [{ name: 'look', inputSchema: { type: 'object' }, annotations: { [hint]: true } }]
      const peer = serve({ 'tools/list': () => ({ tools }), 'tools/call': breaking(1, { content: [{ type: 'text', text: 'seen' }] }) })
      const { client } = await open(peer)
      await client.tools()
      assert.is(await client.call('look'), 'seen')
      assert.is(peer.all('tools/call').length, 2)
      await client.close()
    })
  }

  test(`${name}: what was not sent may be sent, whatever it is`, async () => {
    const peer = serve({ 'tools/call': () => ({ content: [{ type: 'text', text: 'once' }] }) })
    const { client } = await open(peer)
    peer.drop()
    assert.is(await client.call('pay'), 'once')
    assert.is(peer.all('tools/call').length, 1)
    await client.close()
  })

  test(`${name}: without healing the first failure stands`, async () => {
    const peer = serve({ 'resources/read': breaking(1, {}) })
    const { client, told } = await open(peer, { heal: false })
    assert.is((await failureOf(client.read('a://b')))['code'], 'CONNECTION_CLOSED')
    assert.equal(told, ['connection.closed'])
    assert.is(peer.connections, 1)
  })

  test(`${name}: nothing is opened again after close`, async () => {
    const peer = serve({ 'resources/read': () => SILENCE })
    const { client } = await open(peer)
    const read = failureOf(client.read('a://b'))
    await client.close()
    assert.is((await read)['code'], 'CONNECTION_CLOSED')
    assert.is((await failureOf(client.read('a://b')))['code'], 'CONNECTION_CLOSED')
    assert.is(peer.connections, 1)
  })

  test(`${name}: C-STD-06, C-SUB-03, C-SUB-06, C-SUB-08: a subscription is sent again, and what may have been missed is told`, async () => {
    const peer = serve({
      'subscriptions/listen': acknowledging,
      'resources/subscribe': () => ({}),
    })
    const { client } = await open(peer)
    const changed: string[] = []
    client.on('tools.changed', () => void changed.push('tools'))
    const subscription = client.listen({ tools: true, resources: ['a://b'] })
    await subscription.ready
    peer.drop(new Error('EPIPE'))
    const news: News[] = []
    for await (const each of subscription) if (news.push(each) === 2) break
    assert.equal(news, [
      { kind: 'tools', missed: true },
      { kind: 'resource', uri: 'a://b', missed: true },
    ])
    assert.equal(changed, ['tools'])
    assert.is(peer.connections, 2)
    await client.close()
  })

  test(`${name}: closing a subscription while it waits to be sent again ends it at once`, async () => {
    const peer = serve({
      'subscriptions/listen': acknowledging,
    })
    const { client } = await open(peer, { heal: { firstWait: 1e6 } })
    const subscription = client.listen({ tools: true })
    await subscription.ready
    peer.drop(new Error('EPIPE'))
    const next = subscription.next()
    subscription.close()
    assert.equal(await next, { value: undefined, done: true })
    await client.close()
  })
}

test('all attempts of one request stay within its timeout', async () => {
  const clock = fakeClock()
  const peer = stateless({ 'resources/read': (_params, _sent, peer) => (peer.drop(), SILENCE) })
  const client = await Client.open(peer.connector, { clock, heal: { firstWait: 1000, attempts: 100 }, timeout: 20_000 })
  const failed = failureOf(client.read('a://b'))
  let over = false
  void failed.then(() => void (over = true))
  for (let at = 0; at < 20_000; at += 500) {
    clock.advance(500)
    await settled()
  }
  assert.ok(over)
  assert.ok(['TIMED_OUT', 'CONNECTION_CLOSED'].includes((await failed)['code'] as string))
  await client.close()
})

test('a cancelled call frees everything at once, also while the connection is opened again', async () => {
  const clock = fakeClock()
  const peer = stateless({ 'resources/read': breaking(99, {}) })
  const client = await Client.open(peer.connector, { clock, heal: { firstWait: 1e6, longestWait: 1e6 } })
  const controller = new AbortController()
  const failed = failureOf(client.read('a://b', { signal: controller.signal, timeout: 1e7 }))
  await settled()
  controller.abort()
  assert.is((await failed)['code'], 'CANCELLED')
  await client.close()
  await settled()
  assert.is(clock.pending, 0)
})

test('attempts are counted, waits grow, and the end is told', async () => {
  const peer = stateless({ 'resources/read': breaking(1, {}) })
  let refused = 0
  const connector = {
    ...peer.connector,
    connect: (...args: Parameters<typeof peer.connector.connect>) => {
      if (peer.connections > 0 && refused++ >= 0) throw Object.assign(new Error('ECONNREFUSED'), { code: 'ECONNREFUSED' })
      return peer.connector.connect(...args)
    },
  }
  const client = await Client.open(connector, { heal: { firstWait: 2, attempts: 4 } })
  const waits: number[] = []
  const lost: unknown[] = []
  client.on('reconnect.scheduled', ({ attempt, delayMs }) => void waits.push(attempt, delayMs))
  client.on('connection.lost', ({ cause }) => void lost.push(cause))
  const failed = await failureOf(client.read('a://b'))
  assert.is(failed.message, 'ECONNREFUSED')
  assert.equal(
    waits.filter((_, index) => index % 2 === 0),
    [1, 2, 3, 4],
  )
  assert.is(refused, 4)
  assert.is(lost.length, 1)
  await client.close()
})

test('what a person has to mend is not tried again', async () => {
  const peer = stateless({ 'resources/read': breaking(1, {}) })
  let refused = 0
  const connector = {
    ...peer.connector,
    connect: (...args: Parameters<typeof peer.connector.connect>) => {
      if (peer.connections > 0 && ++refused > 0) throw Object.assign(new Error('401'), { status: 401 })
      return peer.connector.connect(...args)
    },
  }
  const client = await Client.open(connector, { heal: QUICK })
  assert.is((await failureOf(client.read('a://b')))['status'], 401)
  assert.is(refused, 1)
  await client.close()
})

test('C-HTTP-08: where each request has its own connection, one that broke is asked again under a new id', async () => {
  let left = 2
  const answer = { contents: [], ttlMs: 0, cacheScope: 'private' }
  const peer = stateless(
    {
      'resources/read': () => {
        if (left-- > 0) throw new Failure(new ConnectionClosed('The response stream broke'))
        return answer
      },
    },
    { headers: true },
  )
  const { client, told } = await open(peer)
  assert.equal(await client.read('a://b'), [])
  assert.is(new Set(peer.all('resources/read').map(({ id }) => id)).size, 3)
  assert.is(peer.connections, 1)
  assert.equal(told, ['reconnect.scheduled', 'reconnect.scheduled', 'connection.restored'])
  await client.close()
})

for (const status of [429, 502, 503, 504]) {
  test(`HTTP ${status} is tried again for what only reads, and told for what may do harm`, async () => {
    let left = 2
    const refuse = (): object => {
      if (left-- > 0) throw new Failure(Object.assign(new Error(String(status)), { status }))
      return { content: [], contents: [], ttlMs: 0, cacheScope: 'private' }
    }
    const peer = stateless({ 'resources/read': refuse, 'tools/call': refuse }, { headers: true })
    const { client } = await open(peer)
    assert.is((await failureOf(client.call('pay')))['status'], status)
    assert.equal(await client.read('a://b'), [])
    await client.close()
  })
}

test('an error of the server is an answer, and not asked again', async () => {
  const peer = stateless({
    'resources/read': () => {
      throw new Refusal(-32603, 'no')
    },
  })
  const { client } = await open(peer)
  assert.is((await failureOf(client.read('a://b')))['code'], -32603)
  assert.is(peer.all('resources/read').length, 1)
  await client.close()
})

test('C-LEG-14: a server that answers no ping is taken for gone', async () => {
  const clock = fakeClock()
  let deaf = false
  const peer = sessional('2025-11-25', { ping: () => (deaf ? SILENCE : {}) })
  const client = await Client.open(peer.connector, { clock, heal: { keepAlive: 30_000, pingTimeout: 5000, firstWait: 100 } })
  const causes: unknown[] = []
  client.on('connection.closed', ({ cause }) => void causes.push(cause))
  clock.advance(30_000)
  await settled()
  clock.advance(30_000)
  await settled()
  assert.is(peer.all('ping').length, 2)
  assert.equal(causes, [])
  deaf = true
  clock.advance(30_000)
  await settled()
  clock.advance(5000)
  await settled()
  assert.is(causes.length, 1)
  deaf = false
  const pinged = client.ping()
  await settled()
  clock.advance(100)
  await pinged
  assert.is(peer.connections, 2)
  await client.close()
})

test('the log level outlives the connection', async () => {
  const peer = sessional('2025-11-25', { 'logging/setLevel': () => ({}), ping: breaking(1, {}) })
  const { client } = await open(peer, { logLevel: 'error' })
  await client.setLogLevel('debug')
  await client.ping()
  assert.equal(
    peer.all('logging/setLevel').map(({ params }) => params['level']),
    ['error', 'debug', 'debug'],
  )
  await client.close()
})

test('as long as somebody waits for news, a broken connection is mended without being asked for', async () => {
  const peer = sessional('2025-11-25')
  const { client } = await open(peer)
  client.on('log.received', () => {})
  peer.drop()
  await new Promise<void>(resolve => void client.on('connection.restored', () => resolve()))
  assert.is(peer.connections, 2)
  await client.close()
})

test('C-STD-06: a process that ends as soon as it runs is started 5 times in a minute, and then not any more', async () => {
  const clock = fakeClock()
  const peer = stateless({ 'resources/read': (_params, _sent, peer) => (peer.drop(), SILENCE) })
  const client = await Client.open(
    { ...peer.connector, transport: 'stdio' },
    { clock, heal: { firstWait: 10, longestWait: 10, attempts: 99 } },
  )
  const failed = failureOf(client.read('a://b', { timeout: 50_000 }))
  for (let i = 0; i < 20; i++) {
    await settled()
    clock.advance(20)
  }
  assert.match((await failed).message, 'started 5 times in 60 s')
  assert.is(peer.connections, 6)
  clock.advance(61_000)
  const again = failureOf(client.read('a://b'))
  await settled()
  clock.advance(20)
  await settled()
  assert.ok(peer.connections > 6)
  await client.close()
  await again
})

test.run()
