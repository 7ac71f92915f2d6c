import { Client } from '@oarlock/client'
import { http } from '@oarlock/http'
import { httpConnector } from '@oarlock/http/client'
import { rules } from '@oarlock/resources'
import { api } from '@oarlock/resources/api'
import { matrix } from '@oarlock/testing'
import { Type } from 'typebox'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { peerOf, reading } from './reading.ts'
import { echo, offering, upstream } from './upstream.ts'

const test = suite('api')

const OLDEST = '2024-11-05'
const NEWEST = '2026-07-28'

const User = Type.Object({ id: Type.Integer({ minimum: 1 }) })

matrix({ revisions: [OLDEST, NEWEST] }, ({ name, connect }) => {
  test(`allowed paths are listed and read: ${name}`, async () => {
    await using up = await upstream(echo)
    const paths = [
      '/status',
      { path: '/users/{id}{?page}', params: Type.Object({ ...User.properties, page: Type.Optional(Type.Integer()) }) },
    ]
    await using pair = await connect(offering({ baseUrl: `${up.url}/v1/`, paths }))
    assert.equal(
      (await pair.client.resources()).map(({ uri }) => uri),
      ['api://up/status'],
    )
    assert.ok((await pair.client.templates()).some(({ uriTemplate }) => uriTemplate.startsWith('api://up/users/{id}')))
    assert.equal(await pair.client.read('api://up/status'), [
      { uri: 'api://up/status', mimeType: 'application/json', text: '{"url":"/v1/status"}' },
    ])
    await pair.client.read('api://up/users/7?page=2')
    assert.equal(up.asked, ['GET /v1/status', 'GET /v1/users/7?page=2'])
  })
})

test('T16: nothing but the allowed paths can be reached, however a URI is written', async () => {
  await using up = await upstream(echo)
  const paths = [
    '/users/{id}',
    '/files{/path*}',
    '/find{?q}',
    '/list?kind=product{&q}',
    { path: '/orders/{no}', params: Type.Object({ no: Type.Integer() }) },
  ]
  const peer = await peerOf(offering({ baseUrl: `${up.url}/v1`, paths }))
  const refused = [
    '/admin /users /users/ /users/1/keys /users/.. /users/. /users/%2e%2e /users/%2E /users/a%2Fb /users/a%2fb',
    '/users/%252e%252e /users/a%252fb /users/a%5Cb /users/a\\b /users/%00 /users/1%0d%0aX-A:%201',
    '/list /list?kind=other /list?q=a /list?kind=product&kind=other',
    '/users/1#x /users/1/../2 /../admin //evil.example/users/1 /files/a/../../admin /files/a/%2e%2e/b /files//a',
    '/files/a%2F..%2Fb /files/a/%2e /orders/1x /orders/0x10 /orders/007 /orders/1%20 /orders/1.0 /users/%ff /users/1;/../admin /users/1?x=/../admin',
    'api://up@evil.example/users/1 api://evil.example/users/1 api://up:80/users/1 api://x:y@up/users/1 api:/up/users/1',
    `API://up/users/1 api://UP/users/1 http://up/users/1 ${up.url}/users/1 api://up.evil.example/users/1`,
  ].flatMap(line => line.split(' '))
  for (const path of refused) {
    const { error, text } = await reading(peer, path)
    assert.ok(error?.code === -32002 || error?.code === -32602, `${path}: ${text}`)
  }
  assert.equal(up.asked, [])
  const reached = new Map([
    ['/users/@evil.example', '/v1/users/%40evil.example'],
    ['/users/ab:c', '/v1/users/ab%3Ac'],
    ['/users/5%25', '/v1/users/5%25'],
    ['/users/a%3Fb%23c', '/v1/users/a%3Fb%23c'],
    ['/users/%61', '/v1/users/a'],
    ['/files/a/b', '/v1/files/a/b'],
    ['/list?kind=product', '/v1/list?kind=product'],
    ['/list?q=a&kind=product', '/v1/list?kind=product&q=a'],
    ["/find?q=../it's %26x=1", '/v1/find?q=..%2Fit%27s%20%26x%3D1'],
    ['/orders/7', '/v1/orders/7'],
  ])
  for (const [path, expected] of reached) {
    const { error } = await reading(peer, path)
    assert.is(error, undefined, `${path}: ${error?.message}`)
    assert.is(up.asked.at(-1), `GET ${expected}`, path)
  }
})

test('paths that would let a value be more than a value are refused when they are written', () => {
  const bad = [
    'users',
    '/a/{+path}',
    '/a{#x}',
    '/a//b',
    '/a/../b',
    '/a#b',
    '/a%2fb',
    '/a\\b',
    '/a b',
    '/a{;x}',
    '/a{.x}',
    '//host/a',
    '/u@h',
  ]
  for (const path of bad) assert.throws(() => offering({ baseUrl: 'http://127.0.0.1', paths: [path] }), TypeError, path)
  assert.throws(() => offering({ baseUrl: 'http://127.0.0.1', paths: [] }), /at least one path/)
})

test('T28: headers come from the environment, reach the upstream, and are told to nobody', async () => {
  await using up = await upstream(({ headers, url }, response) => {
    if (url === '/fail') return void response.writeHead(500, { 'content-type': 'text/plain' }).end(`token ${headers.authorization}`)
    response.setHeader('content-type', 'text/plain')
    response.end(`you sent ${headers.authorization}`)
  })
  const env = { TOKEN: 's3cret-token', EMPTY: '' }
  const server = offering({ baseUrl: up.url, paths: ['/echo', '/fail'], headers: { Authorization: 'Bearer ${TOKEN}' }, env })
  const peer = await peerOf(server)
  assert.is((await reading(peer, '/echo')).text, 'you sent Bearer [redacted]')
  assert.is(up.requests[0]?.headers.authorization, 'Bearer s3cret-token')
  assert.equal([up.requests[0]?.headers['mcp-session-id'], up.requests[0]?.headers.cookie], [undefined, undefined])
  const failed = await reading(peer, '/fail')
  assert.not(JSON.stringify(failed).includes('s3cret'))
  assert.not(JSON.stringify(peer.received).includes('s3cret'))
  for (const [headers, message] of [
    [{ 'x-a': '${MISSING}' }, /up: the header "x-a" needs MISSING, which is not set in the environment/],
    [{ 'x-a': '${EMPTY}' }, /needs EMPTY/],
    [{ 'x-a': '${toString}' }, /needs toString/],
    [{ 'x a': 'v' }, /is no name of a header/],
    [{ Host: 'v' }, /is set by the connection itself/],
    [{ 'x-a': 'a\r\nX-B: 1' }, /characters that no header can/],
  ] as const)
    assert.throws(() => offering({ baseUrl: up.url, paths: ['/'], headers, env }), message)
  const split = { ...env, TOKEN: 'se\r\ncret' }
  assert.throws(
    () => offering({ baseUrl: up.url, paths: ['/'], headers: { 'x-a': '${TOKEN}' }, env: split }),
    (error: Error) => !error.message.includes('cret'),
  )
})

test('T14: no header of the client, and no token of his, reaches the upstream', async () => {
  await using up = await upstream(echo)
  const server = offering({ baseUrl: up.url, paths: ['/a'], headers: { 'x-own': 'ours' } })
  const [listener] = await server.listen(http({ port: 0 }))
  const headers = { authorization: 'Bearer of-the-client', cookie: 'sid=of-the-client', 'x-forwarded-for': '203.0.113.9' }
  const client = await Client.open(httpConnector(listener?.address ?? '', { headers }))
  await client.read('api://up/a')
  assert.not(/of-the-client|203\.0/.test(JSON.stringify(up.requests[0]?.rawHeaders)))
  assert.is(up.requests[0]?.headers['x-own'], 'ours')
  await client.close()
  await server.close()
})

test('row 16: what is wrong upstream is told in our words, without its own', async () => {
  await using up = await upstream(({ url }, response) => {
    const status = Number(url?.slice(1))
    response.writeHead(status, { 'content-type': 'text/html', 'retry-after': '3600', server: 'Inside/1.0' })
    response.end('<h1>stack trace of internal.host:5432</h1>')
  })
  const peer = await peerOf(offering({ baseUrl: up.url, paths: ['/{status}'] }))
  const expected = new Map<number, readonly [number, RegExp]>([
    [400, [-32602, /^The upstream of up does not accept these values \(400\)$/]],
    [401, [-32603, /refused the credentials that this server has for it \(401\)/]],
    [403, [403, /does not allow it/]],
    [404, [-32002, /^Resource not found/]],
    [410, [-32002, /^Resource not found/]],
    [418, [-32603, /refused the request/]],
    [422, [-32602, /does not accept/]],
    [429, [429, /wants fewer requests/]],
    [500, [-32603, /has a problem of its own; try again later/]],
    [503, [-32603, /has a problem of its own/]],
    [302, [-32603, /leads to another place/]],
    [206, [-32603, /refused the request/]],
    [304, [-32603, /leads to another place/]],
  ])
  for (const [status, [code, message]] of expected) {
    const { error } = await reading(peer, `/${status}`)
    assert.is(error?.code, code, `${status}: ${error?.message}`)
    assert.match(String(error?.message), message)
    assert.not(/internal|5432|Inside|127\.0\.0\.1/.test(JSON.stringify(error)), `${status}`)
  }
})

test('row 17: access rules are about paths: they hold for lists, for reads with any query, and for where a redirect leads', async () => {
  await using up = await upstream(({ url }, response) => {
    if (url === '/open') return void response.writeHead(302, { location: '/hidden' }).end()
    if (url === '/fine') return void response.writeHead(302, { location: '/end' }).end()
    response.setHeader('content-type', 'text/plain')
    response.end(`at ${url}`)
  })
  const access = rules([{ uri: 'api://up/hidden', allow: false }, { uri: 'api://up/**' }])
  const peer = await peerOf(offering({ baseUrl: up.url, paths: ['/open', '/fine', '/end', '/hidden{?x}'], access }))
  const listed = JSON.stringify(await peer.request('resources/list'))
  for (const path of ['end', 'fine', 'open']) assert.ok(listed.includes(`"api://up/${path}"`))
  assert.not(listed.includes('hidden'))
  for (const path of ['/hidden', '/hidden?x=1']) assert.is((await reading(peer, path)).error?.code, -32002)
  assert.is((await reading(peer, '/fine')).text, 'at /end')
  assert.match(String((await reading(peer, '/open')).error?.message), /leads to another place/)
  assert.not(up.asked.some(asked => asked.includes('hidden')))
})

test('base URLs that cannot be meant are refused', () => {
  const bad = new Map([
    ['not a url', /is not a URL/],
    ['ftp://example.com', /must be https/],
    ['https://user:secret@example.com', /carries credentials/],
    ['https://example.com?a=1', /has a query/],
    ['https://example.com#a', /fragment/],
    ['http://example.com', /plain http/],
  ])
  for (const [baseUrl, message] of bad) {
    assert.throws(
      () => api({ name: 'x', baseUrl, paths: ['/'] }),
      (error: Error) => message.test(error.message) && !error.message.includes('secret'),
      baseUrl,
    )
  }
  assert.throws(() => api({ name: 'Not a host', baseUrl: 'https://example.com', paths: ['/'] }), /cannot be part of a URI/)
  assert.throws(() => api({ name: 'x', baseUrl: 'https://example.com', paths: ['/'], retries: -1 }), /retries must be/)
})

test.run()
