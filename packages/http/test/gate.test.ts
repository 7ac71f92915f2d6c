/** Who may speak to an endpoint: hosts, origins, and what browsers are told, over both doors. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Gate } from '../src/gate.ts'
import { DOORS, type Open, type OpenDoor } from './doors.ts'
import { TestService } from './service.ts'
import { ask, openSession, tool } from './wire.ts'

const test = suite('gate')

const opened: Open[] = []
test.after.each(async () => {
  for (const door of opened.splice(0)) await door.close()
})

test('row 2: on loopback only loopback names are served, on any port', () => {
  const gate = new Gate({})
  const good = [
    'localhost',
    'localhost:3000',
    'LOCALHOST:1',
    'localhost.',
    '127.0.0.1',
    '127.0.0.1:65535',
    '127.0.0.2:80',
    '[::1]',
    '[::1]:3000',
  ]
  for (const host of good) assert.ok(gate.admits(host, undefined), host)
  const bad = [
    'evil.example',
    'evil.example:3000',
    'localhost.evil.example',
    'evil-localhost',
    '127.0.0.1.evil.example',
    '127.0.0.1@evil',
    '0.0.0.0',
    '[::]',
    '[::1',
    '::1',
    'localhost:x',
    'localhost:3000:1',
    'localhost, evil.example',
    '',
    ' localhost',
    'localhost/',
  ]
  for (const host of bad) assert.not(gate.admits(host, undefined), host)
  assert.not(gate.admits(undefined, undefined))
})

test('T1: an Origin must be of this machine, whatever the host', () => {
  const gate = new Gate({})
  for (const origin of [
    undefined,
    'http://localhost:3000',
    'http://localhost',
    'https://LOCALHOST:8443',
    'http://127.0.0.1:5173',
    'http://[::1]:9',
  ]) {
    assert.ok(gate.admits('localhost:3000', origin), String(origin))
  }
  for (const origin of [
    'null',
    '',
    'http://evil.example',
    'http://localhost.evil.example',
    'http://evil.example:3000',
    'chrome-extension://abcdef',
    'file://',
    'http://localhost:3000/path',
    'localhost:3000',
    'http://localhost@evil.example',
  ]) {
    assert.not(gate.admits('localhost:3000', origin), origin)
  }
})

test('row 2: named hosts are the only ones, with or without a port', () => {
  const gate = new Gate({ allowedHosts: ['mcp.example.com', 'api.example.com:8443', '[fd00::1]'] })
  for (const host of ['mcp.example.com', 'MCP.Example.com.:80', 'api.example.com:8443', '[fd00::1]:99'])
    assert.ok(gate.admits(host, undefined), host)
  for (const host of ['api.example.com', 'api.example.com:443', 'x.mcp.example.com', 'localhost', '127.0.0.1'])
    assert.not(gate.admits(host, undefined), host)
  assert.ok(gate.admits('mcp.example.com', 'https://mcp.example.com'), 'a page of this very host')
  assert.ok(gate.admits('mcp.example.com:443', 'https://mcp.example.com'))
  for (const origin of ['https://mcp.example.com:444', 'https://api.example.com', 'http://localhost', 'null'])
    assert.not(gate.admits('mcp.example.com', origin), origin)
})

test('named origins are the only ones', () => {
  const gate = new Gate({ allowedOrigins: ['https://app.example.com', 'HTTP://Other.example:8080', 'chrome-extension://abcdef'] })
  for (const origin of ['https://app.example.com', 'https://APP.example.com:443', 'http://other.example:8080', 'chrome-extension://abcdef'])
    assert.ok(gate.admits('localhost', origin), origin)
  for (const origin of ['http://app.example.com', 'https://app.example.com:444', 'http://localhost', 'null'])
    assert.not(gate.admits('localhost', origin), origin)
})

test('with any host admitted, a page of a host that an attacker named is still foreign', () => {
  const gate = new Gate({ allowAnyHost: true })
  assert.ok(gate.admits('whatever.example', undefined))
  assert.not(gate.admits('evil.example', 'http://evil.example'))
  assert.ok(new Gate({ allowAnyHost: true, allowedOrigins: ['https://app.example.com'] }).admits('x', 'https://app.example.com'))
})

test('an option that is not a host or an origin is an error at once', () => {
  assert.throws(() => new Gate({ allowedHosts: ['http://mcp.example.com'] }), /allowedHosts/)
  for (const origin of ['*', 'app.example.com', 'https://app.example.com/x'])
    assert.throws(() => new Gate({ allowedOrigins: [origin] }), /allowedOrigins/)
})

for (const [name, openDoor] of DOORS) {
  const open: OpenDoor = async (service, options) => {
    const door = await openDoor(service, options)
    opened.push(door)
    return door
  }

  test(`T1: ${name}: foreign hosts and origins get 403 on every method, and learn nothing`, async () => {
    const { port } = await open(new TestService())
    const session = await openSession(port)
    for (const method of ['POST', 'GET', 'DELETE', 'OPTIONS', 'PUT']) {
      for (const foreign of [
        { host: 'evil.example' },
        { host: `evil.example:${port}` },
        { origin: 'http://evil.example' },
        { origin: 'null' },
      ]) {
        const answer = await ask(port, { method, headers: { ...session, accept: 'text/event-stream, application/json', ...foreign } })
        assert.is(answer.status, 403, `${method} ${JSON.stringify(foreign)}`)
        assert.is(answer.json.error.code, -32000)
        assert.is(answer.headers['access-control-allow-origin'], undefined)
      }
    }
    assert.is(
      (await ask(port, { headers: session, body: { jsonrpc: '2.0', method: 'notifications/x' } })).status,
      202,
      'the session is still there',
    )
  })

  test(`${name}: pages of allowed origins are told so on every answer, refusals included`, async () => {
    const { port } = await open(new TestService(), {
      authenticate: head => (head.headers?.get('authorization') === undefined ? (new (class extends Error {})() as never) : { id: 'a' }),
    })
    const origin = 'http://localhost:5173'
    const { headers, body } = tool('echo')
    const good = await ask(port, { headers: { ...headers, origin, authorization: 'x' }, body })
    assert.is(good.headers['access-control-allow-origin'], origin)
    assert.is(good.headers['access-control-expose-headers'], 'Mcp-Session-Id, WWW-Authenticate')
    assert.is(good.headers['vary'], 'Origin')
    assert.is(good.headers['access-control-allow-credentials'], undefined)
    const refused = await ask(port, { headers: { ...headers, origin }, body })
    assert.is(refused.headers['access-control-allow-origin'], origin)
    const streamed = await ask(port, {
      ...tool('progress', { n: 1 }),
      headers: { ...tool('progress').headers, origin, authorization: 'x' },
    })
    assert.is(streamed.headers['access-control-allow-origin'], origin)
  })

  test(`${name}: a preflight is answered without authentication (S-AUTH-21)`, async () => {
    const { port } = await open(new TestService(), {
      authenticate: () => {
        throw new Error('must not be asked')
      },
      allowedHeaders: ['X-API-Key'],
    })
    const wanted = 'content-type, mcp-method, mcp-name, Mcp-Param-Region, mcp-protocol-version, x-api-key, x-evil, mcp-param-'
    const answer = await ask(port, {
      method: 'OPTIONS',
      headers: {
        origin: 'http://localhost:5173',
        'access-control-request-method': 'POST',
        'access-control-request-headers': wanted,
        'content-type': undefined,
      },
    })
    assert.is(answer.status, 204)
    assert.is(answer.text, '')
    assert.is(answer.headers['access-control-allow-origin'], 'http://localhost:5173')
    assert.is(answer.headers['access-control-allow-methods'], 'GET, POST, DELETE, OPTIONS')
    assert.is(
      answer.headers['access-control-allow-headers'],
      'content-type, mcp-method, mcp-name, mcp-param-region, mcp-protocol-version, x-api-key',
    )
    assert.is(answer.headers['access-control-allow-credentials'], undefined)
  })
}

test.run()
