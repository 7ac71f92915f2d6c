/** The transport with a server of its own: where it binds, what it serves, how it stops. */
import { request } from 'node:http'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Listener } from '@oarlock/protocol'
import { http, type HttpOptions } from '../src/index.ts'
import { TestService } from './service.ts'
import { ask, call, openSession, Raw, stream, tool } from './wire.ts'

const test = suite('http')

const listeners: Listener[] = []
test.after.each(async () => {
  for (const listener of listeners.splice(0)) await listener.close()
})

async function listen(service: TestService, options: HttpOptions = {}): Promise<{ port: number; listener: Listener }> {
  const listener = await http({ port: 0, ...options }).listen(service)
  listeners.push(listener)
  return { port: Number(new URL(listener.address).port), listener }
}

test('it binds loopback and serves /mcp unless told otherwise (S-HTTP-04)', async () => {
  const { port, listener } = await listen(new TestService())
  assert.is(listener.address, `http://127.0.0.1:${port}/mcp`)
  assert.is((await ask(port, tool('echo'))).status, 200)
  assert.is((await ask(port, { ...tool('echo'), path: '/mcp?x=y' })).status, 200)
  const other = await listen(new TestService(), { path: '/', host: 'localhost' })
  assert.is((await ask(other.port, { ...tool('echo'), path: '/' })).status, 200)
})

test('S-HTTP-35: any other path is 404 without a body', async () => {
  const { port } = await listen(new TestService())
  for (const path of ['/', '/mcp/', '/mcpx', '/MCP', '/mcp/../mcp', '/.well-known/x', '//mcp']) {
    const answer = await ask(port, { ...tool('echo'), path })
    assert.is(answer.status, 404, path)
    assert.is(answer.text, '')
  }
})

test('row 2: a host that others can reach needs a word on its names', async () => {
  for (const host of ['0.0.0.0', '::', '192.0.2.1', 'example.com']) {
    assert.throws(() => http({ host }), /allowedHosts/)
    http({ host, allowAnyHost: true })
    http({ host, allowedHosts: ['mcp.example.com'] })
  }
  for (const host of ['127.0.0.1', '127.1.2.3', 'localhost', '::1', '[::1]']) http({ host })
})

test('row 2: names given for a server on loopback are served beside the loopback names', async () => {
  const { port } = await listen(new TestService(), { allowedHosts: ['mcp.local'] })
  const { headers, body } = tool('echo')
  for (const host of ['mcp.local', `mcp.local:${port}`, 'localhost'])
    assert.is((await ask(port, { headers: { ...headers, host }, body })).status, 200, host)
  assert.is((await ask(port, { headers: { ...headers, host: 'evil.local' }, body })).status, 403)
  const wide = await listen(new TestService(), { host: '0.0.0.0', allowedHosts: ['mcp.example.com'] })
  assert.is((await ask(wide.port, { headers: { ...headers, host: 'mcp.example.com' }, body })).status, 200)
  assert.is((await ask(wide.port, { headers, body })).status, 403, 'loopback was not named')
})

test('IPv6 loopback has brackets in its address', async () => {
  const { listener } = await listen(new TestService(), { host: '::1' })
  assert.match(listener.address, /^http:\/\/\[::1\]:\d+\/mcp$/)
})

test('a port that is taken is an error of listen', async () => {
  const { port } = await listen(new TestService())
  try {
    await http({ port }).listen(new TestService())
    assert.unreachable()
  } catch (error) {
    const { code, message, cause } = error as NodeJS.ErrnoException
    assert.is(code, 'EADDRINUSE')
    assert.is(message, `port ${port} on 127.0.0.1 is taken; choose another, or 0 for any free one`)
    assert.is((cause as NodeJS.ErrnoException).syscall, 'listen')
  }
})

test('an address of another machine is an error of listen', async () => {
  try {
    await http({ port: 0, host: '203.0.113.1', allowedHosts: ['example.com'] }).listen(new TestService())
    assert.unreachable()
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    assert.equal([code, message], ['EADDRNOTAVAIL', '203.0.113.1 is no address of this machine'])
  }
})

test('T10: a header that comes twice is not read as one of the two', async () => {
  const { port } = await listen(new TestService())
  const { headers, body } = tool('echo')
  const text = JSON.stringify(body)
  const send = async (twice: string): Promise<string> => {
    const all = { host: 'localhost', 'content-type': 'application/json', 'content-length': text.length, ...headers }
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
    const raw = new Raw(port).write(`POST /mcp HTTP/1.1\r\n${lines.join('')}${twice}\r\n\r\n${text}`)
    const received = await raw.until(/^HTTP\/1\.1 \d+/)
    raw.end()
    return received.slice(9, 12)
  }
  assert.is(await send('x: y'), '200')
  assert.is(await send('mcp-name: admin'), '400')
  assert.is(await send('mcp-method: tools/list'), '400')
  assert.is(await send('content-type: text/plain'), '415')
  assert.is(await send('host: evil.example'), '403')
})

test('row 4, T26: heads are bounded in size and time', async () => {
  const { port } = await listen(new TestService(), { headersTimeout: 1 })
  const big = new Raw(port).write(`POST /mcp HTTP/1.1\r\nhost: localhost\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`)
  assert.match(await big.until(/^HTTP\/1\.1 \d+/), /431/)
  await big.closed
  const slow = new Raw(port).write('POST /mcp HTTP/1.1\r\nhost: loc')
  assert.match(await slow.until(/^HTTP\/1\.1 \d+/), /408/)
  await slow.closed
})

test('connections are bounded', async () => {
  const { port } = await listen(new TestService(), { maxConnections: 2 })
  const kept = [new Raw(port), new Raw(port)]
  for (const raw of kept) {
    raw.write('GET /nothing HTTP/1.1\r\nhost: localhost\r\n\r\n')
    await raw.until(/404/)
  }
  const dropped = new Raw(port)
  await dropped.closed
  assert.is(dropped.received, '')
  for (const raw of kept) raw.end()
})

test('S-HTTP-33: stopping refuses what is new, also on connections that are kept, and lets the rest finish', async () => {
  const service = new TestService()
  const { port, listener } = await listen(service)
  const waiting = ask(port, tool('hold', {}, 1))
  const held = await service.next()
  const raw = new Raw(port)
  const { headers, body } = tool('hold', {}, 2)
  const text = JSON.stringify(body)
  const all = { host: 'localhost', 'content-type': 'application/json', 'content-length': text.length, ...headers }
  const one = `POST /mcp HTTP/1.1\r\n${Object.entries(all)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n${text}`
  raw.write(one)
  const kept = await service.next()
  // Pipelined behind the request that is under way, so the connection is not idle when the listener stops.
  raw.write(one.replace('"id":2', '"id":3'))
  listener.stop()
  const refused = new Raw(port)
  await refused.closed
  kept.answer()
  await raw.until(/"id":2/)
  held.answer()
  assert.is((await waiting).json.id, 1)
  await raw.closed
  await listener.close()
})

test('closing ends streams, sessions and connections', async () => {
  const service = new TestService()
  const { port, listener } = await listen(service)
  const session = await openSession(port)
  const get = await stream(port, { method: 'GET', headers: session })
  const waiting = ask(port, { headers: session, body: call('hold', {}, 1) })
  await service.next()
  const idle = new Raw(port).write('GET /nothing HTTP/1.1\r\nhost: localhost\r\n\r\n')
  await idle.until(/404/)
  const started = Date.now()
  await listener.close()
  assert.ok(Date.now() - started < 2000)
  assert.is(await get.ended, 'end')
  assert.is((await waiting).status, 503)
  await idle.closed
  assert.ok(service.connections[0]!.isClosed)
  await listener.close()
})

test('the same transport can listen for several servers', async () => {
  const transport = http({ port: 0 })
  const [one, two] = [await transport.listen(new TestService()), await transport.listen(new TestService())]
  listeners.push(one, two)
  assert.is.not(one.address, two.address)
})

test('an HTTP/1.0 client without a Host is foreign', async () => {
  const { port } = await listen(new TestService())
  const raw = new Raw(port).write('POST /mcp HTTP/1.0\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}')
  assert.match(await raw.until(/^HTTP\/1\.1 \d+/), /403/)
  raw.end()
})

test('a client that sends Expect: 100-continue is told to go on', async () => {
  const { port } = await listen(new TestService())
  const { headers, body } = tool('echo')
  const status = await new Promise((resolve, reject) => {
    const req = request({
      port,
      method: 'POST',
      path: '/mcp',
      headers: { host: 'localhost', 'content-type': 'application/json', expect: '100-continue', ...headers },
    })
    req.on('continue', () => req.end(JSON.stringify(body)))
    req.on('response', res => resolve(res.resume().statusCode))
    req.on('error', reject)
    req.flushHeaders()
  })
  assert.is(status, 200)
})

test.run()
