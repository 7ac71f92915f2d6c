/** Which names and pages reach a listener: every address it may be bound to, every host, every origin, every method. */
import { http, Server, toFetch } from 'oarlock'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ask, modern, Raw, tool } from '../../packages/http/test/wire.ts'
import { house } from './house.ts'
import { closeAll, serve } from './served.ts'

const test = suite('hosts and origins')
test.after.each(closeAll)

/** What a client may call a listener on this machine, `PORT` being the one it listens on. */
const OWN_HOSTS = [
  '127.0.0.1:PORT',
  'localhost:PORT',
  'LOCALHOST:PORT',
  'localhost.:PORT',
  '[::1]:PORT',
  'localhost',
  '127.0.0.1',
  '127.9.9.9:PORT',
]
const FOREIGN_HOSTS = [
  'evil.example',
  'evil.example:PORT',
  'localhost.evil.example:PORT',
  'evil-localhost:PORT',
  '127.0.0.1.evil.example:PORT',
  '127.0.0.1.nip.io',
  '0.0.0.0:PORT',
  '[::]:PORT',
  '[::ffff:127.0.0.1]:PORT',
  '2130706433:PORT',
  '0x7f000001:PORT',
  '127.1:PORT',
  'user@localhost:PORT',
  'localhost:PORT@evil.example',
  'localhost, evil.example',
  'localhost:PORT/evil.example',
  'localhost evil.example',
]
const OWN_ORIGINS = [
  undefined,
  'http://localhost:PORT',
  'http://127.0.0.1:PORT',
  'http://[::1]:PORT',
  'http://localhost:5173',
  'https://localhost',
  'HTTP://LOCALHOST:PORT',
]
const FOREIGN_ORIGINS = [
  'https://evil.example',
  'http://localhost.evil.example:PORT',
  'http://127.0.0.1.nip.io:PORT',
  'http://evil.example:PORT',
  'null',
  '',
  'file://',
  'chrome-extension://abcdefghijklmnopabcdefghijklmnop',
  'moz-extension://11111111-2222-3333-4444-555555555555',
  'vscode-webview://abc',
  'http://localhost:PORT, https://evil.example',
  'http://localhost:PORT/',
  'localhost:PORT',
  'http://user@localhost:PORT',
]
const METHODS = ['POST', 'GET', 'DELETE', 'OPTIONS', 'PUT'] as const

type Origin = string | undefined

/** A call with everything it needs but for the host and the origin; the status that comes back. */
async function status(port: number, host: string, origin: Origin, method: (typeof METHODS)[number] = 'POST', address = '127.0.0.1') {
  const named = (text: string) => text.replaceAll('PORT', String(port))
  const call = tool('echo', { text: 'x' })
  const headers = { ...call.headers, host: named(host), origin: origin === undefined ? undefined : named(origin) }
  const answer = await ask(port, { method, headers, address, ...(method === 'POST' ? { body: call.body as unknown } : {}) })
  if (answer.status === 403 && method !== 'OPTIONS') assert.is(answer.json.error.code, -32000)
  return answer
}

test('row 2, T1: on this machine every name of it is served, from no page or from one of its own', async () => {
  const { server, ran } = house()
  const { port } = await serve(server)
  for (const host of OWN_HOSTS) {
    for (const origin of OWN_ORIGINS) assert.is((await status(port, host, origin)).status, 200, `${host} ${origin}`)
  }
  assert.is(ran.length, OWN_HOSTS.length * OWN_ORIGINS.length)
})

test('row 2, T1: a foreign host is refused whatever the origin and the method, and nothing runs', async () => {
  const { server, ran } = house()
  const { port } = await serve(server)
  for (const host of FOREIGN_HOSTS) {
    for (const method of METHODS) {
      assert.is((await status(port, host, undefined, method)).status, 403, `${method} ${host}`)
    }
  }
  assert.equal(ran, [])
})

test('row 2, T1: a foreign page is refused whatever the host and the method, and is told nothing that browsers would let it read', async () => {
  const { server, ran } = house()
  const { port } = await serve(server)
  for (const origin of FOREIGN_ORIGINS) {
    for (const method of METHODS) {
      for (const host of ['127.0.0.1:PORT', 'localhost:PORT']) {
        const answer = await status(port, host, origin, method)
        assert.is(answer.status, 403, `${method} ${host} ${origin}`)
        assert.is(answer.headers['access-control-allow-origin'], undefined)
      }
    }
  }
  assert.equal(ran, [])
})

test('row 2, T1: a host that is empty, missing or there twice is not one of ours', async () => {
  const { server, ran } = house()
  const { port } = await serve(server)
  const { headers, body } = tool('echo', { text: 'x' })
  const text = JSON.stringify(body)
  const fields = Object.entries({ ...headers, 'content-type': 'application/json', 'content-length': text.length })
  for (const hosts of ['host:\r\n', '', 'host: localhost\r\nhost: evil.example\r\n', 'host: evil.example\r\nhost: localhost\r\n']) {
    const head = fields.map(([name, value]) => `${name}: ${value}\r\n`).join('')
    const raw = new Raw(port).write(`POST /mcp HTTP/1.1\r\n${hosts}${head}\r\n${text}`)
    assert.match(await raw.until(/^HTTP\/1\.1 \d+/), /^HTTP\/1\.1 40[03]/, hosts)
    raw.end()
  }
  assert.equal(ran, [])
})

test('row 2, T1: bound to [::1] it is the same', async () => {
  const { server } = house()
  const { port } = await serve(server, { host: '::1' })
  for (const [host, origin, expected] of [
    ['[::1]:PORT', undefined, 200],
    ['localhost:PORT', 'http://localhost:PORT', 200],
    ['evil.example:PORT', undefined, 403],
    ['[::1]:PORT', 'https://evil.example', 403],
    ['[::2]:PORT', undefined, 403],
  ] as const) {
    assert.is((await status(port, host, origin, 'POST', '::1')).status, expected, `${host} ${origin}`)
  }
})

test('row 2: bound where others can reach it, it refuses to start without a word on its names', async () => {
  for (const host of ['0.0.0.0', '::', '[::]', '192.0.2.1', 'mcp.example.com']) {
    const { server } = house()
    assert.throws(() => http({ port: 0, host }), /allowedHosts/, host)
    await server.close()
  }
})

test('row 2, T1: bound to every address, only the names it was given are served, and loopback is none of them', async () => {
  const { server, ran } = house()
  const { port } = await serve(server, { host: '0.0.0.0', allowedHosts: ['mcp.example.com'], allowedOrigins: ['https://app.example.com'] })
  for (const [host, origin, expected] of [
    ['mcp.example.com', undefined, 200],
    ['MCP.example.com.:8443', undefined, 200],
    ['mcp.example.com', 'https://app.example.com', 200],
    ['mcp.example.com', 'https://mcp.example.com', 403],
    ['mcp.example.com', 'http://app.example.com', 403],
    ['mcp.example.com', 'https://app.example.com.evil.example', 403],
    ['mcp.example.com', 'null', 403],
    ['mcp.example.com.evil.example', undefined, 403],
    ['127.0.0.1:PORT', undefined, 403],
    ['localhost:PORT', undefined, 403],
    ['localhost:PORT', 'http://localhost:PORT', 403],
  ] as const) {
    assert.is((await status(port, host, origin)).status, expected, `${host} ${origin}`)
  }
  assert.is(ran.length, 3)
})

test('row 2, T1: with any host, pages are still foreign', async () => {
  const { server } = house()
  const { port } = await serve(server, { host: '0.0.0.0', allowAnyHost: true })
  assert.is((await status(port, 'whatever.example', undefined)).status, 200)
  for (const origin of ['http://whatever.example', 'http://localhost:PORT', 'https://evil.example', 'null']) {
    assert.is((await status(port, 'whatever.example', origin)).status, 403, origin)
  }
})

test('row 2, T1: the Fetch door looks at the host of the URL', async () => {
  const server = new Server({ name: 'fetch', version: '1', log: false })
  const door = toFetch(server)
  const { headers, body } = modern('server/discover')
  const send = async (url: string, origin?: string) => {
    const all = { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers }
    const request = new Request(url, {
      method: 'POST',
      headers: origin === undefined ? all : { ...all, origin },
      body: JSON.stringify(body),
    })
    return (await door(request)).status
  }
  assert.is(await send('http://localhost:3000/mcp'), 200)
  assert.is(await send('http://localhost:3000/mcp', 'http://localhost:5173'), 200)
  assert.is(await send('http://evil.example/mcp'), 403)
  assert.is(await send('http://localhost:3000/mcp', 'https://evil.example'), 403)
  await server.close()
})

test('T1: by default nobody but this machine can connect', async () => {
  const { server } = house()
  assert.match((await serve(server)).url, /^http:\/\/127\.0\.0\.1:\d+\/mcp$/)
})

test('T1: no answer to a page allows every origin', async () => {
  const { server } = house()
  const { port } = await serve(server)
  for (const method of METHODS) {
    const { headers } = await status(port, 'localhost:PORT', 'http://localhost:5173', method)
    assert.is(headers['access-control-allow-origin'], 'http://localhost:5173')
    assert.is(headers['access-control-allow-credentials'], undefined)
    assert.match(String(headers['vary']), /Origin/)
  }
})

test.run()
