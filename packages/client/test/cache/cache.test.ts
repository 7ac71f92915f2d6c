/** What a client keeps of the server's answers, for how long and for whom. */
import { ConnectionClosed, type Connector, fakeClock, type FakeClock, META } from '@oarlock/protocol'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Client } from '../../src/client.ts'
import type { ClientOptions } from '../../src/options.ts'
import { failureOf, Failure, type Peer, Refusal, type Script, sessional, settled, SILENCE, stateless } from '../scripted.ts'

const test = suite('cache')

interface Kept {
  readonly client: Client
  readonly peer: Peer
  readonly clock: FakeClock
  count(method?: string): number
}

async function kept(script: Record<string, Script>, options: ClientOptions = {}, connector: Partial<Connector> = {}): Promise<Kept> {
  const clock = fakeClock()
  const capabilities = { tools: { listChanged: true }, resources: { listChanged: true, subscribe: true }, prompts: { listChanged: true } }
  const peer = stateless(script, {}, capabilities)
  const client = await Client.open({ ...peer.connector, ...connector }, { clock, ...options })
  return { client, peer, clock, count: (method = 'resources/read') => peer.all(method).length }
}

const read =
  (ttlMs: unknown, cacheScope: unknown = 'private'): Script =>
  ({ uri }) => ({ contents: [{ uri, text: 'x' }], ttlMs, cacheScope })

test('C-CACHE-01: an answer is fresh for as long as the server says, and not a moment longer', async () => {
  const { client, clock, count } = await kept({ 'resources/read': read(1000) })
  const first = await client.read('a://b')
  clock.advance(999)
  assert.equal(await client.read('a://b'), first)
  assert.is(count(), 1)
  clock.advance(1)
  await client.read('a://b')
  assert.is(count(), 2)
})

for (const ttl of [0, -1, undefined, '1000', null, Number.NaN]) {
  test(`C-CACHE-01: a ttlMs of ${String(ttl)} is stale at once`, async () => {
    const { client, count } = await kept({ 'resources/read': read(ttl) })
    await client.read('a://b')
    await client.read('a://b')
    assert.is(count(), 2)
  })
}

test('C-CACHE-02, C-CACHE-03: other params are other answers, and params that nobody knows are never answered from the cache', async () => {
  const { client, count } = await kept({ 'resources/read': read(1000) })
  await client.read('a://b')
  await client.read('a://c')
  assert.is(count(), 2)
  for (const extra of [{ range: 1 }, { requestState: 's' }, { inputResponses: {} }]) {
    await client.raw.readResource({ uri: 'a://b', ...extra })
    await client.raw.readResource({ uri: 'a://b', ...extra })
  }
  assert.is(count(), 8)
  await client.raw.readResource({ uri: 'a://b', _meta: { 'com.example/tenant': 'x' } })
  assert.is(count(), 9)
  await client.read('a://b', { meta: { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' } })
  assert.is(count(), 9)
})

test('C-CACHE-02, C-CACHE-10: what is private is for one principal, what is public for all', async () => {
  let principal: string | undefined = 'ann'
  const scopes: Script = ({ uri }) => ({ contents: [], ttlMs: 1000, cacheScope: String(uri).startsWith('public') ? 'public' : 'private' })
  const { client, count } = await kept({ 'resources/read': scopes }, {}, { principal: () => principal })
  const both = async (): Promise<number> => {
    await client.read('public://a')
    await client.read('private://a')
    return count()
  }
  assert.is(await both(), 2)
  assert.is(await both(), 2)
  principal = 'bob'
  assert.is(await both(), 3)
  principal = 'ann'
  assert.is(await both(), 4)
  principal = undefined
  assert.is(await both(), 5)
  assert.is(await both(), 6)
})

test('C-CACHE-02: an answer that was asked for as one and came as another is kept for nobody', async () => {
  let principal = 'ann'
  const script: Script = () => {
    principal = 'bob'
    return { contents: [], ttlMs: 1000, cacheScope: 'private' }
  }
  const { client, count } = await kept({ 'resources/read': script }, {}, { principal: () => principal })
  await client.read('a://b')
  await client.read('a://b')
  assert.is(count(), 2)
})

test('C-CACHE-03, C-MRTR-10: what came after an answer to a question is not kept', async () => {
  const script: Script = ({ inputResponses }) =>
    inputResponses === undefined
      ? { resultType: 'input_required', inputRequests: { who: { method: 'roots/list' } } }
      : { contents: [], ttlMs: 1000, cacheScope: 'public' }
  const { client, count } = await kept({ 'resources/read': script }, { answers: { roots: [] } })
  await client.read('a://b')
  await client.read('a://b')
  assert.is(count(), 4)
  await client.raw.readResource({ uri: 'a://b' }, { rounds: 0 })
  await client.raw.readResource({ uri: 'a://b' }, { rounds: 0 })
  assert.is(count(), 6)
})

for (const scope of [undefined, 'shared', 7]) {
  test(`C-CACHE-04: a cacheScope of ${String(scope)} is private`, async () => {
    let principal = 'ann'
    const { client, count } = await kept(
      { 'resources/read': ({ uri }) => ({ contents: [{ uri, text: '' }], ttlMs: 1000, cacheScope: scope }) },
      {},
      { principal: () => principal },
    )
    await client.read('a://b')
    await client.read('a://b')
    assert.is(count(), 1)
    principal = 'bob'
    await client.read('a://b')
    assert.is(count(), 2)
  })
}

const listen: Script = (params, { id }, peer) => {
  peer.notify('notifications/subscriptions/acknowledged', { notifications: params['notifications'], _meta: { [META.subscription]: id } })
  return SILENCE
}

const LISTS = [
  ['tools', 'notifications/tools/list_changed', ['tools/list']],
  ['prompts', 'notifications/prompts/list_changed', ['prompts/list']],
  ['resourceList', 'notifications/resources/list_changed', ['resources/list', 'resources/templates/list']],
] as const

for (const [kind, notice, methods] of LISTS) {
  test(`C-CACHE-05, C-SUB-07: ${notice} invalidates ${methods.join(' and ')} at once, and nothing else`, async () => {
    const list: Script = () => ({ tools: [], prompts: [], resources: [], resourceTemplates: [], ttlMs: 1e6, cacheScope: 'public' })
    const all = ['tools/list', 'prompts/list', 'resources/list', 'resources/templates/list'] as const
    const { client, peer, count } = await kept({ ...Object.fromEntries(all.map(method => [method, list])), 'subscriptions/listen': listen })
    const subscription = client.listen({ [kind]: true })
    await subscription.ready
    const fetchAll = () => Promise.all([client.tools(), client.prompts(), client.resources(), client.templates()])
    await fetchAll()
    await fetchAll()
    for (const method of all) assert.is(count(method), 1)
    peer.notify(notice, { _meta: { [META.subscription]: peer.all('subscriptions/listen')[0]?.id } })
    await fetchAll()
    for (const method of all) assert.is(count(method), (methods as readonly string[]).includes(method) ? 2 : 1, method)
    subscription.close()
  })
}

test('C-CACHE-05: news of a resource invalidates it, what is below, and what it is below of', async () => {
  const { client, peer, count } = await kept({ 'resources/read': read(1e6), 'subscriptions/listen': listen })
  const subscription = client.listen({ resources: ['logs://api'] })
  await subscription.ready
  const uris = ['logs://api', 'logs://api/1', 'logs://api/1/2', 'logs://apis', 'logs://web']
  for (const uri of uris) await client.read(uri)
  peer.notify('notifications/resources/updated', {
    uri: 'logs://api/1',
    _meta: { [META.subscription]: peer.all('subscriptions/listen')[0]?.id },
  })
  for (const uri of uris) await client.read(uri)
  assert.equal(
    peer
      .all('resources/read')
      .slice(uris.length)
      .map(({ params }) => params['uri']),
    uris.slice(0, 3),
  )
  assert.is(count(), 8)
  subscription.close()
})

test('C-CACHE-05: news that overtakes an answer counts', async () => {
  const { client, peer, count } = await kept({ 'resources/read': () => SILENCE, 'subscriptions/listen': listen })
  const subscription = client.listen({ resources: ['a://b'] })
  await subscription.ready
  const first = client.read('a://b')
  const { id } = await peer.next(({ method }) => method === 'resources/read')
  peer.notify('notifications/resources/updated', { uri: 'a://b', _meta: { [META.subscription]: peer.all('subscriptions/listen')[0]?.id } })
  peer.reply(id as number, { resultType: 'complete', contents: [], ttlMs: 1e6, cacheScope: 'public' })
  await first
  void client.read('a://b').catch(() => {})
  await settled()
  assert.is(count(), 2)
  subscription.close()
  await client.close()
})

test('C-CACHE-06: a cursor that is not good any more drops all pages, and the list begins anew', async () => {
  let generation = 1
  const script: Script = ({ cursor }) => {
    if (cursor === undefined)
      return {
        tools: [{ name: `a${generation}`, inputSchema: { type: 'object' } }],
        nextCursor: `${generation}`,
        ttlMs: 1e6,
        cacheScope: 'public',
      }
    if (cursor !== `${generation}` || generation > 2) throw new Refusal(-32602, 'Invalid cursor')
    return { tools: [{ name: `b${generation}`, inputSchema: { type: 'object' } }], ttlMs: 0, cacheScope: 'public' }
  }
  const { client, count } = await kept({ 'tools/list': script })
  const names = async (): Promise<string[]> => (await client.tools()).map(({ name }) => name)
  assert.equal(await names(), ['a1', 'b1'])
  generation = 2
  assert.equal(await names(), ['a2', 'b2'])
  assert.is(count('tools/list'), 5)
  generation = 3
  assert.is((await failureOf(names()))['code'], -32602)
})

test('C-CACHE-07: nothing is asked because time passes', async () => {
  const { client, peer, clock } = await kept({ 'resources/read': read(10) })
  await client.read('a://b')
  const before = peer.sent.length
  clock.advance(1e9)
  await settled()
  assert.is(peer.sent.length, before)
  assert.is(clock.pending, 0)
})

test('C-CACHE-08: what is stale answers for a server that cannot be reached, when that is asked for', async () => {
  for (const staleOnError of [true, false]) {
    let broken = false
    const script: Script = params => {
      if (broken) throw new Failure(new ConnectionClosed('no'))
      return read(10)(params, undefined as never, undefined as never)
    }
    const { client, clock } = await kept({ 'resources/read': script }, { heal: false, cache: { staleOnError } })
    const first = await client.read('a://b')
    broken = true
    clock.advance(11)
    if (staleOnError) assert.equal(await client.read('a://b'), first)
    else await failureOf(client.read('a://b'))
  }
})

test('C-CACHE-08: an error of the server is never papered over', async () => {
  let gone = false
  const script: Script = params => {
    if (gone) throw new Refusal(-32602, 'gone', { uri: 'a://b' })
    return read(10)(params, undefined as never, undefined as never)
  }
  const { client, clock } = await kept({ 'resources/read': script }, { cache: { staleOnError: true } })
  await client.read('a://b')
  gone = true
  clock.advance(11)
  assert.is((await failureOf(client.read('a://b')))['code'], -32602)
})

test('C-CACHE-09: nothing is kept for more than a day', async () => {
  const { client, clock, count } = await kept({ 'resources/read': read(1e15) })
  await client.read('a://b')
  clock.advance(86_400_000 - 1)
  await client.read('a://b')
  assert.is(count(), 1)
  clock.advance(1)
  await client.read('a://b')
  assert.is(count(), 2)
})

test('C-CACHE-09: entries and their size are bounded, and the least used goes first', async () => {
  const { client, peer, count } = await kept({ 'resources/read': read(1e6) }, { cache: { entries: 2 } })
  for (const uri of ['a://1', 'a://2', 'a://1', 'a://3', 'a://1']) await client.read(uri)
  assert.is(count(), 3)
  await client.read('a://2')
  assert.is(count(), 4)
  const large: Script = ({ uri }) => ({ contents: [{ uri, text: 'x'.repeat(300) }], ttlMs: 1e6, cacheScope: 'public' })
  const small = await kept({ 'resources/read': large }, { cache: { characters: 1000 } })
  await small.client.read('a://1')
  await small.client.read('a://1')
  assert.is(small.count(), 2)
  assert.ok(peer)
})

test('C-CACHE-09: the time of day may jump', async () => {
  const peer = stateless({ 'resources/read': read(60_000) })
  const client = await Client.open(peer.connector)
  await client.read('a://b')
  const { now } = Date
  Date.now = () => now() + 1e9
  try {
    await client.read('a://b')
  } finally {
    Date.now = now
  }
  assert.is(peer.all('resources/read').length, 1)
})

test('C-CACHE-10: two clients share nothing, whatever they connect to', async () => {
  const peer = stateless({ 'resources/read': read(60_000, 'public') })
  for (let i = 0; i < 2; i++) await (await Client.open(peer.connector)).read('a://b')
  assert.is(peer.all('resources/read').length, 2)
})

test('callers get copies of their own', async () => {
  const { client } = await kept({ 'resources/read': read(1000) })
  const first = await client.read('a://b')
  ;(first[0] as { uri: string }).uri = 'changed'
  assert.is((await client.read('a://b'))[0]?.uri, 'a://b')
  const second = await client.read('a://b')
  ;(second[0] as { uri: string }).uri = 'changed'
  assert.is((await client.read('a://b'))[0]?.uri, 'a://b')
})

test('fresh asks the server, and cache: false always does', async () => {
  const one = await kept({ 'resources/read': read(1000) })
  await one.client.read('a://b')
  await one.client.read('a://b', { fresh: true })
  await one.client.read('a://b')
  assert.is(one.count(), 2)
  const two = await kept({ 'resources/read': read(1000) }, { cache: false })
  await two.client.read('a://b')
  await two.client.read('a://b')
  assert.is(two.count(), 2)
})

test('a caller that gave up gets nothing, though it is kept', async () => {
  const { client } = await kept({ 'resources/read': read(1000) })
  await client.read('a://b')
  assert.is((await failureOf(client.read('a://b', { signal: AbortSignal.abort() })))['code'], 'CANCELLED')
})

test('sessions say nothing of how long an answer is good, and nothing is kept', async () => {
  const peer = sessional('2025-11-25', { 'resources/read': () => ({ contents: [] }) })
  const client = await Client.open(peer.connector)
  await client.read('a://b')
  await client.read('a://b')
  assert.is(peer.all('resources/read').length, 2)
})

test.run()
