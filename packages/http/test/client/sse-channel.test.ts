/** The client half of HTTP+SSE (2024-11-05): how it is fallen back to, and what it does not put up with. */
import { ConnectionClosed, encodeNotice, fakeClock, TimedOut, Unsupported, type Frame, type Link } from '@oarlock/protocol'
import type { ServerResponse } from 'node:http'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { httpConnector, HttpError, SessionLost, type HttpConnectorOptions } from '../../src/client.ts'
import { http } from '../../src/index.ts'
import { TestService } from '../service.ts'
import { Recorder } from './recorder.ts'
import { events, json, result, scripted, type Asked, type Script, type Scripted } from './scripted.ts'

const test = suite('http+sse client')

const cleanUp: (() => unknown)[] = []
test.after.each(async () => {
  for (const clean of cleanUp.splice(0).toReversed()) await clean()
})

async function connect(url: string, options: HttpConnectorOptions = {}): Promise<{ link: Link; seen: Recorder }> {
  const seen = new Recorder()
  const link = await httpConnector(url, options).connect(seen)
  cleanUp.push(() => {
    link.close()
    return seen.ended.promise
  })
  return { link, seen }
}

async function theirs(script: Script): Promise<Scripted> {
  const server = await scripted(script)
  cleanUp.push(() => server.close())
  return server
}

const initialize = (id = 0): Frame => {
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'c', version: '1' } }
  return { kind: 'request', id, method: 'initialize', text: JSON.stringify({ jsonrpc: '2.0', id, method: 'initialize', params }) }
}
const list = (id: number): Frame => {
  return { kind: 'request', id, method: 'tools/list', text: JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/list' }) }
}
const initialized: Frame = { kind: 'notice', method: 'notifications/initialized', text: encodeNotice('notifications/initialized') }

/** An old server: `refuse` answers POSTs to `/mcp`, GET opens the stream, POSTs to `/post` are answered on it. */
function old(refuse: (res: ServerResponse) => unknown, endpoint = '/post', post?: (asked: Asked, res: ServerResponse) => unknown): Script {
  let open: ServerResponse | undefined
  return (asked, res) => {
    if (asked.method === 'GET') {
      open = events(res)
      return void open.write(`event: endpoint\ndata: ${endpoint}\n\n`)
    }
    if (asked.url === '/mcp') return refuse(res)
    if (post !== undefined) return post(asked, res)
    res.writeHead(202).end('Accepted')
    if (asked.body.id !== undefined) open?.write(`event: message\ndata: ${JSON.stringify(result(asked.body.id, { at: asked.url }))}\n\n`)
  }
}

const PLAIN = (status: number) => (res: ServerResponse) => res.writeHead(status).end('Cannot POST /mcp')

for (const status of [400, 404, 405]) {
  test(`C-LEG-12 C-VER-08: initialize refused with ${status} is repeated over HTTP+SSE, and so is all that follows`, async () => {
    const server = await theirs(old(PLAIN(status), '/post?sessionId=1'))
    const { link, seen } = await connect(server.url, { headers: { 'X-Api-Key': 'k' } })
    void link.send(initialize())
    assert.equal((await seen.reply(0)).result, { at: '/post?sessionId=1' })
    await link.send(initialized)
    void link.send(list(1))
    assert.equal((await seen.reply(1)).result, { at: '/post?sessionId=1' })
    assert.equal(
      server.asked.map(({ method, url }) => `${method} ${url}`),
      ['POST /mcp', 'GET /mcp', 'POST /post?sessionId=1', 'POST /post?sessionId=1', 'POST /post?sessionId=1'],
    )
    assert.ok(server.asked.every(({ headers }) => headers['x-api-key'] === 'k'))
  })
}

test('C-VER-08: other refusals, and those of 2026-07-28, are not followed by a GET', async () => {
  const modern = { jsonrpc: '2.0', id: null, error: { code: -32022, message: 'no', data: { supported: ['2026-07-28'] } } }
  for (const refuse of [PLAIN(401), PLAIN(403), PLAIN(406), PLAIN(500), (res: ServerResponse) => json(res, modern, 400)]) {
    const server = await theirs(old(refuse))
    const { link, seen } = await connect(server.url)
    void link.send(initialize())
    assert.ok(HttpError.is(await seen.failure(0)))
    assert.is(server.asked.length, 1)
  }
})

test('an answer with a JSON-RPC error for the request is that answer, whatever its status', async () => {
  const server = await theirs((asked, res) => json(res, { jsonrpc: '2.0', id: asked.body.id, error: { code: -32602, message: 'no' } }, 400))
  const { link, seen } = await connect(server.url)
  void link.send(initialize())
  assert.is((await seen.reply(0)).error.code, -32602)
  assert.is(server.asked.length, 1)
})

test('only initialize is tried in the old way, and never when told not to', async () => {
  const server = await theirs(old(PLAIN(404)))
  const { link, seen } = await connect(server.url)
  void link.send(list(1))
  assert.is((await seen.failure(1)).status, 404)
  const never = await connect(server.url, { sse: 'never' })
  void never.link.send(initialize())
  assert.is((await never.seen.failure(0)).status, 404)
  assert.ok(server.asked.every(({ method }) => method === 'POST'))
})

test('where there is no such stream, the refusal is what it was', async () => {
  const scripts: Script[] = [
    (_, res) => res.writeHead(404).end(),
    (asked, res) => (asked.method === 'GET' ? res.writeHead(200, { 'Content-Type': 'text/html' }).end('<p>') : res.writeHead(404).end()),
    (asked, res) => (asked.method === 'GET' ? events(res).end('event: message\ndata: {}\n\n') : res.writeHead(404).end()),
  ]
  for (const script of scripts) {
    const server = await theirs(script)
    const { link, seen } = await connect(server.url)
    void link.send(initialize())
    assert.is((await seen.failure(0)).status, 404)
  }
})

test('C-LEG-12 T8: an endpoint of another origin is refused, and nothing is posted there', async () => {
  const elsewhere = await theirs((_, res) => res.writeHead(202).end())
  for (const endpoint of [elsewhere.url, `//${new URL(elsewhere.url).host}/mcp`, 'http://u:p@127.0.0.1/x', 'javascript:1', 'http://[']) {
    const server = await theirs(old(PLAIN(405), endpoint))
    const { link, seen } = await connect(server.url, { headers: { Authorization: 'Bearer secret' } })
    void link.send(initialize())
    assert.ok(Unsupported.is(await seen.failure(0)), endpoint)
  }
  assert.equal(elsewhere.asked, [])
})

test('a stream that says nothing is waited for no longer than was said', async () => {
  const clock = fakeClock()
  let opened: () => void = () => {}
  const stalled = new Promise<void>(resolve => (opened = resolve))
  const server = await theirs((_, res) => (events(res), opened()))
  const failed = Promise.resolve(httpConnector(server.url, { sse: 'only', clock }).connect(new Recorder())).then(
    () => undefined,
    (cause: unknown) => cause,
  )
  await stalled
  clock.advance(30_000)
  assert.ok(TimedOut.is(await failed))
})

test('the opening can be called off, and what was opened lives on', async () => {
  const off = new AbortController()
  let opened: () => void = () => {}
  const stalled = new Promise<void>(resolve => (opened = resolve))
  const silent = await theirs((_, res) => (events(res), opened()))
  const failed = Promise.resolve(httpConnector(silent.url, { sse: 'only' }).connect(new Recorder(), off.signal)).then(
    () => 'open',
    () => 'called off',
  )
  await stalled
  off.abort(new Error('enough'))
  assert.is(await failed, 'called off')

  const server = await theirs(old(PLAIN(405)))
  const [seen, later] = [new Recorder(), new AbortController()]
  const link = await httpConnector(server.url, { sse: 'only' }).connect(seen, later.signal)
  cleanUp.push(() => link.close())
  later.abort()
  void link.send(initialize())
  await seen.reply(0)
})

test('what follows notifications/initialized does not overtake it', async () => {
  let release: () => void = () => {}
  const script = old(PLAIN(405), '/post', (asked, res) => {
    if (asked.body.method === 'notifications/initialized') release = () => res.writeHead(202).end()
    else res.writeHead(202).end()
  })
  const server = await theirs(script)
  const { link } = await connect(server.url, { sse: 'only' })
  const settled = link.send(initialized)
  void link.send(list(1))
  while (server.asked.length < 2) await new Promise(resolve => setImmediate(resolve))
  assert.is(server.asked.length, 2)
  release()
  await settled
  while (server.asked.length < 3) await new Promise(resolve => setImmediate(resolve))
  assert.is(server.asked[2]?.body.method, 'tools/list')
})

test('a refused POST fails its request; one to a session that is gone ends the connection', async () => {
  const server = await theirs(old(PLAIN(405), '/post', (asked, res) => res.writeHead(asked.body.id === 1 ? 500 : 404).end()))
  const { link, seen } = await connect(server.url, { sse: 'only' })
  void link.send(list(1))
  assert.is((await seen.failure(1)).status, 500)
  void link.send(list(2))
  assert.ok(SessionLost.is(await seen.ended.promise))
})

test('C-LEG-12: the end of the stream ends the connection, in both directions', async () => {
  const service = new TestService()
  const listener = await http({ port: 0, sse: true }).listen(service)
  cleanUp.push(() => listener.close())
  const url = new URL('/sse', listener.address)
  const { link, seen } = await connect(url.href)
  void link.send(initialize())
  await seen.reply(0)
  service.connections[0]?.link.close()
  assert.ok(ConnectionClosed.is(await seen.ended.promise))
  const again = await connect(url.href)
  void again.link.send(initialize())
  await again.seen.reply(0)
  again.link.close()
  await service.connections[1]?.ended.promise
})

test.run()
