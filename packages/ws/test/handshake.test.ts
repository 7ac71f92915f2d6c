/** Who gets in: every check before 101, answered in HTTP, on raw sockets. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { bearer, challenge, fakeClock, Fault, type Authenticate, type Principal } from '@oarlock/protocol'
import { ws, type WsOptions } from '../src/index.ts'
import { BareService } from './service.ts'
import { Serving } from './serving.ts'
import { frame, OPCODE, opened, Raw, upgradeText, type Answer } from './wire.ts'

const test = suite('handshake')

const serving = new Serving()
test.after.each(() => serving.close())

async function ask(
  port: number,
  headers: Readonly<Record<string, string | undefined>> = {},
  path?: string,
  method?: string,
): Promise<Answer> {
  const raw = new Raw(port)
  const answer = await raw.upgrade(headers, path, method)
  raw.socket.destroy()
  return answer
}

const TOKEN = 'a.b/c+d~e='
const asEntry = (token: string): string => `mcp.token.${Buffer.from(token).toString('base64url')}`
const keep = (token: string): Principal | undefined => (token === TOKEN ? { id: 'ada' } : undefined)

async function start(options: WsOptions = {}): Promise<[port: number, service: BareService]> {
  const service = new BareService()
  return [(await serving.listen(service, options)).port, service]
}

test('S-WS-01: upgrades are for the configured path only, whatever the query', async () => {
  const [port] = await start()
  for (const path of ['/mcp', '/mcp?x=y']) assert.is((await ask(port, {}, path)).status, 101, path)
  for (const path of ['/', '/mcp/', '/mcpx', '/MCP', '/mcp/../mcp', '//mcp', '/mcp%3F'])
    assert.is((await ask(port, {}, path)).status, 404, path)
  const [other] = await start({ path: '/' })
  assert.is((await ask(other, {}, '/')).status, 101)
})

test('S-WS-01: a request that is no upgrade is told what there is', async () => {
  const [port] = await start()
  const plain = await ask(port, { Upgrade: undefined, Connection: 'close' })
  assert.equal([plain.status, plain.headers['upgrade']], [426, 'websocket'])
  assert.is((await ask(port, { Upgrade: undefined, Connection: 'close' }, '/')).status, 404)
})

test('other protocols, versions and methods are refused', async () => {
  const [port, service] = await start()
  assert.is((await ask(port, { Upgrade: 'h2c' })).status, 400)
  assert.is((await ask(port, {}, '/mcp', 'POST')).status, 400)
  const old = await ask(port, { 'Sec-WebSocket-Version': '8', 'Sec-WebSocket-Origin': 'http://evil.example' })
  assert.equal([old.status, old.headers['sec-websocket-version']], [400, '13'])
  for (const key of [undefined, 'short', 'x'.repeat(24)]) assert.is((await ask(port, { 'Sec-WebSocket-Key': key })).status, 400)
  assert.is(service.connections.length, 0)
})

test('row 2, T1, T3: foreign hosts and origins get 403 before 101', async () => {
  const [port, service] = await start({
    authenticate: () => {
      throw new Error('must not be asked')
    },
  })
  const foreign = [
    { Host: 'evil.example' },
    { Host: `evil.example:${port}` },
    { Host: 'localhost.evil.example' },
    { Host: 'localhost@evil.example' },
    { Host: '127.0.0.1.evil.example' },
    { Origin: 'http://evil.example' },
    { Origin: 'https://localhost.evil.example' },
    { Origin: 'null' },
    { Origin: 'file://' },
    { Origin: 'chrome-extension://abcdef' },
    { Origin: '' },
  ]
  for (const headers of foreign) {
    const answer = await ask(port, headers)
    assert.is(answer.status, 403, JSON.stringify(headers))
    assert.is((JSON.parse(answer.body) as { error: { code: number } }).error.code, -32000)
    assert.is(answer.headers['connection'], 'close')
  }
  assert.is(service.connections.length, 0)
})

test('row 2, T1: this machine by any of its names, and pages from it, get in', async () => {
  const [port] = await start()
  for (const headers of [
    { Host: `localhost:${port}` },
    { Host: 'LOCALHOST' },
    { Host: 'localhost.' },
    { Host: `127.0.0.1:${port}` },
    { Host: `[::1]:${port}` },
    { Origin: 'http://localhost:5173' },
    { Origin: 'https://127.0.0.1' },
  ])
    assert.is((await ask(port, headers)).status, 101, JSON.stringify(headers))
})

test('row 2: named hosts and origins are the only ones', async () => {
  const [port] = await start({ allowedHosts: ['mcp.example.com'], allowedOrigins: ['https://app.example.com'] })
  const page = { Host: 'mcp.example.com', Origin: 'https://app.example.com' }
  assert.is((await ask(port, page)).status, 101)
  assert.is((await ask(port, { Host: 'localhost' })).status, 101, 'bound to loopback')
  assert.is((await ask(port, { ...page, Origin: 'https://mcp.example.com' })).status, 403)
  assert.is((await ask(port, { ...page, Host: 'other.example.com' })).status, 403)
})

test('row 2: a host that others can reach needs a word on its names', () => {
  for (const host of ['0.0.0.0', '::', '192.0.2.1', 'example.com']) {
    assert.throws(() => ws({ host }), /ws\(\) would bind/)
    ws({ host, allowAnyHost: true })
    ws({ host, allowedHosts: ['mcp.example.com'] })
  }
})

test('T10: a header that counts and comes twice is not read as one of the two', async () => {
  const [port] = await start()
  for (const twice of ['Host: evil.example', 'Origin: http://localhost', 'Authorization: Bearer x']) {
    const raw = new Raw(port)
    const first = { Origin: 'http://localhost', Authorization: 'Bearer x' }
    raw.write(upgradeText(first).replace('\r\n\r\n', `\r\n${twice}\r\n\r\n`))
    assert.is((await raw.answer()).status, 400, twice)
  }
})

test('S-WS-02: mcp is selected and echoed when it is offered, alone or among others', async () => {
  const [port] = await start()
  for (const offer of ['mcp', 'graphql, mcp', 'mcp,soap']) {
    const answer = await ask(port, { 'Sec-WebSocket-Protocol': offer })
    assert.equal([answer.status, answer.headers['sec-websocket-protocol']], [101, 'mcp'], offer)
  }
  for (const offer of ['graphql', 'MCP', 'mcp2', 'mcp.token.YQ'])
    assert.is((await ask(port, { 'Sec-WebSocket-Protocol': offer })).status, 400, offer)
})

test('S-WS-02: who offers nothing is served, unless the subprotocol is required', async () => {
  const [port] = await start()
  const answer = await ask(port)
  assert.equal([answer.status, answer.headers['sec-websocket-protocol']], [101, undefined])
  const [strict] = await start({ requireSubprotocol: true })
  assert.is((await ask(strict)).status, 400)
  assert.is((await ask(strict, { 'Sec-WebSocket-Protocol': 'mcp' })).status, 101)
})

test('T3: without a token there is a 401 with its challenge before 101', async () => {
  const [port, service] = await start({ authenticate: bearer(keep, { resourceMetadata: 'https://mcp.example.com/.well-known/x' }) })
  const none = await ask(port)
  assert.is(none.status, 401)
  assert.is(none.headers['www-authenticate'], 'Bearer resource_metadata="https://mcp.example.com/.well-known/x"')
  const bad = await ask(port, { Authorization: 'Bearer nope' })
  assert.is(bad.status, 401)
  assert.match(bad.headers['www-authenticate'] ?? '', 'error="invalid_token"')
  const query = await ask(port, {}, `/mcp?access_token=${encodeURIComponent(TOKEN)}`)
  assert.is(query.status, 401, 'tokens in the query are not looked at')
  assert.is(service.connections.length, 0)
})

test('S-WS-01: a token in Authorization gets in, and says for whom', async () => {
  const [port, service] = await start({ authenticate: bearer(keep) })
  assert.is((await ask(port, { Authorization: `Bearer ${TOKEN}` })).status, 101)
  const { head } = service.connections[0]!
  assert.equal([head.transport, head.principal, head.remote], ['ws', { id: 'ada' }, '127.0.0.1'])
  assert.is(head.headers?.get('host'), 'localhost')
})

test('S-WS-02: a token among the subprotocols gets in, and is neither echoed nor handed on', async () => {
  const [port, service] = await start({ authenticate: bearer(keep) })
  for (const offer of [`mcp, ${asEntry(TOKEN)}`, `${asEntry(TOKEN)},mcp`]) {
    const answer = await ask(port, { 'Sec-WebSocket-Protocol': offer })
    assert.equal([answer.status, answer.headers['sec-websocket-protocol']], [101, 'mcp'])
  }
  const { head } = service.connections[0]!
  assert.is(head.principal?.id, 'ada')
  for (const name of ['authorization', 'sec-websocket-protocol', 'Sec-WebSocket-Protocol']) assert.is(head.headers?.get(name), undefined)
})

test('S-WS-02: token entries that make no sense are refused', async () => {
  const [port] = await start({ authenticate: bearer(keep) })
  for (const offer of [
    'mcp, mcp.token.',
    'mcp, mcp.token.a',
    'mcp, mcp.token.YQ==',
    'mcp, mcp.token.Y+Q_',
    `mcp, ${asEntry('a b')}`,
    `mcp, ${asEntry('a\r\nb')}`,
    `mcp, ${asEntry('é')}`,
    `mcp, ${asEntry(TOKEN)}, ${asEntry('other')}`,
  ])
    assert.is((await ask(port, { 'Sec-WebSocket-Protocol': offer })).status, 400, offer)
  const both = await ask(port, { 'Sec-WebSocket-Protocol': `mcp, ${asEntry(TOKEN)}`, Authorization: `Bearer ${TOKEN}` })
  assert.is(both.status, 400)
})

test('T8: names that only a prototype knows are no headers', async () => {
  const [port, service] = await start()
  await ask(port)
  for (const name of ['__proto__', 'constructor', 'toString']) assert.is(service.connections[0]?.head.headers?.get(name), undefined)
})

test('what authenticate says is answered; what it throws is reported and answered without a word on it', async () => {
  const answers: Readonly<Record<string, [Authenticate, number]>> = {
    'a fault': [() => new Fault('FORBIDDEN'), 403],
    'a fault later': [async () => new Fault('UNAUTHENTICATED', undefined, { headers: { 'WWW-Authenticate': challenge('Basic') } }), 401],
    'a thrown fault': [() => Promise.reject(new Fault('FORBIDDEN')), 403],
    'an error': [
      () => {
        throw new Error('secret')
      },
      500,
    ],
    'an error later': [() => Promise.reject(new Error('secret')), 500],
    nothing: [(() => undefined) as never, 500],
  }
  for (const [what, [authenticate, status]] of Object.entries(answers)) {
    const [port, service] = await start({ authenticate })
    const answer = await ask(port)
    assert.is(answer.status, status, what)
    assert.not(answer.body.includes('secret'))
    assert.is(service.reports.length, status === 500 ? 1 : 0, what)
    assert.is(service.connections.length, 0, what)
  }
})

test('T27: the headers of a fault cannot end a header early', async () => {
  const headers = { 'X-A': 'fine', 'X-B': 'a\r\nX-Evil: 1', 'X-C: 1\r\nX-Evil': '2' }
  const [port] = await start({ authenticate: () => new Fault('FORBIDDEN', undefined, { headers }) })
  const answer = await ask(port)
  assert.equal([answer.headers['x-a'], answer.headers['x-b'], answer.headers['x-evil']], ['fine', undefined, undefined])
})

test('T3: nothing is read before the token is verified, and what came early is not lost', async () => {
  let admit: (principal: Principal) => void = () => undefined
  let ask = (): void => undefined
  const asked = new Promise<void>(resolve => {
    ask = resolve
  })
  const [port, service] = await start({
    authenticate: () => {
      ask()
      return new Promise(resolve => {
        admit = resolve
      })
    },
  })
  const raw = new Raw(port)
  raw.write(upgradeText())
  raw.write(frame(OPCODE.text, '{"jsonrpc":"2.0","id":1,"method":"echo"}'))
  await asked
  assert.is(service.received.length, 0)
  admit({ id: 'ada' })
  assert.is((await raw.answer()).status, 101)
  assert.is((await raw.message()).id, 1)
})

test('T26: authentication that takes too long is given up', async () => {
  const clock = fakeClock()
  let asked = (): void => undefined
  const waiting = new Promise<void>(resolve => {
    asked = resolve
  })
  const [port, service] = await start({ clock, authenticate: () => (asked(), new Promise(() => undefined)) })
  const raw = new Raw(port)
  raw.write(upgradeText())
  await waiting
  clock.advance(11_000)
  assert.is((await raw.answer()).status, 503)
  assert.is(service.connections.length, 0)
})

test('a client that leaves while it is being authenticated is forgotten', async () => {
  const clock = fakeClock()
  let admit: (principal: Principal) => void = () => undefined
  const [port, service] = await start({
    clock,
    maxSockets: 1,
    authenticate: head =>
      head.headers?.get('x-wait') === undefined
        ? { id: 'ada' }
        : new Promise(resolve => {
            admit = resolve
          }),
  })
  const raw = new Raw(port)
  raw.write(upgradeText({ 'X-Wait': 'yes' }))
  while ((await ask(port)).status === 101) continue
  raw.socket.resetAndDestroy()
  await raw.closed
  while ((await ask(port)).status !== 101) continue
  admit({ id: 'late' })
  assert.ok(service.connections.every(({ head }) => head.principal?.id === 'ada'))
})

test('S-WS-10: connections are bounded in number, and a place becomes free when one ends', async () => {
  const [port, service] = await start({ maxSockets: 2 })
  const [one] = [await opened(port), await opened(port)]
  const refused = await ask(port)
  assert.equal([refused.status, refused.headers['retry-after']], [503, '5'])
  one.socket.destroy()
  await service.connections[0]!.closed
  await opened(port)
})

test('S-WS-10: connections of one principal are bounded in number, of others not', async () => {
  const [port, service] = await start({
    maxPerPrincipal: 1,
    authenticate: head => ({ id: head.headers?.get('authorization') ?? '', clientId: head.headers?.get('x-client') ?? '' }),
  })
  const first = await opened(port, { Authorization: 'ada' })
  assert.is((await ask(port, { Authorization: 'ada' })).status, 429)
  assert.is((await ask(port, { Authorization: 'ada', 'X-Client': 'other' })).status, 101)
  assert.is((await ask(port, { Authorization: 'bob' })).status, 101)
  first.socket.destroy()
  await service.connections[0]!.closed
  await opened(port, { Authorization: 'ada' })
})

test('T10: several credentials are refused, on one line or on several, and never taken for nobody', async () => {
  const [port, service] = await start({ authenticate: bearer(keep, { optional: true }) })
  for (const [value, name] of [
    [`Basic dXNlcjpwYXNz, Bearer ${TOKEN}`, 'Authorization'],
    [`Basic dXNlcjpwYXNz\r\nauthorization: Bearer ${TOKEN}`, 'Authorization'],
    [`Bearer ${TOKEN}\r\nAuthorization: Bearer ${TOKEN}`, 'AUTHORIZATION'],
  ] as const) {
    const refused = await ask(port, { [name]: value })
    assert.is(refused.status, 400)
    assert.match(refused.body, /Authorization (holds one credential|must not be repeated)/)
  }
  assert.is(service.connections.length, 0)
  for (const one of [undefined, 'Basic dXNlcjpwYXNz', `Bearer ${TOKEN}`]) assert.is((await ask(port, { Authorization: one })).status, 101)
})

test('row 17, S-WS-10: anonymous callers share one half of the connections, and whoever shows a token finds room', async () => {
  const authenticate = bearer(token => ({ id: token }), { optional: true })
  const [port, service] = await start({ maxSockets: 4, authenticate })
  const first = await opened(port)
  await opened(port)
  const refused = await ask(port)
  assert.equal([refused.status, refused.headers['retry-after']], [503, '5'])
  assert.match(refused.body, 'Too many anonymous connections')
  await opened(port, { Authorization: 'Bearer ann' })
  assert.is((await ask(port)).status, 503)
  first.socket.destroy()
  await service.connections[0]!.closed
  await opened(port)
})

test('S-WS-10: connections without a principal are bounded by address where that is chosen, and their share as well', async () => {
  const authenticate = bearer(token => ({ id: token }), { optional: true })
  const [port] = await start({ authenticate, maxPerAddress: 2, maxAnonymous: 1 })
  await opened(port)
  assert.is((await ask(port)).status, 503)
  for (let i = 0; i < 3; i++) await opened(port, { Authorization: 'Bearer ann' })
  const [trusting, service] = await start({ maxPerAddress: 1, maxAnonymous: 0 })
  const first = await opened(trusting)
  const refused = await ask(trusting)
  assert.equal([refused.status, refused.headers['retry-after']], [429, '5'])
  assert.match(refused.body, 'Too many connections of one address')
  first.socket.destroy()
  await service.connections[0]!.closed
  await opened(trusting)
})

test('row 4: heads are bounded in size and time', async () => {
  const [port] = await start({ headersTimeout: 1 })
  const big = new Raw(port).write(`GET /mcp HTTP/1.1\r\nhost: localhost\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`)
  assert.is((await big.answer()).status, 431)
  const slow = new Raw(port).write('GET /mcp HTTP/1.1\r\nhost: loc')
  assert.is((await slow.answer()).status, 408)
})

test('T26: a refused client that does not leave is cut', async () => {
  const clock = fakeClock()
  const [port] = await start({ clock, maxSockets: 1 })
  const raw = new Raw(port)
  raw.socket.allowHalfOpen = true
  assert.is((await raw.upgrade({ Origin: 'http://evil.example' })).status, 403)
  assert.is((await ask(port)).status, 503, 'it still counts')
  clock.advance(15_000)
  while ((await ask(port)).status !== 101) continue
  raw.socket.destroy()
})

test('IPv6 loopback has brackets in its address; a port that is taken is an error of listen that says what to do', async () => {
  const { port, listener } = await serving.listen(new BareService(), { host: '::1' })
  assert.is(listener.address, `ws://[::1]:${port}/mcp`)
  try {
    await serving.listen(new BareService(), { host: '::1', port })
    assert.unreachable()
  } catch (error) {
    const { code, message } = error as Error & { code?: string }
    assert.equal([code, message], ['EADDRINUSE', `port ${port} on ::1 is taken; choose another, or 0 for any free one`])
  }
})

test.run()
