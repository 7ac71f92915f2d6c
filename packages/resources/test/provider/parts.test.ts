import { PART_KEY, type Part } from '@oarlock/resources'
import { connected, raw, type Json } from '@oarlock/testing'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { serving, Shelf, SHELF } from './shelf.ts'

const test = suite('parts of documents')

test('what is larger than an answer may hold is read in parts, by the URIs it names', async () => {
  const text = 'grüße ✓ 😀 '.repeat(40)
  const shelf = new Shelf({ maxBytes: 64 }).put('long', text)
  shelf.documents.set('blob', { bytes: new Uint8Array(200).fill(0xff), mimeType: 'image/png' })
  await using pair = await connected(serving(shelf))
  let read = ''
  for (let uri: string | undefined = 'shelf://long'; uri !== undefined;) {
    const [content] = (await pair.client.read(uri)) as unknown as { uri: string; text: string; _meta: Json }[]
    const part = content?._meta[PART_KEY] as Part
    assert.is(part.size, Buffer.byteLength(text))
    assert.is(content?.uri, `shelf://long?offset=${part.offset}&length=${part.length}`)
    assert.ok((part.length as number) <= 64)
    read += content?.text
    uri = part.next
  }
  assert.is(read, text)
  const [last] = (await pair.client.read('shelf://blob?offset=192')) as unknown as { blob: string; _meta: Json }[]
  assert.equal(last?._meta[PART_KEY], { offset: 192, length: 8, size: 200 })
  assert.is(Buffer.from(last?.blob ?? '', 'base64').length, 8)
})

test('a range that is none is refused with what is wrong', async () => {
  const shelf = new Shelf({ maxBytes: 64 }).put('a', 'x'.repeat(100))
  const peer = raw(serving(shelf))
  await peer.request('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'c', version: '1' } })
  for (const [query, message] of [
    ['offset=-1', /0 or more/],
    ['offset=1e3', /0 or more/],
    ['length=0', /1 or more/],
    ['offset=100', /behind the end: the document has 100 bytes/],
  ] as const) {
    const { error } = await peer.request('resources/read', { uri: `shelf://a?${query}` })
    assert.is(error?.code, -32602, query)
    assert.match(error?.message ?? '', message)
  }
})

test('several contents that are too large together, and a document without parts, are refused rather than cut', async () => {
  const shelf = new Shelf({ maxBytes: 64 })
  shelf.sources = [{ ...SHELF, parts: false }]
  shelf.documents.set('two', [{ text: 'x'.repeat(40) }, { text: 'y'.repeat(40) }])
  shelf.documents.set('one', { text: 'x'.repeat(80) })
  const peer = raw(serving(shelf))
  await peer.request('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'c', version: '1' } })
  for (const name of ['one', 'two']) {
    const { error } = await peer.request('resources/read', { uri: `shelf://${name}` })
    assert.match(error?.message ?? '', /takes 80 bytes, more than the 64 that one answer holds.*no parts/)
  }
})

test('a URI without variables may be read in parts, too', async () => {
  const shelf = new Shelf({ maxBytes: 16 })
  shelf.sources = [SHELF, { name: 'index', uriTemplate: 'shelf:index', parts: true }]
  for (const name of ['alpha', 'beta', 'gamma', 'delta']) shelf.put(name, '')
  await using pair = await connected(serving(shelf))
  const [content] = (await pair.client.read('shelf:index')) as unknown as { text: string; _meta: Json }[]
  assert.is(content?.text, 'alpha\nbeta\ngamma')
  const next = (content?._meta[PART_KEY] as Part | undefined)?.next
  assert.is(((await pair.client.read(next as string)) as unknown as { text: string }[])[0]?.text, '\ndelta')
})

test.run()
