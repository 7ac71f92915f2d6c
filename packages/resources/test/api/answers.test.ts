import { Client } from '@oarlock/client'
import { memoryConnector } from '@oarlock/protocol'
import { PART_KEY } from '@oarlock/resources'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { peerOf, reading } from './reading.ts'
import { offering, upstream } from './upstream.ts'

const test = suite('what an API answers')

test('JSON, text in any character set, and bytes come as what they are; other types not at all', async () => {
  const answers = new Map([
    ['/json', ['application/problem+json; charset=utf-8', Buffer.from('{"a":"ä"}')]],
    ['/latin', ['text/plain; charset=ISO-8859-1', Buffer.of(0xe4)]],
    ['/odd', ['text/plain; charset=klingon', Buffer.from('ä')]],
    ['/png', ['image/png', Buffer.of(0x89, 0x50)]],
    ['/none', [undefined, Buffer.of(1, 2)]],
    ['/zip', ['application/zip', Buffer.of(1)]],
  ] as const)
  await using up = await upstream(({ url }, response) => {
    const [type, body] = answers.get(url as '/json') ?? [undefined, '']
    if (type !== undefined) response.setHeader('content-type', type)
    response.end(body)
  })
  const peer = await peerOf(offering({ baseUrl: up.url, paths: ['/{what}'] }))
  const shown = async (path: string): Promise<readonly unknown[]> => {
    const { text, blob, mimeType } = await reading(peer, path)
    return [mimeType, text ?? blob]
  }
  assert.equal(await shown('/json'), ['application/problem+json', '{"a":"ä"}'])
  assert.equal(await shown('/latin'), ['text/plain', 'ä'])
  assert.equal(await shown('/odd'), ['text/plain', 'ä'])
  assert.equal(await shown('/png'), ['image/png', 'iVA='])
  assert.equal(await shown('/none'), ['application/octet-stream', 'AQI='])
  assert.match(String((await reading(peer, '/zip')).error?.message), /answered with "application\/zip", and gives application\/json,/)
})

test('row 4: an answer is cut off when it has more bytes than wanted, announced or not, and one that is compressed is not inflated', async () => {
  let sent = 0
  await using up = await upstream(({ url }, response) => {
    if (url === '/gzip') return void response.writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'text/plain' }).end('x')
    if (url === '/said') return void response.writeHead(200, { 'content-length': '1000000', 'content-type': 'text/plain' }).end('x')
    response.writeHead(200, { 'content-type': 'text/plain' })
    const more = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(16 * 1024))) sent += 16 * 1024
    }
    response.on('drain', more)
    more()
  })
  const peer = await peerOf(offering({ baseUrl: up.url, paths: ['/{what}'], maxAnswer: 100_000 }))
  assert.match(String((await reading(peer, '/endless')).error?.message), /answered with more than 100000 bytes/)
  assert.ok(sent < 16 * 1024 * 1024)
  assert.match(String((await reading(peer, '/said')).error?.message), /answered with more than 100000 bytes/)
  assert.match(String((await reading(peer, '/gzip')).error?.message), /compressed body/)
})

test('a long answer is read in parts', async () => {
  await using up = await upstream((_, response) => response.writeHead(200, { 'content-type': 'text/plain' }).end('ä'.repeat(600)))
  for (const path of ['/long', '/{what}']) {
    const peer = await peerOf(offering({ baseUrl: up.url, paths: [path], maxBytes: 1_000 }))
    const first = await reading(peer, '/long')
    assert.is(first.text, 'ä'.repeat(500))
    const part = first.meta?.[PART_KEY] as { readonly next: string; readonly size: number }
    assert.is(part.size, 1_200)
    assert.is((await reading(peer, part.next)).text, 'ä'.repeat(100))
  }
})

test('an upstream that does not answer, or stops in the middle, is not waited for longer than the timeout', async () => {
  await using up = await upstream(({ url }, response) => {
    if (url === '/half') response.writeHead(200, { 'content-type': 'text/plain' }).write('begun')
  })
  const peer = await peerOf(offering({ baseUrl: up.url, paths: ['/{what}'], timeout: 100 }))
  for (const path of ['/silent', '/half']) assert.match(String((await reading(peer, path)).error?.message), /did not answer within 100 ms/)
})

test('a read that the client cancels ends upstream', async () => {
  let closed: () => void = () => {}
  const ended = new Promise<void>(resolve => (closed = resolve))
  let begun: () => void = () => {}
  const started = new Promise<void>(resolve => (begun = resolve))
  await using up = await upstream(request => {
    begun()
    request.on('close', closed)
  })
  const server = offering({ baseUrl: up.url, paths: ['/slow'] })
  const client = await Client.open(memoryConnector(server))
  const stop = new AbortController()
  const read = client.read('api://up/slow', { signal: stop.signal }).catch((error: unknown) => error)
  await started
  stop.abort()
  assert.instance(await read, Error)
  await ended
  await client.close()
  await server.close()
})

test.run()
