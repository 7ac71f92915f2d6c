/** The client's side of HTTP, against our server and against servers that do what they are told. */
import { ConnectionClosed, encodeNotice, encodeResult, fakeClock, TooLarge, type Frame, type Link, type Listener } from '@oarlock/protocol'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { http } from '../../src/index.ts'
import { httpConnector, HttpError, SessionLost, type HttpConnectorOptions } from '../../src/client.ts'
import { progress, TestService } from '../service.ts'
import { call, initialize, tool } from '../wire.ts'
import { Recorder } from './recorder.ts'
import { event, events, json, result, scripted, sessionServer, type Script, type Scripted } from './scripted.ts'

const test = suite('http link')

const cleanUp: (() => unknown)[] = []
test.after.each(async () => {
  for (const clean of cleanUp.splice(0).toReversed()) await clean()
})

interface Connected {
  readonly link: Link
  readonly seen: Recorder
}

async function connect(url: string, options: HttpConnectorOptions = {}): Promise<Connected> {
  const seen = new Recorder()
  const link = await httpConnector(url, options).connect(seen)
  cleanUp.push(() => {
    link.close()
    return seen.ended.promise
  })
  return { link, seen }
}

async function ours(service = new TestService()): Promise<{ service: TestService; url: string; listener: Listener }> {
  const listener = await http({ port: 0 }).listen(service)
  cleanUp.push(() => listener.close())
  return { service, url: listener.address, listener }
}

async function theirs(script: Script): Promise<Scripted> {
  const server = await scripted(script)
  cleanUp.push(() => server.close())
  return server
}

/** A stateless request as the client's talk makes it. */
function modern(name: string, args: Record<string, unknown> = {}, id: string | number = 1): Frame {
  const { body } = tool(name, args, id)
  return {
    kind: 'request',
    id,
    method: 'tools/call',
    text: JSON.stringify(body),
    headers: { 'MCP-Protocol-Version': '2026-07-28', 'Mcp-Method': 'tools/call', 'Mcp-Name': name },
  }
}

function legacy(body: any, revision?: string): Frame {
  const kind = body.method === undefined ? 'reply' : body.id === undefined ? 'notice' : 'request'
  return {
    kind,
    text: JSON.stringify(body),
    ...(body.id === undefined ? {} : { id: body.id }),
    ...(body.method === undefined ? {} : { method: body.method }),
    ...(revision === undefined ? {} : { headers: { 'MCP-Protocol-Version': revision } }),
  }
}

async function handshake({ link, seen }: Connected, revision = '2025-11-25'): Promise<void> {
  void link.send(legacy(initialize(revision)))
  await seen.reply(0)
  await link.send(legacy({ jsonrpc: '2.0', method: 'notifications/initialized' }, revision))
}

test('a stateless request is a POST with both media types and the headers of its frame, and nothing of a session (C-HTTP-01, C-HTTP-09)', async () => {
  const server = await theirs((asked, res) => json(res, result(asked.body.id), 200, { 'Mcp-Session-Id': 'sneaky' }))
  const { link, seen } = await connect(`${server.url}?key=1`, { headers: { 'X-Api-Key': 'k', Accept: 'text/html' } })
  for (const id of [1, 2]) {
    assert.is(link.send(modern('echo', {}, id)), undefined)
    await seen.reply(id)
  }
  link.close()
  await seen.ended.promise
  assert.is(server.asked.length, 2, 'no GET, no DELETE')
  for (const { method, url, headers } of server.asked) {
    assert.is(method, 'POST')
    assert.is(url, '/mcp?key=1')
    assert.is(headers['content-type'], 'application/json')
    assert.is(headers['accept'], 'application/json, text/event-stream')
    assert.is(headers['mcp-protocol-version'], '2026-07-28')
    assert.is(headers['mcp-method'], 'tools/call')
    assert.is(headers['mcp-name'], 'echo')
    assert.is(headers['x-api-key'], 'k')
    assert.is(headers['mcp-session-id'], undefined)
    assert.is(headers['last-event-id'], undefined)
  }
})

test('C-HTTP-06: answers come as JSON or as events, from our server', async () => {
  const { url } = await ours()
  const { link, seen } = await connect(url)
  void link.send(modern('echo', { text: 'Grüße 🌍' }, 'a'))
  assert.is((await seen.reply('a')).result.content[0].text, 'Grüße 🌍')
  void link.send(modern('progress', { n: 3 }, 'b'))
  assert.is((await seen.reply('b')).result.content[0].text, 'done')
  assert.equal(
    seen.received.filter(message => message.kind === 'notice').map(message => message.params.progress),
    [1, 2, 3],
  )
  assert.is(seen.failures.size, 0)
})

test('C-HTTP-10: an error with a JSON-RPC body is that error, with the status beside it', async () => {
  const { url } = await ours()
  const { link, seen } = await connect(url)
  void link.send(modern('fail', { fault: 'METHOD_NOT_FOUND' }, 5))
  const reply = await seen.reply(5)
  assert.is(reply.error.code, -32601)
  assert.is(reply.status, 404)
  void link.send(modern('fail', { fault: 'TOOL_NOT_FOUND' }, 6))
  assert.is((await seen.reply(6)).status, undefined)
})

test('C-HTTP-10: an error without a usable body fails its request with the status and what can be known', async () => {
  const cases: [Script, number][] = [
    [(_, res) => res.writeHead(500, { 'Content-Type': 'text/html' }).end('<h1>broken</h1>'), 500],
    [(_, res) => res.writeHead(404).end(), 404],
    [(_, res) => json(res, { jsonrpc: '2.0', id: null, error: { code: -32000, message: 'no' } }, 400), 400],
    [(_, res) => json(res, { jsonrpc: '2.0', error: { code: -32000, message: 'no' } }, 406), 406],
    [
      (asked, res) =>
        json(res, { jsonrpc: '2.0', id: asked.body.id, error: { code: 401, message: 'who' } }, 401, {
          'WWW-Authenticate': 'Bearer scope="x"',
        }),
      401,
    ],
    [(_, res) => json(res, { oauth: 'error' }, 403, { 'WWW-Authenticate': 'Bearer error="insufficient_scope"' }), 403],
    [(_, res) => res.writeHead(204).end(), 204],
    [(_, res) => res.writeHead(202).end(), 202],
    [(_, res) => res.writeHead(200, { 'Content-Type': 'text/html' }).end('<h1>hello</h1>'), 200],
  ]
  for (const [script, status] of cases) {
    const server = await theirs(script)
    const { link, seen } = await connect(server.url)
    void link.send(modern('echo', {}, 7))
    const failure = await seen.failure(7)
    assert.ok(HttpError.is(failure), `${status}: ${String(failure)}`)
    assert.is(failure.status, status)
    if (status === 401) {
      assert.is(failure.wwwAuthenticate, 'Bearer scope="x"')
      assert.is(failure.reply?.error?.code, 401)
    }
    if (status === 400) assert.is(failure.reply?.error?.code, -32000)
    if (status === 500) assert.match(failure.body, /broken/)
    assert.is(seen.received.length, 0)
  }
})

test('a broken stream, a stream without an answer, and a server that is not there fail the request (C-HTTP-08)', async () => {
  const scripts: Script[] = [
    (_, res) => events(res).end(event({ jsonrpc: '2.0', method: 'notifications/message' }, 'id-1')),
    (_, res) => {
      events(res).write(event({ jsonrpc: '2.0', method: 'notifications/message' }, 'id-1'))
      setImmediate(() => res.destroy())
    },
    (_, res) => res.destroy(),
    (_, res) => json(res, result(99)),
  ]
  for (const [i, script] of scripts.entries()) {
    const server = await theirs(script)
    const { link, seen } = await connect(server.url)
    void link.send(modern('echo', {}, 7))
    const failure = await seen.failure(7)
    assert.ok(failure instanceof Error, `script ${i}`)
    assert.is(server.asked.length, 1, 'a stateless stream is never resumed')
    await server.close()
    void link.send(modern('echo', {}, 8))
    assert.ok(ConnectionClosed.is(await seen.failure(8)))
  }
})

test('C-HTTP-07: abandoning a request closes its stream, which cancels it on the server', async () => {
  const { service, url } = await ours()
  const { link, seen } = await connect(url)
  void link.send(modern('hold', {}, 1))
  const held = await service.next()
  await held.notify(progress(1))
  await seen.notice('notifications/progress')
  link.abandon?.(1)
  await held.cancelled.promise
  void link.send(modern('hold', {}, 2))
  const before = await service.next()
  link.abandon?.(2)
  await before.cancelled.promise
  link.abandon?.(3)
  void link.send(modern('echo', {}, 4))
  await seen.reply(4)
  assert.is(seen.failures.size, 0)
})

test('closing abandons everything and says so once', async () => {
  const { service, url } = await ours()
  const { link, seen } = await connect(url)
  void link.send(modern('hold', {}, 1))
  const held = await service.next()
  link.close()
  link.close()
  assert.is(await seen.ended.promise, undefined)
  await held.cancelled.promise
  assert.is(link.send(modern('echo')), undefined)
  assert.is(seen.failures.size, 0)
  assert.is(seen.received.length, 0)
})

test('a session: the id is echoed, the version is on GET and DELETE, and the stream of news is open (C-LEG-03, C-LEG-04, C-LEG-07)', async () => {
  const { service, url } = await ours()
  const connected = await connect(url)
  const { link, seen } = connected
  await handshake(connected)
  const connection = service.connections[0]!
  void connection.news('tools')
  await seen.notice('notifications/tools/list_changed')
  void link.send(legacy(call('echo', { text: 'x' }, 3), '2025-11-25'))
  assert.is((await seen.reply(3)).result.content[0].text, 'x')
  void link.send(legacy(call('ask', {}, 4), '2025-11-25'))
  const question = await seen.until(message => message.kind === 'request')
  await link.send(legacy({ jsonrpc: '2.0', id: question.id, result: { roots: [] } }, '2025-11-25'))
  assert.is((await seen.reply(4)).result.content[0].text, '{"roots":[]}')
  link.close()
  await seen.ended.promise
  assert.ok(connection.isClosed, 'C-LEG-06: DELETE was sent before the end was reported')
})

test('what the wire sees of a session', async () => {
  const server = await theirs(sessionServer((asked, res) => json(res, result(asked.body.id))))
  const connected = await connect(server.url)
  await handshake(connected)
  void connected.link.send(legacy(call('echo', {}, 3), '2025-11-25'))
  await connected.seen.reply(3)
  connected.link.close()
  await connected.seen.ended.promise
  const seen = server.asked.map(({ method, body, headers }) => [
    method,
    body?.method,
    headers['mcp-session-id'],
    headers['mcp-protocol-version'],
  ])
  const get = seen.findIndex(([method]) => method === 'GET')
  assert.equal(seen.splice(get, 1), [['GET', undefined, 'session-1', '2025-11-25']])
  assert.equal(seen, [
    ['POST', 'initialize', undefined, undefined],
    ['POST', 'notifications/initialized', 'session-1', '2025-11-25'],
    ['POST', 'tools/call', 'session-1', '2025-11-25'],
    ['DELETE', undefined, 'session-1', '2025-11-25'],
  ])
})

test('a server without sessions gets no id, no DELETE, and a GET that it may refuse', async () => {
  const server = await theirs(sessionServer((asked, res) => json(res, result(asked.body.id)), { id: '', revision: '2025-03-26' }))
  const connected = await connect(server.url)
  await handshake(connected, '2025-03-26')
  void connected.link.send(legacy(call('echo', {}, 3)))
  await connected.seen.reply(3)
  connected.link.close()
  await connected.seen.ended.promise
  for (const { headers, method } of server.asked) {
    assert.is(headers['mcp-session-id'], undefined)
    assert.is.not(method, 'DELETE')
    if (method === 'GET') assert.is(headers['mcp-protocol-version'], undefined)
  }
})

test('an id that could break a header is not echoed', async () => {
  const server = await theirs(sessionServer((asked, res) => json(res, result(asked.body.id)), { id: 'a b' }))
  const connected = await connect(server.url)
  await handshake(connected)
  assert.is(server.asked.at(-1)?.headers['mcp-session-id'], undefined)
})

test('requests do not overtake notifications/initialized', async () => {
  let release: () => void = () => {}
  const server = await theirs((asked, res, index) => {
    if (asked.body?.method === 'notifications/initialized') release = () => res.writeHead(202).end()
    else return sessionServer((asked, res) => json(res, result(asked.body.id)))(asked, res, index)
  })
  const { link, seen } = await connect(server.url)
  void link.send(legacy(initialize('2025-11-25')))
  await seen.reply(0)
  void link.send(legacy({ jsonrpc: '2.0', method: 'notifications/initialized' }))
  void link.send(legacy(call('echo', {}, 3)))
  while (server.asked.length < 2) await new Promise(resolve => setImmediate(resolve))
  for (let i = 0; i < 20; i++) await new Promise(resolve => setImmediate(resolve))
  assert.is(server.asked.length, 2)
  release()
  await seen.reply(3)
})

test('requests wait a moment for the stream of news, since some servers lose what they ask before it is there', async () => {
  const order: string[] = []
  for (const answers of [true, false]) {
    const server = await theirs(
      sessionServer(
        (asked, res) => {
          if (asked.method === 'GET') {
            if (!answers) return undefined
            return void setTimeout(() => (order.push('news'), events(res)), 50)
          }
          order.push('call')
          return json(res, result(asked.body.id))
        },
        { get: true },
      ),
    )
    const { link, seen } = await connect(server.url)
    void link.send(legacy(initialize('2025-11-25')))
    await seen.reply(0)
    void link.send(legacy({ jsonrpc: '2.0', method: 'notifications/initialized' }))
    void link.send(legacy(call('echo', {}, 3)))
    await seen.reply(3)
  }
  assert.equal(order, ['news', 'call', 'call'])
})

test('C-LEG-05: a session that the server forgot ends the connection, with the reason', async () => {
  const { service, url } = await ours()
  const connected = await connect(url)
  const { link, seen } = connected
  await handshake(connected)
  service.connections[0]!.link.close()
  void link.send(legacy(call('echo', {}, 3), '2025-11-25'))
  const cause = await seen.ended.promise
  assert.ok(SessionLost.is(cause))
  assert.ok(ConnectionClosed.is(cause))
  const again = await connect(url)
  await handshake(again)
})

test('C-LEG-09: a stream that ends after a priming event is taken up again, not before the server wants it', async () => {
  const clock = fakeClock()
  let release: (() => void) | undefined
  const server = await theirs(
    sessionServer((asked, res) => {
      if (asked.method === 'POST') return events(res).end('id: prime\nretry: 500\ndata: \n\n')
      release = () => events(res).end(event(result(3, { late: true }), 'e2'))
    }),
  )
  const connected = await connect(server.url, { clock })
  await handshake(connected)
  void connected.link.send(legacy(call('x', {}, 3), '2025-11-25'))
  const gets = () => server.asked.filter(({ method, headers }) => method === 'GET' && headers['last-event-id'] !== undefined)
  while (clock.pending === 0) await new Promise(resolve => setImmediate(resolve))
  clock.advance(499)
  for (let i = 0; i < 10; i++) await new Promise(resolve => setImmediate(resolve))
  assert.is(gets().length, 0)
  clock.advance(1)
  while (release === undefined) await new Promise(resolve => setImmediate(resolve))
  assert.is(gets()[0]?.headers['last-event-id'], 'prime')
  assert.is(gets()[0]?.headers['mcp-session-id'], 'session-1')
  assert.is(gets()[0]?.headers['accept'], 'text/event-stream')
  release()
  assert.is((await connected.seen.reply(3)).result.late, true)
})

test('SEP-1699: our server releases a stream, our client comes back for the answer', async () => {
  const { service, url } = await ours()
  const connected = await connect(url)
  await handshake(connected)
  void connected.link.send(legacy(call('hold', {}, 3), '2025-11-25'))
  const held = await service.next()
  assert.ok(service.connections[0]!.link.release?.(3, 10))
  held.answer()
  assert.is((await connected.seen.reply(3)).result.content[0].text, 'held')
})

test('C-LEG-08: a broken stream is resumed where it broke, until it has been tried often enough', async () => {
  const clock = fakeClock()
  let gets = 0
  const server = await theirs(
    sessionServer((asked, res) => {
      if (asked.method === 'POST') {
        events(res).write(event({ jsonrpc: '2.0', method: 'notifications/message', params: { n: 1 } }, 'e1'))
        setImmediate(() => res.destroy())
        return
      }
      gets += 1
      if (gets === 1) return res.destroy()
      if (gets === 2) return res.writeHead(502).end()
      if (gets === 3) return events(res).end(event({ jsonrpc: '2.0', method: 'notifications/message', params: { n: 2 } }, 'e2'))
      if (gets === 4) return events(res).end(event(result(asked.headers['last-event-id'] === 'e2' ? 3 : 0)))
      return res.destroy()
    }),
  )
  const connected = await connect(server.url, { clock, attempts: 3 })
  await handshake(connected)
  const turn = async () => {
    for (let i = 0; i < 200 && clock.pending === 0; i++) await new Promise(resolve => setImmediate(resolve))
    clock.advance(30_000)
  }
  void connected.link.send(legacy(call('x', {}, 3), '2025-11-25'))
  for (let i = 0; i < 60 && connected.seen.received.length < 4; i++) await turn()
  assert.is((await connected.seen.reply(3)).id, 3)
  assert.equal(
    connected.seen.received.filter(message => message.kind === 'notice').map(message => message.params.n),
    [1, 2],
  )
  void connected.link.send(legacy(call('x', {}, 4), '2025-11-25'))
  for (let i = 0; i < 60 && !connected.seen.failures.has(4); i++) await turn()
  assert.ok(ConnectionClosed.is(await connected.seen.failure(4)))
  assert.is(gets, 7)
})

test('a stream without ids is not resumed, and one the server refuses to resume fails its request', async () => {
  const server = await theirs(
    sessionServer((asked, res) => {
      if (asked.method === 'GET') return res.writeHead(asked.headers['last-event-id'] === 'a5' ? 204 : 400).end()
      return events(res).end(
        asked.body.id === 3 ? event({ jsonrpc: '2.0', method: 'notifications/message' }) : `id: a${asked.body.id}\nretry: 1\ndata: \n\n`,
      )
    }),
  )
  const connected = await connect(server.url)
  await handshake(connected)
  void connected.link.send(legacy(call('x', {}, 3), '2025-11-25'))
  assert.ok(ConnectionClosed.is(await connected.seen.failure(3)))
  void connected.link.send(legacy(call('x', {}, 4), '2025-11-25'))
  assert.is((await connected.seen.failure(4)).status, 400)
  void connected.link.send(legacy(call('x', {}, 5), '2025-11-25'))
  assert.is((await connected.seen.failure(5)).status, 204)
})

test('the stream of news is opened again after it ended, with the id it was left at', async () => {
  const asked: (string | undefined)[] = []
  const server = await theirs(
    sessionServer(
      ({ headers }, res) => {
        asked.push(headers['last-event-id'] as string | undefined)
        events(res).write(
          `retry: 5\n${event({ jsonrpc: '2.0', method: 'notifications/message', params: { n: asked.length } }, `n${asked.length}`)}`,
        )
        if (asked.length < 3) res.end()
      },
      { get: true },
    ),
  )
  const connected = await connect(server.url)
  await handshake(connected)
  await connected.seen.until(message => message.params?.n === 3)
  assert.equal(asked, [undefined, 'n1', 'n2'])
})

test('a server that does not know the new session quite yet is asked again for the stream of news', async () => {
  let asked = 0
  const server = await theirs(
    sessionServer(
      (_, res) => {
        asked += 1
        if (asked === 1) return res.writeHead(400).end()
        return events(res).write(event({ jsonrpc: '2.0', method: 'notifications/message', params: { n: asked } }))
      },
      { get: true },
    ),
  )
  const connected = await connect(server.url)
  await handshake(connected)
  await connected.seen.until(message => message.params?.n === 2)
})

test('row 8: redirects stay on the origin, keep the method, and end', async () => {
  const stolen = await theirs((_, res) => json(res, {}))
  const to =
    (location: string, status = 307): Script =>
    (asked, res) =>
      asked.url === '/mcp' ? res.writeHead(status, { Location: location }).end() : json(res, result(asked.body?.id))
  const good = await theirs(to('/other?x=1'))
  const followed = await connect(good.url, { headers: { Authorization: 'Bearer secret' } })
  void followed.link.send(modern('echo'))
  await followed.seen.reply(1)
  assert.is(good.asked[1]?.url, '/other?x=1')
  assert.is(good.asked[1]?.headers['authorization'], 'Bearer secret')
  assert.is(good.asked[1]?.text, modern('echo').text)
  const port = new URL(stolen.url).port
  const loop = await theirs((_, res) => res.writeHead(308, { Location: '/mcp' }).end())
  const bad = [
    to(stolen.url),
    to(`http://localhost:${port}/mcp`),
    to(`//127.0.0.1:${port}/x`),
    to('/other', 302),
    to('/other', 303),
    to('file:///etc/passwd'),
    to('http://[bad'),
  ]
  for (const server of [...(await Promise.all(bad.map(theirs))), loop]) {
    const { link, seen } = await connect(server.url, { headers: { Authorization: 'Bearer secret' } })
    void link.send(modern('echo'))
    const failure = await seen.failure(1)
    assert.ok(HttpError.is(failure))
    assert.ok(failure.status >= 300 && failure.status < 400)
  }
  assert.is(stolen.asked.length, 0)
  assert.is(loop.asked.length, 4, 'the first and three redirects')
})

test('answers are bounded, as text and as events', async () => {
  const scripts: Script[] = [
    (asked, res) => json(res, result(asked.body.id, { x: 'x'.repeat(20_000) })),
    (asked, res) => events(res).end(event(result(asked.body.id, { x: 'x'.repeat(20_000) }))),
  ]
  for (const script of scripts) {
    const server = await theirs(script)
    const { link, seen } = await connect(server.url, { maxMessage: 10_000 })
    void link.send(modern('echo'))
    assert.ok(TooLarge.is(await seen.failure(1)))
  }
})

test('headers may be fetched anew for each request, and fetch may be another', async () => {
  let n = 0
  const server = await theirs((asked, res) => json(res, result(asked.body.id)))
  const urls: string[] = []
  const { link, seen } = await connect(server.url, {
    headers: async () => ({ authorization: `Bearer ${++n}` }),
    fetch: (url, init) => {
      urls.push(url)
      return fetch(url, init)
    },
  })
  for (const id of [1, 2]) {
    void link.send(modern('echo', {}, id))
    await seen.reply(id)
  }
  assert.equal(
    server.asked.map(({ headers }) => headers['authorization']),
    ['Bearer 1', 'Bearer 2'],
  )
  assert.is(urls.length, 2)
  const failing = await connect(server.url, { headers: () => Promise.reject(new Error('no token')) })
  void failing.link.send(modern('echo'))
  assert.match(String(await failing.seen.failure(1)), /no token/)
})

test('a URL must be http or https and carry no credentials; connecting may be called off', async () => {
  assert.throws(() => httpConnector('ftp://x/mcp'), TypeError)
  assert.throws(() => httpConnector('http://user:pass@x/mcp'), /Credentials/)
  assert.throws(() => httpConnector('nonsense'), TypeError)
  const connector = httpConnector('https://example.com/mcp?key=secret#x')
  assert.is(connector.transport, 'http')
  assert.is(connector.headers, true)
  assert.is(connector.target, 'https://example.com/mcp')
  try {
    await connector.connect(new Recorder(), AbortSignal.abort(new Error('enough')))
    assert.unreachable()
  } catch (error) {
    assert.match(String(error), /enough/)
  }
})

test('a batch of 2025-03-26 that holds the answer is an answer (C-LEG-11)', async () => {
  const server = await theirs(
    sessionServer((asked, res) => events(res).end(event([{ jsonrpc: '2.0', method: 'notifications/message' }, result(asked.body.id)])), {
      revision: '2025-03-26',
    }),
  )
  const connected = await connect(server.url)
  await handshake(connected, '2025-03-26')
  void connected.link.send(legacy(call('x', {}, 3)))
  const batch = await connected.seen.until(message => message.kind === 'batch')
  assert.is(batch.items.length, 2)
  assert.is(connected.seen.failures.size, 0)
})

test('events of other types, comments and ids alone are not messages', async () => {
  const server = await theirs((asked, res) =>
    events(res).end(`: hi\n\nevent: ping\ndata: {"x":1}\n\nid: 7\n\nevent: message\ndata: ${encodeResult(asked.body.id, '{}')}\n\n`),
  )
  const { link, seen } = await connect(server.url)
  void link.send(modern('echo'))
  await seen.reply(1)
  assert.is(seen.received.length, 1)
})

test('notices are accepted, and one that fails breaks nothing', async () => {
  const server = await theirs((_, res, index) => (index === 0 ? res.writeHead(202).end() : res.destroy()))
  const { link, seen } = await connect(server.url)
  const frame: Frame = { kind: 'notice', method: 'notifications/x', text: encodeNotice('notifications/x') }
  await link.send(frame)
  await link.send(frame)
  assert.is(server.asked[0]?.body.method, 'notifications/x')
  assert.not(seen.isClosed)
})

test.run()
