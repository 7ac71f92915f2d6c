/** A session that is opened anew for handlers of a new kind, while the client is in use: there is one connection, and never one that is nobody's. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { AnswerHandlers } from '../../src/answer/handlers.ts'
import { Client } from '../../src/client.ts'
import type { ClientOptions } from '../../src/options.ts'
import { failureOf, type Peer, type Script, sessional, SILENCE } from '../scripted.ts'

const test = suite('replace')

const ROOTS: AnswerHandlers = { roots: [{ uri: 'file:///work' }] }
const SAMPLE: AnswerHandlers = { sample: () => ({ role: 'assistant', content: { type: 'text', text: 'x' }, model: 'm' }) }
const CALL: Record<string, Script> = { 'tools/call': () => ({ content: [{ type: 'text', text: 'done' }] }) }
const LISTS = { tools: { listChanged: true } }

const standing = (peer: Peer): number => peer.connections - peer.closes

async function open(options: ClientOptions = {}, script = CALL): Promise<{ client: Client; peer: Peer }> {
  const peer = sessional('2025-11-25', script, {}, LISTS)
  return { peer, client: await Client.open(peer.connector, { heal: { firstWait: 2, longestWait: 8 }, ...options }) }
}

for (const heal of [undefined, false] as const) {
  const options: ClientOptions = heal === undefined ? {} : { heal }

  test(`heal ${heal}: requests made beside answer go to the one connection that it opens`, async () => {
    const { client, peer } = await open(options)
    const done = await Promise.all([client.answer(ROOTS), client.call('a'), client.call('b'), client.ping().then(() => 'pong')])
    assert.equal(done, [undefined, 'done', 'done', 'pong'])
    assert.is(peer.connections, 2)
    assert.is(standing(peer), 1)
    await client.close()
    assert.is(standing(peer), 0)
  })

  test(`heal ${heal}: several answers at a time open one connection, which declares them all`, async () => {
    const { client, peer } = await open(options)
    await Promise.all([client.answer(ROOTS), client.answer(SAMPLE), client.call('a')])
    assert.equal(peer.all('initialize').at(-1)?.params['capabilities'], { sampling: {}, roots: { listChanged: true } })
    assert.is(peer.connections, 2)
    assert.is(standing(peer), 1)
    await client.close()
    assert.is(standing(peer), 0)
  })

  test(`heal ${heal}: what is known of the server stays known meanwhile`, async () => {
    const { client } = await open(options)
    const answering = client.answer(ROOTS)
    assert.is(client.revision, '2025-11-25')
    assert.is(client.server?.info?.name, 'calculator')
    await answering
    await client.close()
  })

  test(`heal ${heal}: close beside answer leaves no connection behind`, async () => {
    const { client, peer } = await open(options)
    const answering = failureOf(client.answer(ROOTS))
    await client.close()
    assert.is((await answering)['code'], 'CONNECTION_CLOSED')
    assert.is(standing(peer), 0)
    assert.is((await failureOf(client.call('a')))['code'], 'CONNECTION_CLOSED')
    assert.is(standing(peer), 0)
  })

  test(`heal ${heal}: close in the middle of a handshake ends that connection too`, async () => {
    let shaking: () => void = () => {}
    const handshake = new Promise<void>(resolve => (shaking = resolve))
    let times = 0
    const peer = sessional('2025-11-25', {
      initialize: (_params, _sent, { revision }) => {
        if (++times === 1) return { protocolVersion: revision, capabilities: LISTS, serverInfo: { name: 'a', version: '1' } }
        shaking()
        return SILENCE
      },
    })
    const client = await Client.open(peer.connector, options)
    const answering = failureOf(client.answer(ROOTS))
    await handshake
    await client.close()
    assert.ok(await answering)
    assert.is(peer.connections, 2)
    assert.is(standing(peer), 0)
  })
}

test('a subscription that stood moves to the connection that answer opens', async () => {
  const { client, peer } = await open()
  const subscription = client.listen({ tools: true })
  await subscription.ready
  await client.answer(ROOTS)
  assert.equal((await subscription.next()).value, { kind: 'tools', missed: true })
  assert.is(peer.connections, 2)
  assert.is(standing(peer), 1)
  await client.close()
})

test('an answer that comes while a broken connection is mended waits for that, and is declared', async () => {
  const { client, peer } = await open()
  peer.drop(new Error('EPIPE'))
  const called = client.call('a')
  await client.answer(SAMPLE)
  assert.is(await called, 'done')
  assert.equal(
    peer.all('initialize').map(({ params }) => params['capabilities']),
    [{}, { sampling: {} }],
  )
  assert.is(peer.connections, 2)
  await client.close()
})

test('an answer on a connection that is broken is declared with the next', async () => {
  const { client, peer } = await open()
  await client.call('a')
  peer.drop(new Error('EPIPE'))
  await client.answer(SAMPLE)
  assert.is(peer.connections, 2)
  assert.equal(peer.all('initialize').at(-1)?.params['capabilities'], { sampling: {} })
  await client.close()
})

test('a server that does not come up at once is tried again, and whoever waits gets the connection that stands', async () => {
  const { client, peer } = await open()
  const { connect } = peer.connector
  let refusals = 2
  peer.connector.connect = (receiver, signal) => {
    if (refusals-- > 0) throw Object.assign(new Error('busy'), { status: 503 })
    return connect(receiver, signal)
  }
  assert.equal(await Promise.all([client.answer(ROOTS), client.call('a')]), [undefined, 'done'])
  assert.is(standing(peer), 1)
  await client.close()
})

test('closing leaves no wake-up behind', async () => {
  let waiting = 0
  const clock = {
    now: Date.now,
    after(ms: number, wake: () => void) {
      let left = 1
      waiting += 1
      const leave = (): void => void ((waiting -= left), (left = 0))
      const timer = setTimeout(() => (leave(), wake()), ms)
      return () => (clearTimeout(timer), leave())
    },
  }
  const { client } = await open({ clock })
  await client.call('a')
  const before = waiting
  await client.close()
  assert.ok(waiting < before, `${waiting} of ${before} are left`)
  assert.is(waiting, 0)
})

test.run()
