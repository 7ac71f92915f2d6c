/** News from a server, alike in both conversations, and where they differ. */
import { getEventListeners } from 'node:events'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { fakeClock, META } from '@oarlock/protocol'
import { Client } from '../src/client.ts'
import type { ClientOptions } from '../src/options.ts'
import type { News, Subscription } from '../src/subscription.ts'
import { failureOf, type Peer, Refusal, type Script, sessional, settled, SILENCE, stateless } from './scripted.ts'

const test = suite('listen')

const ALL = { tools: { listChanged: true }, prompts: { listChanged: true }, resources: { listChanged: true, subscribe: true } }

interface Side {
  readonly client: Client
  readonly peer: Peer
  readonly warnings: string[]
  /** Sends news as this server does. */
  readonly tell: (method: string, params?: object) => void
}

/** Acknowledges the whole filter. */
const acknowledge: Script = (params, { id }, peer) => {
  peer.notify('notifications/subscriptions/acknowledged', { notifications: params['notifications'], _meta: { [META.subscription]: id } })
  return SILENCE
}

async function exchange(listen: Script = acknowledge, options?: ClientOptions): Promise<Side> {
  const peer = stateless({ 'subscriptions/listen': listen }, {}, ALL)
  const tell: Side['tell'] = (method, params) =>
    peer.notify(method, { ...params, _meta: { [META.subscription]: peer.all('subscriptions/listen').at(-1)?.id } })
  return side(peer, tell, options)
}

async function session(script: Readonly<Record<string, Script>> = {}, capabilities: object = ALL, options?: ClientOptions): Promise<Side> {
  const peer = sessional(
    '2025-11-25',
    { 'resources/subscribe': () => ({}), 'resources/unsubscribe': () => ({}), ...script },
    {},
    capabilities,
  )
  return side(peer, (method, params) => peer.notify(method, params), options)
}

async function side(peer: Peer, tell: Side['tell'], options?: ClientOptions): Promise<Side> {
  const client = await Client.open(peer.connector, options)
  const warnings: string[] = []
  client.on('warning.reported', ({ message }) => void warnings.push(message))
  return { client, peer, warnings, tell }
}

async function take(subscription: Subscription, count: number): Promise<News[]> {
  const news: News[] = []
  for (let i = 0; i < count; i++) {
    const { value, done } = await subscription.next()
    if (done !== true) news.push(value)
  }
  return news
}

const SIDES = {
  exchange: (options?: ClientOptions) => exchange(undefined, options),
  session: (options?: ClientOptions) => session({}, ALL, options),
}

for (const [name, open] of Object.entries(SIDES)) {
  test(`${name}: news of everything asked for arrives in the loop and as events`, async () => {
    const { client, tell } = await open()
    const events: string[] = []
    client.on('tools.changed', () => void events.push('tools'))
    client.on('prompts.changed', () => void events.push('prompts'))
    client.on('resources.changed', () => void events.push('resources'))
    client.on('resource.updated', ({ uri }) => void events.push(uri))
    const subscription = client.listen({ tools: true, prompts: true, resourceList: true, resources: ['logs://api', 'logs://web'] })
    const honoured = await subscription.ready
    assert.equal(honoured, { tools: true, prompts: true, resourceList: true, resources: ['logs://api', 'logs://web'] })
    tell('notifications/tools/list_changed')
    tell('notifications/resources/updated', { uri: 'logs://api' })
    tell('notifications/prompts/list_changed')
    tell('notifications/resources/list_changed')
    assert.equal(await take(subscription, 4), [
      { kind: 'tools' },
      { kind: 'resource', uri: 'logs://api' },
      { kind: 'prompts' },
      { kind: 'resourceList' },
    ])
    assert.equal(events, ['tools', 'logs://api', 'prompts', 'resources'])
  })

  test(`${name}: leaving the loop ends the subscription`, async () => {
    const { client, peer, tell } = await open()
    const subscription = client.listen({ resources: ['logs://api'] })
    await subscription.ready
    tell('notifications/resources/updated', { uri: 'logs://api' })
    for await (const news of subscription) {
      assert.equal(news, { kind: 'resource', uri: 'logs://api' })
      break
    }
    await settled()
    const ended = name === 'exchange' ? peer.all('notifications/cancelled') : peer.all('resources/unsubscribe')
    assert.is(ended.length, 1)
    subscription.close()
    assert.is(ended.length, 1)
    assert.equal(await subscription.next(), { value: undefined, done: true })
  })

  test(`${name}: aborting the signal ends the loop without an error`, async () => {
    const { client } = await open()
    const controller = new AbortController()
    const subscription = client.listen({ tools: true }, { signal: controller.signal })
    await subscription.ready
    setImmediate(() => controller.abort())
    for await (const _ of subscription) assert.unreachable()
  })

  for (const heal of [undefined, false] as const) {
    test(`${name}, heal ${heal}: closing the client ends the loop without an error`, async () => {
      const { client, warnings } = await open(heal === undefined ? {} : { heal })
      const subscription = client.listen({ tools: true })
      await subscription.ready
      const unread = subscription.next()
      await client.close()
      assert.equal(await unread, { value: undefined, done: true })
      for await (const news of subscription) assert.unreachable(JSON.stringify(news))
      assert.equal(warnings, [])
    })

    test(`${name}, heal ${heal}: a client that is closed takes no subscription`, async () => {
      const { client } = await open(heal === undefined ? {} : { heal })
      await client.close()
      const subscription = client.listen({ tools: true })
      assert.is((await failureOf(subscription.ready))['code'], 'CONNECTION_CLOSED')
      assert.is((await failureOf(subscription.next()))['code'], 'CONNECTION_CLOSED')
    })
  }

  test(`${name}: a connection that breaks and is not healed ends the loop with an error`, async () => {
    const { client, peer } = await open({ heal: false })
    const subscription = client.listen({ tools: true })
    await subscription.ready
    const next = subscription.next()
    peer.drop(new Error('EPIPE'))
    assert.is((await failureOf(next))['code'], 'CONNECTION_CLOSED')
    assert.equal(await subscription.next(), { value: undefined, done: true })
  })

  test(`${name}: unread news is kept once for each thing that changed`, async () => {
    const { client, tell } = await open()
    const subscription = client.listen({ tools: true, resources: ['a://y', 'b://y'] })
    await subscription.ready
    for (let i = 0; i < 1000; i++) {
      tell('notifications/tools/list_changed')
      tell('notifications/resources/updated', { uri: 'a://y' })
    }
    tell('notifications/resources/updated', { uri: 'b://y' })
    assert.equal(await take(subscription, 3), [{ kind: 'tools' }, { kind: 'resource', uri: 'a://y' }, { kind: 'resource', uri: 'b://y' }])
    tell('notifications/tools/list_changed')
    assert.equal(await take(subscription, 1), [{ kind: 'tools' }])
  })

  test(`${name}: two subscriptions live side by side`, async () => {
    const { client, peer } = await open()
    const first = client.listen({ resources: ['logs://api'] })
    const second = client.listen({ resources: ['logs://web'] })
    await Promise.all([first.ready, second.ready])
    const ids = peer.all('subscriptions/listen').map(({ id }) => id)
    for (const [index, uri] of ['logs://api', 'logs://web'].entries()) {
      peer.notify('notifications/resources/updated', { uri, ...(ids.length > 0 && { _meta: { [META.subscription]: ids[index] } }) })
    }
    assert.equal(await take(first, 1), [{ kind: 'resource', uri: 'logs://api' }])
    assert.equal(await take(second, 1), [{ kind: 'resource', uri: 'logs://web' }])
  })
}

for (const [name, open] of Object.entries(SIDES)) {
  test(`${name}: a subscription lets go of its signal however it ends`, async () => {
    const { client, peer } = await open({ heal: false })
    const { signal } = new AbortController()
    const listeners = (): number => getEventListeners(signal, 'abort').length
    const [closed, left] = [client.listen({ tools: true }, { signal }), client.listen({ tools: true }, { signal })]
    await Promise.all([closed.ready, left.ready])
    assert.is(listeners(), 2)
    closed.close()
    await left.return()
    assert.is(listeners(), 0)
    const broken = client.listen({ tools: true }, { signal })
    await broken.ready
    assert.is(listeners(), 1)
    peer.drop(new Error('EPIPE'))
    await failureOf(broken.next())
    assert.is(listeners(), 0)
    for (let i = 0; i < 3; i++) client.listen({ tools: true }, { signal: AbortSignal.abort() })
  })

  test(`${name}: aborting calls off a subscription that is being opened again`, async () => {
    const { client, peer } = await open({ heal: { firstWait: 60_000 } })
    const controller = new AbortController()
    const subscription = client.listen({ tools: true }, { signal: controller.signal })
    await subscription.ready
    peer.drop(new Error('EPIPE'))
    controller.abort()
    assert.equal(await subscription.next(), { value: undefined, done: true })
    assert.is(getEventListeners(controller.signal, 'abort').length, 0)
    await client.close()
  })
}

test('C-SUB-01: what the server does not honour is reported', async () => {
  const part: Script = (_params, { id }, peer) => {
    peer.notify('notifications/subscriptions/acknowledged', {
      notifications: { toolsListChanged: true },
      _meta: { [META.subscription]: id },
    })
    return SILENCE
  }
  const { client, warnings } = await exchange(part)
  const honoured = await client.listen({ tools: true, prompts: true, resources: ['a://y'] }).ready
  assert.equal(honoured, { tools: true, prompts: false, resourceList: false, resources: [] })
  assert.equal(warnings, ['The server does not send news of prompts, a://y'])
})

test('C-SUB-02: news is told apart by the id of the subscription, with its type', async () => {
  const { client, peer, warnings } = await exchange()
  const subscription = client.listen({ tools: true })
  await subscription.ready
  const id = peer.all('subscriptions/listen')[0]?.id as number
  peer.notify('notifications/tools/list_changed', { _meta: { [META.subscription]: String(id) } })
  peer.notify('notifications/tools/list_changed', { _meta: { [META.subscription]: 99 } })
  assert.is(warnings.length, 2)
  peer.notify('notifications/tools/list_changed', { _meta: { [META.subscription]: id } })
  assert.equal(await take(subscription, 1), [{ kind: 'tools' }])
})

test('C-SUB-03, C-SUB-04: a result, or a cancellation by the server, ends the loop in order', async () => {
  for (const end of ['result', 'cancelled']) {
    const { client, peer, tell } = await exchange()
    const subscription = client.listen({ tools: true })
    await subscription.ready
    const id = peer.all('subscriptions/listen')[0]?.id as number
    tell('notifications/tools/list_changed')
    if (end === 'result') peer.reply(id, { resultType: 'complete', _meta: { [META.subscription]: id } })
    else peer.notify('notifications/cancelled', { requestId: id })
    const news: News[] = []
    for await (const each of subscription) news.push(each)
    assert.equal(news, [{ kind: 'tools' }])
    assert.equal(peer.all('notifications/cancelled'), [])
  }
})

test('C-SUB-05: with headers, ending a subscription closes its stream', async () => {
  const peer = stateless({ 'subscriptions/listen': acknowledge }, { headers: true }, ALL)
  const client = await Client.open(peer.connector)
  const subscription = client.listen({ tools: true })
  await subscription.ready
  subscription.close()
  assert.equal(peer.abandoned, [2])
  assert.equal(peer.all('notifications/cancelled'), [])
})

test('C-SUB-09: news before the acknowledgement or beside the filter is ignored with a warning', async () => {
  const { client, peer, warnings, tell } = await exchange(() => SILENCE)
  const subscription = client.listen({ tools: true })
  await peer.next(({ method }) => method === 'subscriptions/listen')
  tell('notifications/tools/list_changed')
  tell('notifications/subscriptions/acknowledged', { notifications: { toolsListChanged: true } })
  tell('notifications/prompts/list_changed')
  tell('notifications/resources/updated', { uri: 'a://y' })
  tell('notifications/message', { level: 'info', data: 'x' })
  tell('notifications/subscriptions/acknowledged', { notifications: {} })
  tell('notifications/tools/list_changed')
  assert.equal(await take(subscription, 1), [{ kind: 'tools' }])
  assert.is(warnings.length, 5)
})

test('a subscription that the server refuses rejects, and the loop throws the same', async () => {
  const { client } = await exchange(() => {
    throw new Refusal(-32603, 'Too many streams')
  })
  const subscription = client.listen({ tools: true })
  assert.is((await failureOf(subscription.ready)).message, 'Too many streams')
  assert.is((await failureOf(subscription.next())).message, 'Too many streams')
})

test('a subscription that is not acknowledged in time fails; an acknowledged one has all the time there is', async () => {
  const clock = fakeClock()
  const peer = stateless(
    { 'subscriptions/listen': (params, sent, peer) => (sent.id === 2 ? SILENCE : acknowledge(params, sent, peer)) },
    {},
    ALL,
  )
  const client = await Client.open(peer.connector, { clock })
  const [never, soon] = [client.listen({ tools: true }), client.listen({ tools: true })]
  await soon.ready
  clock.advance(10_000_000)
  assert.is((await failureOf(never.ready))['code'], 'TIMED_OUT')
  peer.notify('notifications/tools/list_changed', { _meta: { [META.subscription]: 3 } })
  assert.equal(await take(soon, 1), [{ kind: 'tools' }])
})

test('an aborted signal opens nothing', async () => {
  const { client, peer } = await exchange()
  const subscription = client.listen({ tools: true }, { signal: AbortSignal.abort() })
  assert.equal(await subscription.next(), { value: undefined, done: true })
  assert.equal(peer.all('subscriptions/listen'), [])
})

test('on a session, a resource that several watch is subscribed to once and given back once', async () => {
  const { client, peer } = await session()
  const [a, b] = [client.listen({ resources: ['x://y', 'x://y'] }), client.listen({ resources: ['x://y'] })]
  await Promise.all([a.ready, b.ready])
  a.close()
  await settled()
  assert.is(peer.all('resources/unsubscribe').length, 0)
  b.close()
  await settled()
  assert.is(peer.all('resources/subscribe').length, 1)
  assert.is(peer.all('resources/unsubscribe').length, 1)
  const c = client.listen({ resources: ['x://y'] })
  await c.ready
  assert.is(peer.all('resources/subscribe').length, 2)
})

test('on a session, news of a part reaches whoever watches the whole, and nobody else', async () => {
  const { client, tell } = await session()
  const subscription = client.listen({ resources: ['logs://api'] })
  await subscription.ready
  tell('notifications/resources/updated', { uri: 'logs://apiary' })
  tell('notifications/resources/updated', { uri: 'logs://api/today' })
  assert.equal(await take(subscription, 1), [{ kind: 'resource', uri: 'logs://api/today' }])
})

test('on a session, what the server does not offer or refuses is left out; with nothing left the loop ends', async () => {
  const { client, warnings } = await session(
    {
      'resources/subscribe': params => {
        if (params['uri'] === 'secret://y') throw new Refusal(-32002)
        return {}
      },
    },
    { resources: { subscribe: true } },
  )
  const subscription = client.listen({ tools: true, resources: ['secret://y', 'open://y'] })
  assert.equal(await subscription.ready, { tools: false, prompts: false, resourceList: false, resources: ['open://y'] })
  assert.equal(warnings, ['The server does not send news of tools, secret://y'])
  for await (const _ of client.listen({ prompts: true })) assert.unreachable()
})

test('on a session, closing before the server granted anything gives back what it grants', async () => {
  const { client, peer } = await session({ 'resources/subscribe': () => SILENCE })
  const subscription = client.listen({ resources: ['x://y'] })
  const { id } = await peer.next(({ method }) => method === 'resources/subscribe')
  subscription.close()
  peer.reply(id as number, {})
  await settled()
  assert.is(peer.all('resources/unsubscribe').length, 1)
})

test('on a session, a subscription that half failed keeps nothing of what was granted', async () => {
  const clock = fakeClock()
  const { client, peer } = await session({ 'resources/subscribe': ({ uri }) => (uri === 'x://slow' ? SILENCE : {}) }, ALL, {
    clock,
    heal: false,
  })
  const subscription = client.listen({ resources: ['x://quick', 'x://slow'] }, { timeout: 1000 })
  const failure = failureOf(subscription.ready)
  await settled()
  clock.advance(1000)
  assert.is((await failure)['code'], 'TIMED_OUT')
  await settled()
  assert.equal(
    peer.all('resources/unsubscribe').map(({ params }) => params?.['uri']),
    ['x://quick'],
  )
})

test('news that nobody reads is bounded', async () => {
  const { client, tell, warnings } = await exchange()
  const subscription = client.listen({ resources: ['logs://'] })
  await subscription.ready
  for (let i = 0; i < 1030; i++) tell('notifications/resources/updated', { uri: `logs://${i}` })
  assert.is(warnings.length, 6)
  assert.equal(await take(subscription, 1), [{ kind: 'resource', uri: 'logs://6' }])
})

test.run()
