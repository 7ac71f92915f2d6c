/** The server half of HTTP+SSE (2024-11-05), behind each of its doors, on real sockets. */
import { createServer } from 'node:http'
import { bearer, Fault, SESSION_REVISIONS, type Listener } from '@oarlock/protocol'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { http, toFetchSse, toNodeSse, type SseDoorOptions } from '../src/index.ts'
import { bridge, serve, type Open } from './doors.ts'
import { TestService } from './service.ts'
import { ask, stream, type Events } from './wire.ts'

const cleanUp: (() => unknown)[] = []

type OpenSse = (service: TestService, options?: SseDoorOptions) => Promise<Open>

const DOORS: readonly (readonly [string, OpenSse])[] = [
  [
    'node',
    (service, options) => {
      const door = toNodeSse(service, options)
      return serve(createServer(door), door)
    },
  ],
  [
    'fetch',
    (service, options) => {
      const door = toFetchSse(service, options)
      return serve(
        createServer((req, res) => void bridge(req, res, door)),
        door,
      )
    },
  ],
]

const GET = { method: 'GET', path: '/old', headers: { accept: 'text/event-stream' } }
const initialize = (revision = '2024-11-05', id: unknown = 1) => ({
  jsonrpc: '2.0',
  id,
  method: 'initialize',
  params: { protocolVersion: revision, capabilities: {}, clientInfo: { name: 'c', version: '1' } },
})
const call = (name: string, args: object = {}, id: unknown = 2) => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name, arguments: args },
})

/** Opens a stream and reads where to post. */
async function begin(port: number, headers: Record<string, string> = {}): Promise<{ events: Events; path: string }> {
  const events = await stream(port, { ...GET, headers: { ...GET.headers, ...headers } })
  cleanUp.push(() => events.leave())
  assert.is(events.status, 200)
  const first = await events.next()
  assert.is(first?.event, 'endpoint')
  const url = new URL(first?.data ?? '', `http://127.0.0.1:${port}/old`)
  return { events, path: `${url.pathname}${url.search}` }
}

for (const [name, open] of DOORS) {
  const test = suite(`http+sse behind ${name}`)
  test.after.each(async () => {
    for (const clean of cleanUp.splice(0).toReversed()) await clean()
  })
  const started = async (options?: SseDoorOptions, service = new TestService()): Promise<Open & { service: TestService }> => {
    const opened = await open(service, options)
    cleanUp.push(() => opened.close())
    return { ...opened, service }
  }

  test('S-SSE-01 GET opens a stream whose first event says where to post', async () => {
    const { port } = await started()
    const { events, path } = await begin(port)
    assert.match(events.headers['content-type'] ?? '', 'text/event-stream')
    assert.match(path, /^\/old\?sessionId=[0-9a-f]{32}$/)
  })

  test('S-SSE-02 S-SSE-03 a POST is accepted with 202 and answered on the stream by a message event', async () => {
    const { port } = await started()
    const { events, path } = await begin(port)
    const answer = await ask(port, { path, body: initialize() })
    assert.is(answer.status, 202)
    assert.is(answer.text, '')
    const event = await events.next()
    assert.is(event?.event, 'message')
    assert.is(JSON.parse(event?.data ?? '').result.protocolVersion, '2024-11-05')
    await ask(port, { path, body: call('progress', { n: 2 }) })
    const got = [await events.message(), await events.message(), await events.message()]
    assert.equal(
      got.map(each => each.method ?? each.id),
      ['notifications/progress', 'notifications/progress', 2],
    )
  })

  test('S-SSE-03 a question to the client is answered by a POST', async () => {
    const { port } = await started()
    const { events, path } = await begin(port)
    await ask(port, { path, body: initialize() })
    await events.next()
    await ask(port, { path, body: call('ask') })
    const question = await events.message()
    assert.is(question.method, 'roots/list')
    assert.is((await ask(port, { path, body: { jsonrpc: '2.0', id: question.id, result: { roots: [] } } })).status, 202)
    assert.is((await events.message()).id, 2)
  })

  test('S-SSE-03 a POST to an unknown session is answered with 404, and one without a session too', async () => {
    const { port } = await started()
    assert.is((await ask(port, { path: `/old?sessionId=${'0'.repeat(32)}`, body: initialize() })).status, 404)
    assert.is((await ask(port, { path: '/old', body: initialize() })).status, 404)
  })

  test('S-SSE-04 foreign origins and hosts are refused on the stream and on the POST', async () => {
    const { port } = await started()
    const { path } = await begin(port)
    for (const headers of [{ origin: 'http://evil.example' }, { host: 'evil.example' }]) {
      assert.is((await ask(port, { ...GET, headers: { ...GET.headers, ...headers } })).status, 403)
      assert.is((await ask(port, { path, headers, body: initialize() })).status, 403)
    }
  })

  test('S-SSE-05 T7: a session is bound to the principal who opened it', async () => {
    const authenticate = (head: { headers?: { get(name: string): string | undefined } | undefined }) => {
      const id = head.headers?.get('authorization')
      return id === undefined ? new Fault('UNAUTHENTICATED') : { id }
    }
    const { port } = await started({ authenticate })
    assert.is((await ask(port, GET)).status, 401)
    const { events, path } = await begin(port, { authorization: 'ada' })
    assert.is((await ask(port, { path, body: initialize() })).status, 401)
    assert.is((await ask(port, { path, headers: { authorization: 'eve' }, body: initialize() })).status, 404)
    assert.is((await ask(port, { path, headers: { authorization: 'ada' }, body: initialize() })).status, 202)
    assert.is((await events.message()).id, 1)
  })

  test('S-SSE-06 the end of the stream ends the session', async () => {
    const { port, service } = await started()
    const { events, path } = await begin(port)
    await ask(port, { path, body: initialize() })
    await events.next()
    events.leave()
    await service.connections[0]!.ended.promise
    assert.is((await ask(port, { path, body: call('echo') })).status, 404)
  })

  test('S-SSE-06 a session that the server closes ends the stream', async () => {
    const { port, service } = await started()
    const { events, path } = await begin(port)
    await ask(port, { path, body: initialize() })
    await events.next()
    service.connections[0]!.link.close()
    await events.ended
    assert.is((await ask(port, { path, body: call('echo') })).status, 404)
  })

  for (const revision of SESSION_REVISIONS) {
    test(`S-SSE-07 ${revision} can be negotiated`, async () => {
      const { port } = await started()
      const { events, path } = await begin(port)
      await ask(port, { path, body: initialize(revision) })
      assert.is((await events.message()).result.protocolVersion, revision)
      const headers = { 'mcp-protocol-version': revision }
      assert.is((await ask(port, { path, headers, body: call('echo', { text: 'x' }) })).status, 202)
      assert.is((await events.message()).result.content[0].text, 'x')
    })
  }

  test('S-SSE-07 an envelope of 2026-07-28 is refused with the revisions that are spoken here', async () => {
    const { port, service } = await started()
    const { path } = await begin(port)
    const _meta = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28', 'io.modelcontextprotocol/clientCapabilities': {} }
    const answer = await ask(port, { path, body: { jsonrpc: '2.0', id: 9, method: 'tools/list', params: { _meta } } })
    assert.is(answer.status, 400)
    assert.is(answer.json.error.code, -32022)
    assert.equal(answer.json.error.data.supported, [...SESSION_REVISIONS])
    assert.equal(service.connections[0]!.received, [])
  })

  test('what is no message is refused on the POST', async () => {
    const { port } = await started({ bodyLimit: 1000 })
    const { path } = await begin(port)
    assert.is((await ask(port, { path, body: '{"jsonrpc"' })).status, 400)
    assert.is((await ask(port, { path, body: '{}' })).status, 400)
    assert.is((await ask(port, { path, body: `"${'x'.repeat(2000)}"` })).status, 413)
    assert.is((await ask(port, { path, headers: { 'content-type': 'text/plain' }, body: '{}' })).status, 415)
    assert.is((await ask(port, { method: 'DELETE', path })).status, 405)
    assert.is((await ask(port, { ...GET, headers: { accept: 'text/html' } })).status, 406)
  })

  test('batches are for sessions of 2025-03-26 only', async () => {
    const { port } = await started()
    for (const [revision, status] of [
      ['2025-03-26', 202],
      ['2024-11-05', 400],
    ] as const) {
      const { events, path } = await begin(port)
      await ask(port, { path, body: initialize(revision) })
      await events.next()
      assert.is((await ask(port, { path, body: [call('echo', {}, 5), call('echo', {}, 6)] })).status, status)
      if (status === 202) assert.is((await events.message()).length, 2)
    }
  })

  test('T34: sessions are bounded in number', async () => {
    const { port } = await started({ sessions: { max: 1 } })
    await begin(port)
    const refused = await ask(port, GET)
    assert.is(refused.status, 503)
    assert.is(refused.headers['retry-after'], '60')
  })

  test('row 17: anonymous callers share one half of the sessions, and whoever shows a token finds room', async () => {
    const { port } = await started({ authenticate: bearer(token => ({ id: token }), { optional: true }), sessions: { max: 2 } })
    const { events } = await begin(port)
    const refused = await ask(port, GET)
    assert.equal([refused.status, refused.headers['retry-after']], [503, '60'])
    assert.match(refused.json.error.message, 'Too many anonymous sessions')
    await begin(port, { authorization: 'Bearer ann' })
    events.leave()
    let late = await stream(port, GET)
    for (; late.status === 503; late = await stream(port, GET)) continue
    late.leave()
  })

  test('row 18: a reader that never reads is cut, and its session ends', async () => {
    const { port, service } = await started({ bufferLimit: 65_536 })
    const { events } = await begin(port)
    events.res.pause()
    const connection = service.connections[0]!
    const text = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data: 'x'.repeat(200_000) } })
    for (let i = 0; i < 1000 && !connection.isClosed; i++) {
      void connection.link.send({ kind: 'notice', text, method: 'notifications/message' })
      await new Promise(resolve => setImmediate(resolve))
    }
    await connection.ended.promise
    events.leave()
  })

  test('a door that stops takes no new streams and requests, and closing it ends the streams', async () => {
    const { port, stop, close, service } = await started()
    const { events, path } = await begin(port)
    stop()
    assert.is((await ask(port, GET)).status, 503)
    assert.is((await ask(port, { path, body: initialize() })).status, 503)
    await Promise.all([close(), events.ended])
    assert.is(service.connections[0]!.isClosed, true)
  })

  test('the POST path can be another', async () => {
    const { port } = await started({ messagesPath: '/old/messages' })
    const { path } = await begin(port)
    assert.match(path, /^\/old\/messages\?sessionId=/)
  })

  test.run()
}

const own = suite('http+sse of a server of its own')
own.after.each(async () => {
  for (const clean of cleanUp.splice(0).toReversed()) await clean()
})

async function listen(options: Parameters<typeof http>[0], service = new TestService()): Promise<{ listener: Listener; port: number }> {
  const listener = await http({ port: 0, ...options }).listen(service)
  cleanUp.push(() => listener.close())
  return { listener, port: Number(new URL(listener.address).port) }
}

own('S-SSE-05 it is off by default', async () => {
  const { port } = await listen({})
  assert.is((await ask(port, { ...GET, path: '/sse' })).status, 404)
})

own('S-SSE-05 it runs beside Streamable HTTP on paths of its own', async () => {
  const { port } = await listen({ sse: true })
  const events = await stream(port, { ...GET, path: '/sse' })
  cleanUp.push(() => events.leave())
  const path = (await events.next())?.data ?? ''
  assert.match(path, /^\/messages\?sessionId=[0-9a-f]{32}$/)
  assert.is((await ask(port, { path, body: initialize() })).status, 202)
  assert.is((await events.message()).id, 1)
  assert.is((await ask(port, { body: initialize('2025-11-25') })).status, 200)
})

own('paths can be chosen, but not that of Streamable HTTP, and a server without old revisions has none', async () => {
  const { port } = await listen({ sse: { path: '/a', messagesPath: '/b' } })
  const events = await stream(port, { ...GET, path: '/a' })
  cleanUp.push(() => events.leave())
  assert.match((await events.next())?.data ?? '', /^\/b\?/)
  const refused = async (options: Parameters<typeof http>[0], service = new TestService()): Promise<void> => {
    try {
      await listen(options, service)
    } catch (cause) {
      return assert.instance(cause, TypeError)
    }
    assert.unreachable()
  }
  await refused({ sse: { path: '/mcp' } })
  await refused({ sse: { messagesPath: '//evil.example/' } })
  const modern = new TestService()
  modern.revisions = ['2026-07-28']
  await refused({ sse: true }, modern)
})

own.run()
