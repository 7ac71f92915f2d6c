import { fakeClock } from '@oarlock/protocol'
import type { ReadRequest, SourceAnswer } from '@oarlock/resources'
import { connected, raw } from '@oarlock/testing'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { contents } from './answers.ts'
import { by, serving, Shelf } from './shelf.ts'

/** Reads from the middle, once its text is too long for one answer. */
class Growing extends Shelf {
  text = 'small'

  protected override async read(request: ReadRequest): Promise<SourceAnswer> {
    this.reads.push(request)
    const { range, maxBytes } = request
    const bytes = Buffer.from(this.text)
    const validator = `v${bytes.length}`
    if (bytes.length <= maxBytes) return { bytes, mimeType: 'text/plain', validator }
    const { offset, length } = range ?? { offset: 0, length: maxBytes }
    return { bytes: bytes.subarray(offset, offset + length), mimeType: 'text/plain', validator, part: { offset, size: bytes.length } }
  }
}

const test = suite('kept reads of a provider')

test('a read that is kept is asked for again with its validator, and forgotten when the document changes', async () => {
  let now = 0
  const shelf = new Shelf({ keep: { ttl: '100ms', clock: { now: () => now, after: () => () => {} } } })
  shelf.documents.set('a', { text: 'one', validator: 'v1' })
  await using pair = await connected(serving(shelf))
  const read = async (): Promise<unknown> => ((await pair.client.read('shelf://a')) as unknown as { text: string }[])[0]?.text
  assert.is(await read(), 'one')
  assert.is(await read(), 'one')
  assert.equal(
    shelf.reads.map(({ known }) => known),
    [undefined],
  )
  now = 100
  assert.is(await read(), 'one')
  assert.equal(
    shelf.reads.map(({ known }) => known),
    [undefined, 'v1'],
  )
  shelf.documents.set('a', { text: 'two', validator: 'v2' })
  assert.is(await read(), 'one')
  shelf.updated('shelf://a')
  assert.is(await read(), 'two')
})

test('a document that its source gives whole is kept once, whichever parts of it are read', async () => {
  const shelf = new Shelf({ maxBytes: 16, keep: { ttl: 60_000 } }).put('a', 'x'.repeat(100))
  await using pair = await connected(serving(shelf))
  for (const query of ['', '?offset=16', '?offset=32&length=4', '?offset=99']) await pair.client.read(`shelf://a${query}`)
  assert.is(shelf.reads.length, 1)
})

test('a document that grows out of one answer is kept part by part, and no part is taken for another', async () => {
  const clock = fakeClock()
  const shelf = new Growing({ maxBytes: 32, keep: { ttl: 100, clock } })
  await using pair = await connected(serving(shelf))
  const read = async (uri: string): Promise<unknown> => ((await pair.client.read(uri)) as unknown as { text: string }[])[0]?.text
  assert.is(await read('shelf://a'), 'small')
  shelf.text = 'abcdefghijklmnopqrstuvwxyz'.repeat(4)
  clock.advance(100)
  for (const fresh of [true, false]) {
    assert.is(await read('shelf://a?offset=40&length=8'), 'opqrstuv')
    assert.is(await read('shelf://a?offset=0&length=8'), 'abcdefgh')
    assert.is(await read('shelf://a'), shelf.text.slice(0, 32))
    if (fresh) assert.is(shelf.reads.length, 4)
  }
  assert.is(shelf.reads.length, 4)
})

test('parts that are asked for at the same time, of a document whose kept copy is too old, are each their own', async () => {
  const clock = fakeClock()
  const shelf = new Growing({ maxBytes: 32, keep: { ttl: 100, clock } })
  await using pair = await connected(serving(shelf))
  const read = async (uri: string): Promise<unknown> => ((await pair.client.read(uri)) as unknown as { text: string }[])[0]?.text
  await read('shelf://a')
  shelf.text = 'abcdefghijklmnopqrstuvwxyz'.repeat(4)
  clock.advance(100)
  const queries = ['?offset=40&length=8', '?offset=0&length=8', '?offset=80&length=4']
  assert.equal(await Promise.all(queries.map(query => read(`shelf://a${query}`))), ['opqrstuv', 'abcdefgh', 'cdef'])
})

test('what one caller read is kept for that caller only, unless all read the same', async () => {
  for (const [shared, reads] of [
    [false, 2],
    [true, 1],
  ] as const) {
    const shelf = new Shelf({ keep: { ttl: 1_000, shared } }).put('a', 'A')
    const server = serving(shelf)
    for (const id of ['ann', 'bob', 'ann']) {
      const peer = raw(server, by(id))
      await peer.request('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'c', version: '1' } })
      assert.is(contents(await peer.request('resources/read', { uri: 'shelf://a' }))[0]?.['text'], 'A')
    }
    assert.is(shelf.reads.length, reads)
    await server.close()
  }
})

test('what one caller read is not kept for the same subject of another issuer', async () => {
  const shelf = new Shelf({ keep: { ttl: 1_000 } }).put('a', 'A')
  const server = serving(shelf)
  for (const iss of ['https://one.example', 'https://two.example', 'https://one.example']) {
    const peer = raw(server, { transport: 'test', principal: { id: 'ann', claims: { iss } } })
    await peer.request('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'c', version: '1' } })
    assert.is(contents(await peer.request('resources/read', { uri: 'shelf://a' }))[0]?.['text'], 'A')
  }
  assert.is(shelf.reads.length, 2)
  await server.close()
})

test.run()
