/** How a client finds out how a server speaks: DIGEST 3.6, row by row. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { RemoteFault } from '../src/error.ts'
import { fakeClock, REVISIONS, type Revision, SESSION_REVISIONS, Unsupported } from '@oarlock/protocol'
import { Client } from '../src/client.ts'
import type { ClientOptions } from '../src/options.ts'
import { CALCULATOR, Failure, failureOf, Peer, Refusal, type Script, sessional, settled, SILENCE, stateless } from './scripted.ts'

const test = suite('negotiate')

const open = (peer: Peer, options?: ClientOptions): Promise<Client> => Client.open(peer.connector, options)
const methods = (peer: Peer): (string | undefined)[] => peer.sent.map(({ method }) => method)
const status = (status: number): Failure => new Failure(Object.assign(new Error(`HTTP ${status}`), { status }))
const fails = (failure: Failure): Script => {
  return () => {
    throw failure
  }
}
const refuses = (code: number, data?: unknown): Script => {
  return () => {
    throw new Refusal(code, 'no', data)
  }
}

/** A server that reacts to the probe by a script, and shakes hands as 2025-06-18. */
function odd(discover: Script, options?: { headers: boolean }): Peer {
  return sessional('2025-06-18', { 'server/discover': discover }, options)
}

for (const headers of [false, true]) {
  const where = headers ? 'with headers' : 'on a link'

  test(`a server that describes itself is spoken to without a handshake, ${where}`, async () => {
    const peer = stateless({}, { headers })
    const client = await open(peer)
    assert.is(client.revision, '2026-07-28')
    assert.is(client.conversation, 'stateless')
    assert.equal(methods(peer), ['server/discover'])
    assert.equal(client.server, { info: CALCULATOR, capabilities: { tools: {} }, instructions: 'Add with care', versions: ['2026-07-28'] })
    await client.close()
  })

  for (const code of [-32601, -32600, -32602, -32000, -32001, -32020, -32021, 7]) {
    test(`C-VER-03, C-VER-04: error ${code} to the probe leads to the handshake, ${where}`, async () => {
      const peer = odd(refuses(code), { headers })
      const client = await open(peer)
      assert.is(client.revision, '2025-06-18')
      assert.is(client.conversation, 'session')
      assert.equal(methods(peer), ['server/discover', 'initialize', 'notifications/initialized'])
      assert.is(peer.connections, 1)
    })
  }

  test(`C-VER-02: -32022 that names only foreign revisions is an error and no reason for a handshake, ${where}`, async () => {
    const peer = odd(refuses(-32022, { supported: ['2099-01-01'], requested: '2026-07-28' }), { headers })
    const fault = await failureOf(open(peer))
    assert.ok(Unsupported.is(fault))
    assert.match(fault.message, '2099-01-01')
    assert.equal(methods(peer), ['server/discover'])
    assert.is(peer.closes, 1)
  })

  test(`-32022 that names nothing is an error too, ${where}`, async () => {
    const peer = odd(refuses(-32022), { headers })
    assert.ok(Unsupported.is(await failureOf(open(peer))))
    assert.equal(methods(peer), ['server/discover'])
  })

  test(`C-VER-01: -32022 that names a common revision is tried once more with it, also when that is the one it refused, ${where}`, async () => {
    let refused = 0
    const peer = stateless(
      {
        'server/discover': () => {
          if (refused++ === 0) throw new Refusal(-32022, 'no', { supported: ['2026-07-28'], requested: '2026-07-28' })
          return { supportedVersions: ['2026-07-28'], capabilities: {}, ttlMs: 0, cacheScope: 'public' }
        },
      },
      { headers },
    )
    assert.is((await open(peer)).revision, '2026-07-28')
    assert.is(refused, 2)
  })

  test(`-32022 that refuses what it names for ever is an error and no loop, ${where}`, async () => {
    const peer = odd(refuses(-32022, { supported: ['2026-07-28'], requested: '2026-07-28' }), { headers })
    assert.ok(Unsupported.is(await failureOf(open(peer))))
    assert.equal(methods(peer), ['server/discover', 'server/discover'])
  })

  test(`-32022 that names only revisions with a handshake leads to it, ${where}`, async () => {
    const peer = odd(refuses(-32022, { supported: ['2025-06-18'], requested: '2026-07-28' }), { headers })
    assert.is((await open(peer)).revision, '2025-06-18')
  })

  test(`a description without a common revision leads to the handshake, ${where}`, async () => {
    const peer = odd(() => ({ supportedVersions: ['2099-01-01'], capabilities: {} }), { headers })
    assert.is((await open(peer)).conversation, 'session')
  })

  test(`a malformed description leads to the handshake, ${where}`, async () => {
    const peer = odd(() => ({ hello: 'world' }), { headers })
    assert.is((await open(peer)).conversation, 'session')
  })

  test(`C-VER-16: a handshake that ends in a foreign revision is an error, ${where}`, async () => {
    for (const protocolVersion of ['1999-01-01', '2026-07-28', 7]) {
      const peer = new Peer(
        { initialize: () => ({ protocolVersion, capabilities: {}, serverInfo: CALCULATOR }) },
        { headers, revision: '2025-11-25' },
      )
      const fault = await failureOf(open(peer))
      assert.ok(Unsupported.is(fault))
      assert.match(fault.message, String(protocolVersion))
      assert.not.ok(methods(peer).includes('notifications/initialized'))
      assert.is(peer.closes, 1)
    }
  })

  test(`a server that accepts neither is an error that tells both answers, ${where}`, async () => {
    const peer = new Peer({ 'server/discover': refuses(-32601), initialize: refuses(-32603) }, { headers, revision: '2025-11-25' })
    const fault = await failureOf(open(peer))
    assert.ok(Unsupported.is(fault))
    assert.match(fault.message, /takes neither server\/discover nor initialize: no$/)
  })
}

test('silence leads to the handshake on a link, and the server is not told of the withdrawn probe', async () => {
  const clock = fakeClock()
  const peer = odd(() => SILENCE)
  const opened = open(peer, { clock, probeTimeout: 3000 })
  await peer.next(({ method }) => method === 'server/discover')
  clock.advance(3000)
  assert.is((await opened).revision, '2025-06-18')
  assert.equal(methods(peer), ['server/discover', 'initialize', 'notifications/initialized'])
})

test('a server that was only slow is believed when it says that it knows no handshake', async () => {
  const clock = fakeClock()
  const peer = stateless({
    'server/discover': (_params, { id }) =>
      id === 1 ? SILENCE : { supportedVersions: ['2026-07-28'], capabilities: {}, ttlMs: 0, cacheScope: 'public' },
    initialize: refuses(-32022, { supported: ['2026-07-28'], requested: '2025-11-25' }),
  })
  const opened = open(peer, { clock, probeTimeout: 3000 })
  await peer.next(({ method }) => method === 'server/discover')
  clock.advance(3000)
  assert.is((await opened).revision, '2026-07-28')
  assert.equal(methods(peer), ['server/discover', 'initialize', 'server/discover'])
})

test('C-VER-10: silence is an error with headers', async () => {
  const clock = fakeClock()
  const peer = odd(() => SILENCE, { headers: true })
  const opened = open(peer, { clock, timeout: 5000, probeTimeout: 3000 })
  await peer.next(({ method }) => method === 'server/discover')
  clock.advance(5000)
  assert.is((await failureOf(opened))['code'], 'TIMED_OUT')
  assert.equal(methods(peer), ['server/discover'])
})

test('C-VER-06: a server that exits on the probe is started again and shaken hands with', async () => {
  const peer = odd((_params, _sent, peer) => {
    peer.drop()
    return SILENCE
  })
  const client = await open(peer)
  assert.is(client.revision, '2025-06-18')
  assert.is(peer.connections, 2)
  assert.equal(methods(peer), ['server/discover', 'initialize', 'notifications/initialized'])
})

for (const code of [400, 404, 405, 406, 415]) {
  test(`C-VER-07, C-VER-08: HTTP ${code} without an answer of the protocol leads to the handshake`, async () => {
    const peer = odd(fails(status(code)), { headers: true })
    assert.is((await open(peer)).revision, '2025-06-18')
  })
}

for (const code of [401, 403, 500, 502, 503]) {
  test(`C-VER-09, C-VER-10: HTTP ${code} says nothing about revisions and is the caller's to handle`, async () => {
    const peer = odd(fails(status(code)), { headers: true })
    const fault = await failureOf(open(peer))
    assert.is(fault['status'], code)
    assert.equal(methods(peer), ['server/discover'])
  })
}

for (const code of [500, 503]) {
  test(`C-VER-10: HTTP ${code} says nothing about revisions with an error of the protocol in it either`, async () => {
    const peer = odd(
      (_params, { id }, peer) => {
        const error = { code: -32603, message: 'Internal error' }
        peer.deliver({ kind: 'reply', id, result: undefined, error, status: code })
        return SILENCE
      },
      { headers: true },
    )
    assert.is((await failureOf(open(peer)))['status'], code)
    assert.equal(methods(peer), ['server/discover'])
  })
}

test('C-HTTP-10: an error of the protocol counts also where HTTP brings it without an id', async () => {
  const anonymous = (code: number, data?: unknown): Failure => {
    const reply = { kind: 'reply', id: undefined, result: undefined, error: { code, message: 'no', data } }
    return new Failure(Object.assign(new Error('HTTP 400'), { status: 400, reply }))
  }
  const foreign = odd(fails(anonymous(-32022, { supported: ['2099-01-01'], requested: '2026-07-28' })), { headers: true })
  assert.ok(Unsupported.is(await failureOf(open(foreign))))
  const old = odd(fails(anonymous(-32000)), { headers: true })
  assert.is((await open(old)).revision, '2025-06-18')
  const gate = odd(
    fails(
      new Failure(Object.assign(new Error('HTTP 401'), { status: 401, reply: { kind: 'reply', error: { code: 401, message: 'no' } } })),
    ),
    { headers: true },
  )
  assert.is((await failureOf(open(gate)))['status'], 401)
})

test('C-VER-10: a broken network is an error, not an old server', async () => {
  const peer = odd(fails(new Failure(new Error('ECONNREFUSED'))), { headers: true })
  assert.is((await failureOf(open(peer))).message, 'ECONNREFUSED')
})

for (const revision of REVISIONS) {
  const server = (): Peer => (SESSION_REVISIONS.includes(revision) ? sessional(revision) : stateless())

  test(`C-VER-12: a pinned ${revision} is spoken, and its probe is left out where none is needed`, async () => {
    const peer = server()
    const client = await open(peer, { revision })
    assert.is(client.revision, revision)
    assert.is(peer.sent[0]?.method, SESSION_REVISIONS.includes(revision) ? 'initialize' : 'server/discover')
    assert.is(peer.all('initialize')[0]?.params['protocolVersion'], SESSION_REVISIONS.includes(revision) ? revision : undefined)
  })
}

test('a pinned revision with headers sends nothing ahead of the first call', async () => {
  const peer = stateless({ 'tools/list': () => ({ tools: [], ttlMs: 0, cacheScope: 'public' }) }, { headers: true })
  const client = await open(peer, { revision: '2026-07-28' })
  assert.equal(peer.sent, [])
  assert.is(client.server, undefined)
  assert.equal(await client.tools(), [])
  assert.is((await client.discover()).info?.name, 'calculator')
})

test('C-VER-05: a pinned stateless revision fails clearly on a link to a server that does not know it', async () => {
  const peer = sessional('2025-11-25')
  const fault = await failureOf(open(peer, { revision: '2026-07-28' }))
  assert.ok(Unsupported.is(fault))
  assert.equal(methods(peer), ['server/discover'])
})

test('a pinned revision that the server answers with another is an error', async () => {
  const fault = await failureOf(open(sessional('2024-11-05'), { revision: '2025-06-18' }))
  assert.ok(Unsupported.is(fault))
})

for (const answered of SESSION_REVISIONS) {
  test(`C-LEG-02: a server that answers the handshake with ${answered} is spoken to in it`, async () => {
    const peer = sessional(answered)
    const client = await open(peer)
    assert.is(client.revision, answered satisfies Revision)
    assert.is(peer.all('initialize')[0]?.params['protocolVersion'], '2025-11-25')
  })
}

test('a preferred session revision comes first, and others are taken', async () => {
  const peer = sessional('2024-11-05')
  assert.is((await open(peer, { prefer: '2025-06-18' })).revision, '2024-11-05')
  assert.equal(methods(peer), ['initialize', 'notifications/initialized'])
  assert.is(peer.sent[0]?.params['protocolVersion'], '2025-06-18')
})

test('a preferred session revision gives way to a server that knows no handshake and says what it speaks', async () => {
  const peer = stateless({ initialize: refuses(-32022, { supported: ['2026-07-28'], requested: '2025-06-18' }) })
  assert.is((await open(peer, { prefer: '2025-06-18' })).revision, '2026-07-28')
})

test('a pinned conversation is held in whatever revision has it, and no other is tried', async () => {
  const session = sessional('2025-03-26')
  assert.is((await open(session, { conversation: 'session' })).revision, '2025-03-26')
  assert.equal(methods(session), ['initialize', 'notifications/initialized'])
  assert.is((await open(stateless({}), { conversation: 'stateless' })).revision, '2026-07-28')

  const old = sessional('2025-11-25')
  assert.match((await failureOf(open(old, { conversation: 'stateless' }))).message, /no conversation without a session/)
  assert.equal(methods(old), ['server/discover'])
  const young = stateless({ initialize: refuses(-32022, { supported: ['2026-07-28'], requested: '2025-11-25' }) })
  assert.ok(RemoteFault.is(await failureOf(open(young, { conversation: 'session' }))))
  assert.equal(methods(young), ['initialize'])
})

test('a conversation that the wanted revision does not have is refused at once', async () => {
  const fault = await failureOf(open(stateless({}), { conversation: 'session', revision: '2026-07-28' }))
  assert.match(fault.message, /conversation: 'session' does not go with 2026-07-28/)
})

test('opening can be called off, and the connection does not stay behind', async () => {
  const controller = new AbortController()
  const peer = odd(() => SILENCE)
  const opened = open(peer, { signal: controller.signal })
  await peer.next(({ method }) => method === 'server/discover')
  controller.abort()
  assert.is((await failureOf(opened))['code'], 'CANCELLED')
  await settled()
  assert.is(peer.closes, 1)
})

test.run()
