/** The client's half, against servers that misbehave on request; with the platform's own WebSocket where there is one, and with `ws`. */
import { createHash } from 'node:crypto'
import { getEventListeners } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { WebSocketServer as Library, type WebSocket as Peer } from 'ws'
import {
  bearer,
  ConnectionClosed,
  fakeClock,
  TimedOut,
  TooLarge,
  Unsupported,
  type AuthorizedResponse,
  type Incoming,
  type Link,
} from '@oarlock/protocol'
import { UpgradeRefused, WebSocketClosed, wsConnector, type WsConnectorOptions } from '../src/client.ts'
import { BareService } from './service.ts'
import { Serving } from './serving.ts'

const test = suite('client')

const serving = new Serving()
const closers: (() => unknown)[] = []
test.after.each(async () => {
  for (const close of closers.splice(0)) await close()
  await serving.close()
})

interface Script {
  readonly port: number
  readonly url: string
  /** Requests for an upgrade, as they came. */
  readonly requests: IncomingMessage[]
  /** The server's end of the next connection. */
  peer(): Promise<Peer>
}

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

/** A server that does whatever a test says once it has answered 101. */
async function script(select: (offered: Set<string>) => string | false = () => 'mcp'): Promise<Script> {
  const requests: IncomingMessage[] = []
  const peers: Peer[] = []
  const waiting: ((peer: Peer) => void)[] = []
  const library = new Library({ noServer: true, handleProtocols: select })
  const server = createServer()
  server.on('upgrade', (req, socket, head) => {
    requests.push(req)
    library.handleUpgrade(req, socket, head, peer => {
      peer.on('error', () => undefined)
      const taker = waiting.shift()
      if (taker === undefined) peers.push(peer)
      else taker(peer)
    })
  })
  const port = await listening(server)
  closers.push(() => library.clients.forEach(peer => peer.terminate()))
  const peer = (): Promise<Peer> => {
    const there = peers.shift()
    return there === undefined ? new Promise(resolve => waiting.push(resolve)) : Promise.resolve(there)
  }
  return { port, url: `ws://127.0.0.1:${port}/mcp`, requests, peer }
}

interface Connected {
  readonly link: Link
  readonly peer: Peer
  /** Resolves when it ended, with the cause. */
  readonly closed: Promise<unknown>
  /** What arrives next. */
  next(): Promise<Incoming>
}

async function connected(server: Script, options: WsConnectorOptions = {}): Promise<Connected> {
  const arrived: Incoming[] = []
  const waiting: ((message: Incoming) => void)[] = []
  let end: (cause: unknown) => void = () => undefined
  const closed = new Promise<unknown>(resolve => {
    end = resolve
  })
  const receive = (message: Incoming): void => {
    const taker = waiting.shift()
    if (taker === undefined) arrived.push(message)
    else taker(message)
  }
  const link = await wsConnector(server.url, { closeTimeout: 100, ...options }).connect({ receive, closed: end })
  const next = (): Promise<Incoming> => {
    const there = arrived.shift()
    return there === undefined ? new Promise(resolve => waiting.push(resolve)) : Promise.resolve(there)
  }
  return { link, peer: await server.peer(), closed, next }
}

const RECEIVER = { receive: () => undefined, closed: () => undefined }

async function failure(connecting: unknown): Promise<Error & { cause?: unknown }> {
  try {
    await connecting
  } catch (error) {
    return error as Error
  }
  throw new Error('it connected')
}

/** Each way of connecting. */
const WAYS: Readonly<Record<string, WsConnectorOptions>> = {
  ...('WebSocket' in globalThis && { "the platform's own": { webSocket: 'platform' } }),
  'the package': {},
}

for (const [way, options] of Object.entries(WAYS)) {
  const native = options.webSocket === 'platform'

  test(`${way}: messages go both ways, one to a text frame`, async () => {
    const server = await script()
    const { link, peer, next } = await connected(server, options)
    const got = new Promise<[string, boolean]>(resolve =>
      peer.once('message', (data, binary) => resolve([(data as Buffer).toString(), binary])),
    )
    await link.send({ kind: 'request', id: 1, method: 'x', text: '{"jsonrpc":"2.0","id":1,"method":"x"}' })
    assert.equal(await got, ['{"jsonrpc":"2.0","id":1,"method":"x"}', false])
    peer.send('{"jsonrpc":"2.0","id":1,"result":{"text":"🦀"}}')
    assert.equal(await next(), { kind: 'reply', id: 1, result: { text: '🦀' }, error: undefined })
    peer.send('nonsense')
    assert.is((await next()).kind, 'invalid')
  })

  test(`${way}: C-WS-01: mcp is offered, and a server that selects something else or nothing is left`, async () => {
    const server = await script()
    await connected(server, options)
    assert.is(server.requests[0]?.headers['sec-websocket-protocol'], 'mcp')
    assert.is(server.requests[0]?.headers['sec-websocket-extensions']?.includes('deflate') ?? false, native)
    for (const select of [() => 'other', () => false as const]) {
      const wrong = await script(select)
      const error = await failure(wsConnector(wrong.url, options).connect(RECEIVER))
      assert.ok(native ? ConnectionClosed.is(error) || Unsupported.is(error) : Unsupported.is(error), String(error))
      assert.match(error.message, wrong.url)
    }
  })

  test(`${way}: closing is orderly, and so is an end that the server means`, async () => {
    const server = await script()
    const ours = await connected(server, options)
    const code = new Promise(resolve => ours.peer.once('close', resolve))
    ours.link.close()
    ours.link.close()
    assert.is(await ours.closed, undefined)
    assert.is(await code, 1000)
    await ours.link.send({ kind: 'notice', text: '{"late":true}' })
    const theirs = await connected(server, options)
    theirs.peer.close(1000)
    assert.is(await theirs.closed, undefined)
  })

  for (const [code, reason, text] of [
    [1001, '', 'code 1001: it is shutting down'],
    [1008, 'The token expired', 'code 1008: The token expired'],
    [1009, '', 'code 1009: it received a message over its limit'],
    [1011, '', 'code 1011: it failed'],
    [1013, '', 'code 1013: it found this side too slow to read'],
    [4242, '', 'code 4242: it gave a code of its own'],
  ] as const) {
    test(`${way}: a close with ${code} says why`, async () => {
      const { peer, closed } = await connected(await script(), options)
      peer.close(code, reason)
      const cause = await closed
      assert.ok(WebSocketClosed.is(cause))
      assert.equal([cause.closeCode, cause.reason, cause.code], [code, reason, 'WEBSOCKET_CLOSED'])
      assert.match(cause.message, text)
    })
  }

  test(`${way}: a connection that breaks says so`, async () => {
    const { peer, closed } = await connected(await script(), options)
    peer.terminate()
    const cause = await closed
    assert.ok(WebSocketClosed.is(cause))
    assert.is(cause.closeCode, 1006)
  })

  test(`${way}: a binary frame and one over the limit end the connection`, async () => {
    const server = await script()
    const one = await connected(server, options)
    const code = new Promise(resolve => one.peer.once('close', resolve))
    one.peer.send(Buffer.from('{"jsonrpc":"2.0","method":"x"}'))
    assert.match(String(await one.closed), 'binary frame')
    assert.is(await code, native ? 4003 : 1003)
    const two = await connected(server, { ...options, maxMessage: 100 })
    const second = new Promise(resolve => two.peer.once('close', resolve))
    two.peer.send('x'.repeat(101))
    assert.ok(TooLarge.is(await two.closed))
    assert.is(await second, native ? 4009 : 1009)
  })

  test(`${way}: a server that does not say goodbye is not waited for`, async () => {
    const clock = fakeClock()
    let end = (): void => undefined
    const ended = new Promise<void>(resolve => {
      end = resolve
    })
    const server = createServer()
    server.on('upgrade', (req, socket) => {
      closers.push(() => socket.destroy())
      const accept = createHash('sha1').update(`${req.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
      const answer = ['Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Accept: ${accept}`, 'Sec-WebSocket-Protocol: mcp']
      socket.write(`HTTP/1.1 101 x\r\n${answer.join('\r\n')}\r\n\r\n`)
      socket.on('error', () => undefined)
      socket.on('end', end).on('close', end).resume()
    })
    const port = await listening(server)
    const connector = wsConnector(`ws://127.0.0.1:${port}/mcp`, { ...options, clock, closeTimeout: 100 })
    let closed: [unknown] | undefined
    const link = await connector.connect({ receive: () => undefined, closed: cause => (closed = [cause]) })
    link.close()
    assert.is(closed, undefined)
    clock.advance(200)
    assert.equal(closed, [undefined])
    // The platform's own has no other end than the one that was asked for.
    if (!native) await ended
  })

  test(`${way}: a server that is not there is an error that names it`, async () => {
    const { port } = await script()
    for (const close of closers.splice(0)) await close()
    const error = await failure(wsConnector(`ws://127.0.0.1:${port}/mcp?secret=1`, options).connect(RECEIVER))
    assert.ok(ConnectionClosed.is(error))
    const why = native ? '' : ': ECONNREFUSED (nothing listens there)'
    assert.ok(error.message.startsWith(`Cannot open a WebSocket to ws://127.0.0.1:${port}/mcp${why}`), error.message)
    assert.not(error.message.includes('secret'))
  })

  test(`${way}: a port that nobody may use is an error at once, and so is a name that nobody has`, async () => {
    for (const url of ['ws://127.0.0.1:1/mcp', 'ws://nobody.invalid/mcp']) {
      const clock = fakeClock()
      const error = await failure(wsConnector(url, { ...options, clock }).connect(RECEIVER))
      assert.ok(ConnectionClosed.is(error))
      assert.ok(error.unsent)
      assert.match(error.message, `Cannot open a WebSocket to ${url}`)
      assert.is(clock.pending, 0)
    }
  })

  test(`${way}: opening can be called off, and has a limit`, async () => {
    const held: Duplex[] = []
    const server = createServer()
    let asked = (): void => undefined
    server.on('upgrade', (_req, socket) => {
      held.push(socket)
      asked()
    })
    const port = await listening(server)
    closers.push(() => held.forEach(socket => socket.destroy()))
    const url = `ws://127.0.0.1:${port}/mcp`
    const abort = new AbortController()
    const waiting = new Promise<void>(resolve => {
      asked = resolve
    })
    const called = failure(wsConnector(url, options).connect(RECEIVER, abort.signal))
    await waiting
    abort.abort(new Error('enough'))
    assert.is((await called).message, 'enough')
    assert.is((await failure(wsConnector(url, options).connect(RECEIVER, AbortSignal.abort(new Error('before'))))).message, 'before')
    const clock = fakeClock()
    const again = new Promise<void>(resolve => {
      asked = resolve
    })
    const late = failure(wsConnector(url, { ...options, clock, connectTimeout: 5000 }).connect(RECEIVER))
    await again
    clock.advance(5000)
    assert.ok(TimedOut.is(await late))
    assert.is(clock.pending, 0)
    const { signal } = new AbortController()
    await wsConnector((await script()).url, options).connect(RECEIVER, signal)
    assert.is(getEventListeners(signal, 'abort').length, 0)
  })
}

if ('WebSocket' in globalThis) {
  test("C-WS-04: the platform's own sends a token as a subprotocol, and cannot send other headers", async () => {
    const { port } = await serving.listen(new BareService(), {
      authenticate: bearer(token => (token === 'good' ? { id: 'ada' } : undefined)),
    })
    const url = `ws://127.0.0.1:${port}/mcp`
    for (const options of [{ token: 'good' }, { headers: { authorization: 'Bearer good' } }]) {
      const link = await wsConnector(url, { ...options, webSocket: 'platform' }).connect(RECEIVER)
      link.close()
    }
    for (const headers of [{ 'X-Any': 'thing' }, { authorization: 'Basic x' }, { authorization: 'Bearer good', 'X-Any': 'thing' }]) {
      const error = await failure(wsConnector(url, { headers, webSocket: 'platform' }).connect(RECEIVER))
      assert.match(error.message, 'pages cannot set headers')
    }
  })
}

test('C-WS-04: on Node a token goes into Authorization, and a fresh one is asked for with each connection', async () => {
  const server = await script()
  let count = 0
  await connected(server, { token: async () => `token-${(count += 1)}` })
  await connected(server, { token: async () => `token-${(count += 1)}`, headers: () => ({ 'X-Any': 'thing' }) })
  assert.equal(
    server.requests.map(({ headers }) => [headers.authorization, headers['x-any'], headers['sec-websocket-protocol']]),
    [
      ['Bearer token-1', undefined, 'mcp'],
      ['Bearer token-2', 'thing', 'mcp'],
    ],
  )
})

test('C-WS-04: a refusal says its status and challenge', async () => {
  const { port } = await serving.listen(new BareService(), { authenticate: bearer(() => undefined, { realm: 'x' }) })
  const error = await failure(wsConnector(`ws://127.0.0.1:${port}/mcp`, { token: 'expired' }).connect(RECEIVER))
  assert.ok(UpgradeRefused.is(error))
  assert.is(error.status, 401)
  assert.match(error.wwwAuthenticate ?? '', 'Bearer realm="x"')
  assert.match(error.message, `ws://127.0.0.1:${port}/mcp refused to open a WebSocket, with HTTP status 401: `)
})

test('C-WS-04: a token that is refused is asked for once more', async () => {
  const { port } = await serving.listen(new BareService(), {
    authenticate: bearer(token => (token === 'good' ? { id: 'ada' } : undefined)),
  })
  const url = `ws://127.0.0.1:${port}/mcp`
  const tokens = ['old', 'good']
  const link = await wsConnector(url, { token: () => tokens.shift() ?? 'good' }).connect(RECEIVER)
  link.close()
  let asked = 0
  const error = await failure(wsConnector(url, { token: () => ((asked += 1), 'bad') }).connect(RECEIVER))
  assert.ok(UpgradeRefused.is(error))
  assert.is(asked, 2)
})

test('C-WS-04: an authorizer supplies credentials, is told what became of them, and may supply others', async () => {
  const { port } = await serving.listen(new BareService(), {
    authenticate: bearer(token => (token === 'second' ? { id: 'ada' } : undefined)),
  })
  const url = `ws://127.0.0.1:${port}/mcp`
  const told: [string, AuthorizedResponse][] = []
  const headers = [{}, { Authorization: 'Bearer first' }, { Authorization: 'Bearer second' }]
  const link = await wsConnector(url, {
    auth: {
      headers: ({ resource, method }) => {
        assert.equal([resource, method], [`http://127.0.0.1:${port}/mcp`, 'GET'])
        return headers.shift() ?? {}
      },
      answered: (_request, sent, response) => {
        told.push([sent['Authorization'] ?? 'none', response])
        return response.status === 401
      },
    },
  }).connect(RECEIVER)
  link.close()
  assert.equal(
    told.map(([sent, { status, headers: answer }]) => [sent, status, answer.get('www-authenticate')?.slice(0, 6)]),
    [
      ['none', 401, 'Bearer'],
      ['Bearer first', 401, 'Bearer'],
      ['Bearer second', 101, undefined],
    ],
  )
})

test('row 8: a redirect is not followed', async () => {
  const target = await script()
  const server = createServer()
  server.on('upgrade', (_req, socket) => socket.end(`HTTP/1.1 307 x\r\nLocation: ${target.url}\r\nContent-Length: 0\r\n\r\n`))
  const port = await listening(server)
  const error = await failure(wsConnector(`ws://127.0.0.1:${port}/mcp`, { token: 'secret' }).connect(RECEIVER))
  assert.ok(UpgradeRefused.is(error))
  assert.is(error.status, 307)
  assert.is(target.requests.length, 0)
})

test('C-WS-05: a quiet server is pinged; one that shows no sign of life is given up', async () => {
  const clock = fakeClock()
  const { peer, closed } = await connected(await script(), { clock, heartbeat: 1000 })
  for (let round = 0; round < 3; round++) {
    const pinged = new Promise(resolve => peer.once('ping', resolve))
    clock.advance(1000)
    await pinged
    const heard = new Promise(resolve => peer.once('pong', resolve))
    peer.ping()
    await heard
    clock.advance(1000)
  }
  peer.pause()
  clock.advance(1000)
  clock.advance(1000)
  const cause = await closed
  assert.ok(TimedOut.is(cause))
  assert.is(clock.pending, 0)
})

test('row 18: a server that does not read is given up when too much waits for it', async () => {
  const { link, peer, closed } = await connected(await script(), { maxBacklog: 1_000_000 })
  peer.pause()
  for (let i = 0; i < 400; i++) {
    void link.send({ kind: 'notice', text: 'x'.repeat(100_000) })
    await new Promise(resolve => setImmediate(resolve))
  }
  assert.match(String(await closed), 'does not read')
})

test('URLs that make no sense are an error at once', () => {
  assert.throws(() => wsConnector('http://localhost/mcp'), /ws or wss URL, not http:/)
  assert.throws(() => wsConnector('ws://user:secret@localhost/mcp'), /Credentials/)
  assert.throws(() => wsConnector('nonsense'), TypeError)
  const { transport, target, headers } = wsConnector('wss://example.com/mcp?key=secret#x')
  assert.equal([transport, target, headers], ['ws', 'wss://example.com/mcp', undefined])
})

test('a token that no header could carry is an error of connecting', async () => {
  for (const token of ['a b', 'a\r\nX-Evil: 1', 'é'])
    assert.instance(await failure(wsConnector('ws://127.0.0.1:1/mcp', { token }).connect(RECEIVER)), TypeError)
})

test.run()
