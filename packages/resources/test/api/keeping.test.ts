import { fakeClock } from '@oarlock/protocol'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { peerOf, reading } from './reading.ts'
import { echo, offering, upstream } from './upstream.ts'

const test = suite('what an API answers, kept and tried again')

test('connections are kept open, and closed with the server', async () => {
  await using up = await upstream(echo)
  const server = offering({ baseUrl: up.url, paths: ['/{what}'] })
  const peer = await peerOf(server)
  for (let n = 0; n < 5; n++) await reading(peer, `/${n}`)
  assert.is(up.connections(), 1)
  const socket = up.requests[0]?.socket
  const closed = new Promise(resolve => socket?.once('close', resolve))
  await server.close()
  await closed
})

test('reads are kept as the upstream says, and asked for with its validators', async () => {
  const clock = fakeClock()
  let version = 1
  const policies = new Map([
    ['/tag', { etag: () => `"v${version}"`, 'cache-control': () => 'max-age=10' }],
    ['/date', { 'last-modified': () => `Sat, 21 Nov 2026 10:00:0${version} GMT` }],
    ['/no-store', { etag: () => '"x"', 'cache-control': () => 'private, no-store' }],
    ['/no-cache', { etag: () => '"x"', 'cache-control': () => 'No-Cache' }],
  ])
  await using up = await upstream(({ url, headers }, response) => {
    for (const [name, value] of Object.entries(policies.get(url ?? '') ?? {})) response.setHeader(name, value())
    const { etag, 'last-modified': modified } = response.getHeaders()
    const holds =
      (etag !== undefined && headers['if-none-match'] === etag) || (modified !== undefined && headers['if-modified-since'] === modified)
    response.setHeader('content-type', 'text/plain')
    if (holds) response.writeHead(304).end()
    else response.end(`v${version}`)
  })
  const peer = await peerOf(offering({ baseUrl: up.url, paths: ['/{what}'], keep: { ttl: 60_000, clock } }))
  const asked = async (path: string): Promise<readonly [string | undefined, number]> => {
    const before = up.asked.length
    return [(await reading(peer, path)).text, up.asked.length - before]
  }
  assert.equal(
    [await asked('/tag'), await asked('/tag')],
    [
      ['v1', 1],
      ['v1', 0],
    ],
  )
  clock.advance(10_001)
  assert.equal(
    [await asked('/tag'), await asked('/tag')],
    [
      ['v1', 1],
      ['v1', 0],
    ],
  )
  assert.equal(
    [await asked('/date'), await asked('/date')],
    [
      ['v1', 1],
      ['v1', 0],
    ],
  )
  assert.equal(
    [await asked('/no-store'), await asked('/no-store')],
    [
      ['v1', 1],
      ['v1', 1],
    ],
  )
  assert.is(up.requests.at(-1)?.headers['if-none-match'], undefined)
  assert.equal(
    [await asked('/no-cache'), await asked('/no-cache')],
    [
      ['v1', 1],
      ['v1', 1],
    ],
  )
  assert.is(up.requests.at(-1)?.headers['if-none-match'], '"x"')
  version = 2
  clock.advance(60_001)
  assert.equal(
    [await asked('/tag'), await asked('/date')],
    [
      ['v2', 1],
      ['v2', 1],
    ],
  )
})

test('what fails in a way that may pass is tried again, once, as long as not everything fails', async () => {
  let fail = 1
  await using up = await upstream(({ url }, response) => {
    if (fail-- > 0) return url === '/reset' ? void response.destroy() : void response.writeHead(503).end()
    response.setHeader('content-type', 'text/plain')
    response.end('ok')
  })
  const peer = await peerOf(offering({ baseUrl: up.url, paths: ['/{what}'] }))
  for (const path of ['/busy', '/reset']) {
    fail = 1
    assert.is((await reading(peer, path)).text, 'ok')
  }
  fail = 1_000
  const before = up.asked.length
  for (let n = 0; n < 30; n++) assert.match(String((await reading(peer, '/busy')).error?.message), /problem of its own/)
  const tries = up.asked.length - before
  assert.ok(tries > 30 && tries <= 30 + 12, `${tries} requests`)
})

test.run()
