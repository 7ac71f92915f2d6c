import { rules } from '@oarlock/resources'
import { connected, envelope, raw, type Json } from '@oarlock/testing'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { resultOf } from './answers.ts'
import { by, serving, Shelf } from './shelf.ts'

const test = suite('what callers may know of')

test('row 17: what access refuses is not listed, completed, read or followed, and reads like what does not exist', async () => {
  const access = rules([{ uri: 'shelf://hr/**', roles: ['hr'] }, { uri: '**' }])
  const shelf = new Shelf({ access }).put('a', 'A').put('hr/pay', 'secret').put('z', 'Z')
  const server = serving(shelf)
  const seenBy = async (id: string, roles: readonly string[]): Promise<object> => {
    const peer = raw(server, by(id, { roles }))
    await peer.request('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'c', version: '1' } })
    const listed = await peer.request('resources/list')
    const read = await Promise.all(
      ['shelf://hr/pay', 'shelf://hr%2Fpay', 'shelf://%68r/pay', 'shelf://hr/pay?offset=0'].map(uri =>
        peer.request('resources/read', { uri }),
      ),
    )
    const missing = await peer.request('resources/read', { uri: 'shelf://hr/none' })
    const subscribed = await peer.request('resources/subscribe', { uri: 'shelf://hr%2Fpay' })
    const completed = await peer.request('completion/complete', {
      ref: { type: 'ref/resource', uri: 'shelf://{+path}{?offset,length}' },
      argument: { name: 'path', value: '' },
    })
    return {
      listed: resultOf<{ resources: { uri: string }[] }>(listed).resources.map(({ uri }) => uri),
      read: read.map(({ error }) => error?.code),
      alike: read[0]?.error?.message.replace('pay', 'none') === missing.error?.message,
      subscribed: subscribed.error?.code,
      completed: resultOf<{ completion: { values: string[] } }>(completed).completion.values,
    }
  }
  const none = -32002
  assert.equal(await seenBy('eve', []), {
    listed: ['shelf:index', 'shelf://a', 'shelf://z'],
    read: [none, none, none, none],
    alike: true,
    subscribed: none,
    completed: ['a', 'z'],
  })
  assert.equal(await seenBy('ann', ['hr']), {
    listed: ['shelf:index', 'shelf://a', 'shelf://hr/pay', 'shelf://z'],
    read: [undefined, undefined, undefined, undefined],
    alike: false,
    subscribed: undefined,
    completed: ['a', 'hr/pay', 'z'],
  })
  await server.close()
})

test('row 17: a stream of news takes up what its caller may read, and nothing else', async () => {
  const access = rules([{ uri: 'shelf://hr/**', roles: ['hr'] }, { uri: '**' }])
  const shelf = new Shelf({ access }).put('a', 'A').put('hr/pay', 'secret')
  const server = serving(shelf)
  const uris = ['shelf://a', 'shelf://hr/pay', 'shelf://hr%2Fpay', 'shelf://a/../hr/pay', 'shelf:none']
  const honoured = async (roles: readonly string[]): Promise<unknown> => {
    const peer = raw(server, by('somebody', { roles }))
    peer.send({ id: 1, method: 'subscriptions/listen', params: { notifications: { resourceSubscriptions: uris }, _meta: envelope() } })
    const { params } = await peer.until(({ method }) => method === 'notifications/subscriptions/acknowledged')
    return (params?.['notifications'] as Json | undefined)?.['resourceSubscriptions']
  }
  assert.equal(await honoured([]), ['shelf://a'])
  assert.equal(await honoured(['hr']), ['shelf://a', 'shelf://hr/pay', 'shelf://hr%2Fpay'])
  await server.close()
})

test('a listing of which little is allowed goes on to its end', async () => {
  const shelf = new Shelf({ access: uri => !uri.includes('hidden') })
  shelf.page = 1
  for (let index = 0; index < 5_000; index += 1) shelf.put(`hidden${index}`, '')
  shelf.put('zz', 'last')
  await using pair = await connected(serving(shelf))
  assert.equal(
    (await pair.client.resources()).map(({ uri }) => uri),
    ['shelf:index', 'shelf://zz'],
  )
  assert.ok(shelf.log.filter(line => line.startsWith('list')).length < 10)
})

test('an access rule that throws refuses and is reported', async () => {
  const reported: string[] = []
  const access = (): boolean => {
    throw new Error('broken rule')
  }
  const shelf = new Shelf({ access, onError: (cause, where) => reported.push(`${where}: ${(cause as Error).message}`) }).put('a', 'A')
  await using pair = await connected(serving(shelf))
  await pair.client.read('shelf://a').then(
    () => assert.unreachable(),
    (cause: Error) => assert.match(cause.message, /not found/i),
  )
  assert.equal(reported, ['access to shelf://a: broken rule'])
})

test.run()
