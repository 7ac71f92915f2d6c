/** Ids that are used twice at once, and versions that are only looked at once. */
import { META, REVISIONS, type Listener } from '@oarlock/protocol'
import { raw, type RawMessage, type RawPeer } from '@oarlock/testing'
import { Server, ws } from 'oarlock'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ask, call, modern, openSession, stream, tool } from '../../packages/http/test/wire.ts'
import { opened } from '../../packages/ws/test/wire.ts'
import { house } from './house.ts'
import { houseProcess, next } from './process.ts'
import { closeAll, serve } from './served.ts'

const test = suite('ids and versions')
test.after.each(closeAll)

/** A tool that waits until it is let go. */
function patient(): { server: Server; letGo: () => void; started: (count: number) => Promise<void> } {
  const server = new Server({ name: 'patient', version: '1', log: false })
  const waiting: (() => void)[] = []
  let wake: (() => void) | undefined
  server.tool('wait', { input: { type: 'object' } }, async args => {
    await new Promise<void>(resolve => {
      waiting.push(resolve)
      wake?.()
    })
    return JSON.stringify(args)
  })
  return {
    server,
    letGo: () => {
      for (const resolve of waiting.splice(0)) resolve()
    },
    started: async count => {
      while (waiting.length < count) {
        await new Promise<void>(resolve => {
          wake = resolve
        })
      }
    },
  }
}

const answered = (peer: RawPeer, id: number) => peer.until(message => message.id === id && message.result !== undefined)
const textOf = ({ result }: RawMessage) => (result as { content: { text: string }[] } | undefined)?.content[0]?.text

test('S-LEG-01: a server that insists on initialize refuses what comes before it over a socket, and requests that stand alone need none', async () => {
  const { server } = patient()
  const strict = new Server({ name: 'strict', version: '1', log: false, requireInitialize: true })
  strict.tool('echo', {}, () => 'ok')
  for (const [each, expected] of [
    [server, undefined],
    [strict, -32600],
  ] as const) {
    const [listener] = (await each.listen(ws({ port: 0 }))) as [Listener]
    const socket = await opened(Number(new URL(listener.address).port))
    socket.request(1, 'tools/list', {})
    assert.is((await socket.message()).error?.code, expected)
    socket.request(2, 'ping', {})
    assert.equal((await socket.message()).result, {})
    socket.socket.destroy()
  }
  const { port } = await serve(strict, { sessions: false })
  const alone = await ask(port, {
    headers: { 'mcp-protocol-version': '2025-11-25' },
    body: { jsonrpc: '2.0', id: 1, method: 'tools/list' },
  })
  assert.is(alone.status, 200)
  assert.is((await ask(port, modern('tools/list'))).status, 200)
  await server.close({ within: 0 })
})

test('T36: in a session over HTTP a second request with an id in flight is refused, the first is answered, and the id is free again', async () => {
  const { server, letGo, started } = patient()
  const { port } = await serve(server)
  const headers = await openSession(port)
  const first = ask(port, { headers, body: call('wait', { n: 1 }, 7) })
  await started(1)
  for (const n of [2, 3]) {
    const { status, json } = await ask(port, { headers, body: call('wait', { n }, 7) })
    assert.equal([status, json.error.code], [400, -32600])
  }
  // Another session, and another type of id, have nothing to do with it.
  const other = ask(port, { headers: await openSession(port), body: call('wait', { n: 4 }, 7) })
  const text = ask(port, { headers, body: call('wait', { n: 5 }, '7') })
  await started(3)
  letGo()
  for (const [answer, n] of [
    [first, 1],
    [other, 4],
    [text, 5],
  ] as const) {
    assert.is((await answer).json.result.content[0].text, `{"n":${n}}`)
  }
  const again = ask(port, { headers, body: call('wait', { n: 6 }, 7) })
  await started(1)
  letGo()
  assert.is((await again).json.result.content[0].text, '{"n":6}')
})

test('T36: stateless requests with the same id over HTTP are exchanges of their own', async () => {
  const { server, letGo, started } = patient()
  const { port } = await serve(server)
  const answers = Array.from({ length: 20 }, (_, n) => ask(port, tool('wait', { n }, 1)))
  await started(20)
  letGo()
  for (const [n, answer] of answers.entries()) assert.is((await answer).json.result.content[0].text, `{"n":${n}}`)
})

test('T36: on one connection it is refused whichever way the two converse, and none hangs', async () => {
  const { server, letGo, started } = patient()
  const peer = raw(server)
  await peer.initialize('2025-11-25')
  peer.send({ id: 5, method: 'tools/call', params: { name: 'wait', arguments: { n: 1 } } })
  await started(1)
  const before = peer.received.length
  peer.send({ ...(tool('wait', { n: 2 }, 5).body as object) })
  peer.send({ id: 5, method: 'tools/call', params: { name: 'wait', arguments: { n: 3 } } })
  peer.send({ id: 5, method: 'ping' })
  assert.equal(
    peer.received.slice(before).map(({ id, error }) => [id, error?.code]),
    [
      [5, -32600],
      [5, -32600],
      [5, -32600],
    ],
  )
  letGo()
  assert.is(textOf(await answered(peer, 5)), '{"n":1}')
  await server.close()
})

test('T36: an id that is cancelled is free, and the late work answers nobody', async () => {
  const { server, letGo, started } = patient()
  const peer = raw(server)
  await peer.initialize('2025-06-18')
  peer.send({ id: 5, method: 'tools/call', params: { name: 'wait', arguments: { n: 1 } } })
  await started(1)
  peer.send({ method: 'notifications/cancelled', params: { requestId: 5 } })
  peer.send({ id: 5, method: 'tools/call', params: { name: 'wait', arguments: { n: 2 } } })
  await started(2)
  letGo()
  assert.is(textOf(await answered(peer, 5)), '{"n":2}')
  assert.is(peer.received.filter(({ id }) => id === 5).length, 1)
  await server.close()
})

test('T36: a subscription whose id is in use is refused, and the first goes on', async () => {
  const { server } = house()
  const peer = raw(server)
  const params = { notifications: { toolsListChanged: true }, _meta: modern('x').body.params._meta as object }
  peer.send({ id: 1, method: 'subscriptions/listen', params })
  await peer.until(({ method }) => method === 'notifications/subscriptions/acknowledged')
  peer.send({ id: 1, method: 'subscriptions/listen', params })
  assert.is((await peer.until(({ id }) => id === 1)).error?.code, -32600)
  server.tool('later', {}, () => 'x')
  await peer.until(({ method }) => method === 'notifications/tools/list_changed')
  await server.close()
})

const laundered = (version: string) => {
  const { body } = tool('echo', { text: 'x' }, 'laundered')
  return { ...body, params: { ...body.params, _meta: { ...body.params._meta, [META.version]: version } } }
}
const NOT_SPOKEN = ['2099-01-01', '2025-11-25', '2024-11-05', '2026-07-29', '1', '']

test('T37: over stdio the version of every request is looked at, whatever was agreed on before', async () => {
  const peer = houseProcess()
  const send = (message: object) => peer.write(`${JSON.stringify(message)}\n`)
  const refused = async () => {
    for (const version of NOT_SPOKEN) {
      send(laundered(version))
      const { error } = await next(peer)
      assert.is(error?.code, -32022, version)
      assert.equal(error?.data, { supported: ['2026-07-28'], requested: version })
    }
  }
  await refused()
  send(tool('echo', { text: 'x' }, 1).body)
  assert.ok((await next(peer)).result)
  await refused()
  const clientInfo = { name: 'x', version: '1' }
  send({ jsonrpc: '2.0', id: 2, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo } })
  assert.ok((await next(peer)).result)
  await refused()
  send({ jsonrpc: '2.0', id: 3, method: 'ping' })
  assert.ok((await next(peer)).result, 'and the session lives on')
  await peer.end()
})

test('T37: over HTTP a session lends its version to nobody', async () => {
  const { server, ran } = house()
  const { port } = await serve(server)
  const session = await openSession(port)
  for (const version of NOT_SPOKEN) {
    const headers = { ...tool('echo').headers, 'mcp-protocol-version': version }
    for (const more of [{}, session]) {
      const { status, json } = await ask(port, { headers: { ...more, ...headers }, body: laundered(version) })
      assert.equal([status, json.error.code], [400, -32022], version)
    }
  }
  for (const version of ['2099-01-01', '2026-07-28', '', 'x']) {
    const { status } = await ask(port, { headers: { ...session, 'mcp-protocol-version': version }, body: call('echo', { text: 'x' }) })
    assert.is(status, 400, version)
  }
  assert.equal(ran, [])
})

test('T37: a handshake never agrees on a version that has none', async () => {
  const { server } = house()
  const { port } = await serve(server)
  for (const protocolVersion of [...NOT_SPOKEN, '2026-07-28']) {
    const params = { protocolVersion, capabilities: {}, clientInfo: { name: 'x', version: '1' } }
    const { json } = await ask(port, { body: { jsonrpc: '2.0', id: 1, method: 'initialize', params } })
    const agreed = json.result.protocolVersion as string
    assert.is(agreed, REVISIONS.slice(0, 4).some(revision => revision === protocolVersion) ? protocolVersion : '2025-11-25')
  }
})

test('T37: a subscription claims a version like everything else', async () => {
  const { server } = house()
  const { port } = await serve(server)
  const { headers, body } = modern('subscriptions/listen', { notifications: { toolsListChanged: true } })
  const params = { ...body.params, _meta: { ...body.params._meta, [META.version]: '2099-01-01' } }
  const answer = await stream(port, { headers: { ...headers, 'mcp-protocol-version': '2099-01-01' }, body: { ...body, params } })
  assert.is(answer.status, 400)
  answer.leave()
})

test.run()
