import { defineTool, Server } from '@oarlock/kernel'
import { fakeClock } from '@oarlock/protocol'
import { ResourceProvider, rules, PART_KEY, type Part, type ReadRequest, type SourceAnswer } from '@oarlock/resources'
import { connected, envelope, matrix, raw, type Json, type RawMessage } from '@oarlock/testing'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { by, serving, Shelf, SHELF } from './shelf.ts'

const test = suite('provider')

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

const OLDEST = '2024-11-05'
const NEWEST = '2026-07-28'

const resultOf = <T>({ result }: RawMessage): T => result as T
const contents = (reply: RawMessage): readonly Json[] => resultOf<{ contents: readonly Json[] }>(reply).contents

matrix({ revisions: [OLDEST, NEWEST] }, ({ name, connect }) => {
  test(`documents are listed, read and completed: ${name}`, async () => {
    const shelf = new Shelf().put('a.md', 'A').put('b/c.md', 'C')
    await using pair = await connect(serving(shelf))
    const { client } = pair
    assert.equal(
      (await client.resources()).map(({ uri }) => uri),
      ['shelf:index', 'shelf://a.md', 'shelf://b/c.md'],
    )
    assert.equal(
      (await client.templates()).map(({ uriTemplate }) => uriTemplate),
      ['shelf://{+path}{?offset,length}'],
    )
    assert.equal(await client.read('shelf://b/c.md'), [{ uri: 'shelf://b/c.md', mimeType: 'text/plain', text: 'C' }])
    assert.is((await client.read('shelf:index'))[0]?.['text' as never], 'a.md\nb/c.md')
  })

  test(`the first subscriber starts a watch and the last one stops it: ${name}`, async () => {
    const shelf = new Shelf().put('a', 'A')
    const server = serving(shelf)
    await using pair = await connect(server)
    const first = pair.client.listen({ resources: ['shelf://a'] })
    const second = pair.client.listen({ resources: ['shelf://a'] })
    await Promise.all([first.ready, second.ready])
    await shelf.logged('watch shelf://a')
    shelf.touch('shelf://a')
    assert.equal((await first.next()).value, { kind: 'resource', uri: 'shelf://a' })
    first.close()
    second.close()
    await shelf.logged('unwatch shelf://a')
    assert.equal(
      shelf.log.filter(line => line.includes('watch')),
      ['watch shelf://a', 'unwatch shelf://a'],
    )
  })
})

test('two spellings of one document are one document: for the source, for its watch and for the cache', async () => {
  const shelf = new Shelf({ keep: { ttlMs: 60_000 } }).put('b/c d', 'C')
  const server = serving(shelf)
  const peer = raw(server)
  await peer.request('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'c', version: '1' } })
  for (const uri of ['shelf://b/c%20d', 'shelf://b%2Fc%20d', 'shelf://%62/c%20d', 'shelf://b/c%20d?']) {
    assert.equal(contents(await peer.request('resources/read', { uri })), [{ uri, mimeType: 'text/plain', text: 'C' }])
    await peer.request('resources/subscribe', { uri })
  }
  assert.equal(
    shelf.reads.map(({ uri }) => uri),
    ['shelf://b/c%20d'],
  )
  await shelf.logged('watch shelf://b/c%20d')
  shelf.touch('shelf://b/c%20d')
  await peer.until(({ method, params }) => method === 'notifications/resources/updated' && params?.['uri'] === 'shelf://%62/c%20d')
  assert.is(shelf.log.filter(line => line.startsWith('watch')).length, 1)
  await server.close()
})

for (const watches of [true, false])
  test(`a change that the source tells of itself reaches followers under every spelling, once each, ${watches ? 'besides' : 'without'} a watch`, async () => {
    class Unwatched extends Shelf {
      protected override watch = undefined as never
    }
    const shelf = (watches ? new Shelf() : new Unwatched()).put('a', 'A')
    const server = serving(shelf)
    const peer = raw(server)
    await peer.request('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'c', version: '1' } })
    const uris = ['shelf://a', 'shelf://%61', 'shelf://a?offset=0&length=9']
    for (const uri of uris) await peer.request('resources/subscribe', { uri })
    const told = (): string[] =>
      peer.received.flatMap(({ method, params }) => (method === 'notifications/resources/updated' ? [String(params?.['uri'])] : [])).sort()
    shelf.updated('shelf://a')
    await peer.until(() => told().length === 3)
    await peer.request('resources/unsubscribe', { uri: 'shelf://%61' })
    shelf.updated('shelf://a')
    await peer.until(() => told().length === 5)
    assert.equal(told(), [0, 0, 1, 2, 2].map(index => uris[index] as string).sort())
    await server.close()
  })

test('row 17: what access refuses is not listed, completed, read or followed, and reads like what does not exist', async () => {
  const access = rules([{ uri: 'shelf://hr/**', roles: ['hr'] }, { uri: '**' }])
  const shelf = new Shelf({ access }).put('a', 'A').put('hr/pay', 'secret').put('z', 'Z')
  const server = serving(shelf)
  const seenBy = async (id: string, roles: readonly string[]): Promise<object> => {
    const peer = raw(server, by(id, { roles }))
    await peer.request('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'c', version: '1' } })
    const listed = await peer.request('resources/list')
    const read = await Promise.all(
      ['shelf://hr/pay', 'shelf://hr%2Fpay', 'shelf://%68r/pay', 'shelf://hr/pay?offset=0'].map(uri =>
        peer.request('resources/read', { uri }),
      ),
    )
    const missing = await peer.request('resources/read', { uri: 'shelf://hr/none' })
    const subscribed = await peer.request('resources/subscribe', { uri: 'shelf://hr%2Fpay' })
    const completed = await peer.request('completion/complete', {
      ref: { type: 'ref/resource', uri: 'shelf://{+path}{?offset,length}' },
      argument: { name: 'path', value: '' },
    })
    return {
      listed: resultOf<{ resources: { uri: string }[] }>(listed).resources.map(({ uri }) => uri),
      read: read.map(({ error }) => error?.code),
      alike: read[0]?.error?.message.replace('pay', 'none') === missing.error?.message,
      subscribed: subscribed.error?.code,
      completed: resultOf<{ completion: { values: string[] } }>(completed).completion.values,
    }
  }
  const none = -32002
  assert.equal(await seenBy('eve', []), {
    listed: ['shelf:index', 'shelf://a', 'shelf://z'],
    read: [none, none, none, none],
    alike: true,
    subscribed: none,
    completed: ['a', 'z'],
  })
  assert.equal(await seenBy('ann', ['hr']), {
    listed: ['shelf:index', 'shelf://a', 'shelf://hr/pay', 'shelf://z'],
    read: [undefined, undefined, undefined, undefined],
    alike: false,
    subscribed: undefined,
    completed: ['a', 'hr/pay', 'z'],
  })
  await server.close()
})

test('row 17: a stream of news takes up what its caller may read, and nothing else', async () => {
  const access = rules([{ uri: 'shelf://hr/**', roles: ['hr'] }, { uri: '**' }])
  const shelf = new Shelf({ access }).put('a', 'A').put('hr/pay', 'secret')
  const server = serving(shelf)
  const uris = ['shelf://a', 'shelf://hr/pay', 'shelf://hr%2Fpay', 'shelf://a/../hr/pay', 'shelf:none']
  const honoured = async (roles: readonly string[]): Promise<unknown> => {
    const peer = raw(server, by('somebody', { roles }))
    peer.send({ id: 1, method: 'subscriptions/listen', params: { notifications: { resourceSubscriptions: uris }, _meta: envelope() } })
    const { params } = await peer.until(({ method }) => method === 'notifications/subscriptions/acknowledged')
    return (params?.['notifications'] as Json | undefined)?.['resourceSubscriptions']
  }
  assert.equal(await honoured([]), ['shelf://a'])
  assert.equal(await honoured(['hr']), ['shelf://a', 'shelf://hr/pay', 'shelf://hr%2Fpay'])
  await server.close()
})

test('a listing of which little is allowed goes on to its end', async () => {
  const shelf = new Shelf({ access: uri => !uri.includes('hidden') })
  shelf.page = 1
  for (let index = 0; index < 5_000; index += 1) shelf.put(`hidden${index}`, '')
  shelf.put('zz', 'last')
  await using pair = await connected(serving(shelf))
  assert.equal(
    (await pair.client.resources()).map(({ uri }) => uri),
    ['shelf:index', 'shelf://zz'],
  )
  assert.ok(shelf.log.filter(line => line.startsWith('list')).length < 10)
})

test('what fails in the background is reported to every server that offers the source, and to the last one when it has stopped', async () => {
  const shelf = new Shelf()
  const told: string[] = []
  const servers = ['one', 'two'].map(name => {
    const server = serving(shelf)
    server.on('error.reported', ({ cause, where }) => told.push(`${name}: ${where}: ${String(cause)}`))
    return server
  })
  shelf.failed('no disk', 'watcher')
  await servers[0]?.close()
  shelf.failed('no disk', 'poller')
  await servers[1]?.close()
  shelf.failed('no disk', 'stop')
  assert.equal(told, [
    'one: shelf: watcher: no disk',
    'two: shelf: watcher: no disk',
    'two: shelf: poller: no disk',
    'two: shelf: stop: no disk',
  ])
})

test('an onError that fails itself, at once or later, costs nobody anything', async () => {
  const fails: readonly (() => unknown)[] = [
    () => {
      throw new Error('at once')
    },
    () => Promise.reject(new Error('later')),
  ]
  for (const onError of fails) {
    const shelf = new Shelf({ onError })
    const server = serving(shelf)
    const told: string[] = []
    const both = new Promise<void>(resolve =>
      server.on('error.reported', ({ where }) => {
        if (told.push(where ?? '') === 2) resolve()
      }),
    )
    shelf.failed('no disk', 'watcher')
    await both
    assert.equal(told, ['shelf: watcher', 'shelf: onError'])
    await server.close()
  }
})

test('an access rule that throws refuses and is reported', async () => {
  const reported: string[] = []
  const access = (): boolean => {
    throw new Error('broken rule')
  }
  const shelf = new Shelf({ access, onError: (cause, where) => reported.push(`${where}: ${(cause as Error).message}`) }).put('a', 'A')
  await using pair = await connected(serving(shelf))
  await pair.client.read('shelf://a').then(
    () => assert.unreachable(),
    (cause: Error) => assert.match(cause.message, /not found/i),
  )
  assert.equal(reported, ['access to shelf://a: broken rule'])
})

test('T20: dot segments, fragments, NUL and malformed encoding never reach a source', async () => {
  const shelf = new Shelf()
  const server = serving(shelf)
  const peer = raw(server)
  await peer.request('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'c', version: '1' } })
  const bad = [
    '../x',
    'a/../b',
    'a/./b',
    './a',
    'a/..',
    'a/.',
    '%2e%2e/x',
    'a/%2e/b',
    'a%2F..%2Fb',
    '%252e%252e/x',
    'a#b',
    'a%00b',
    'a%5Cb',
    'C:/x',
    '/etc',
    'a%',
    '%ff',
  ]
  for (const path of bad) {
    const uri = `shelf://${path}`
    const { error } = await peer.request('resources/read', { uri })
    assert.is(error?.code, -32002, uri)
    await peer.request('resources/subscribe', { uri })
  }
  assert.equal(shelf.reads, [])
  assert.not(shelf.log.some(line => line.startsWith('watch')))
  await server.close()
})

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

test('a read that is kept is asked for again with its validator, and forgotten when the document changes', async () => {
  let now = 0
  const shelf = new Shelf({ keep: { ttlMs: 100, clock: { now: () => now, after: () => () => {} } } })
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
  const shelf = new Shelf({ maxBytes: 16, keep: { ttlMs: 60_000 } }).put('a', 'x'.repeat(100))
  await using pair = await connected(serving(shelf))
  for (const query of ['', '?offset=16', '?offset=32&length=4', '?offset=99']) await pair.client.read(`shelf://a${query}`)
  assert.is(shelf.reads.length, 1)
})

test('a document that grows out of one answer is kept part by part, and no part is taken for another', async () => {
  const clock = fakeClock()
  const shelf = new Growing({ maxBytes: 32, keep: { ttlMs: 100, clock } })
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
  const shelf = new Growing({ maxBytes: 32, keep: { ttlMs: 100, clock } })
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
    const shelf = new Shelf({ keep: { ttlMs: 1_000, shared } }).put('a', 'A')
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
  const shelf = new Shelf({ keep: { ttlMs: 1_000 } }).put('a', 'A')
  const server = serving(shelf)
  for (const iss of ['https://one.example', 'https://two.example', 'https://one.example']) {
    const peer = raw(server, { transport: 'test', principal: { id: 'ann', claims: { iss } } })
    await peer.request('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'c', version: '1' } })
    assert.is(contents(await peer.request('resources/read', { uri: 'shelf://a' }))[0]?.['text'], 'A')
  }
  assert.is(shelf.reads.length, 2)
  await server.close()
})

test('annotations of the provider, the template, and the document join', async () => {
  const shelf = new Shelf({ annotations: { audience: ['user'], priority: 0.5 } })
  shelf.sources = [{ ...SHELF, annotations: { priority: 0.9 } }]
  shelf.documents.set('a', { text: 'A', lastModified: new Date(0) })
  await using pair = await connected(serving(shelf))
  assert.equal((await pair.client.templates())[0]?.annotations, { audience: ['user'], priority: 0.9 })
  assert.equal((await pair.client.resources())[0]?.annotations, { audience: ['user'], priority: 0.9 })
  const [content] = (await pair.client.read('shelf://a')) as unknown as { _meta: Json }[]
  assert.equal(content?._meta, { 'dev.oarlock/annotations': { lastModified: '1970-01-01T00:00:00.000Z' } })
})

test('a source starts with its first offer and stops after its last; tools of it stand under its guards', async () => {
  const visible = (): boolean => false
  const shelf = new Shelf({ guards: [{ visible }] })
  shelf.tools = [defineTool('query', { description: 'd' }, () => 'x')]
  const [one, two] = [serving(shelf), serving(shelf)]
  await using pair = await connected(one)
  assert.equal(await pair.client.tools(), [])
  await pair.close()
  assert.equal(shelf.log, ['start'])
  await two.close()
  assert.equal(shelf.log, ['start', 'abort', 'stop'])
})

test('new templates are told of, and those that stayed are the same as before', async () => {
  const shelf = new Shelf()
  const server = serving(shelf)
  const before = shelf.components()
  shelf.sources = [...shelf.sources, { name: 'more', uriTemplate: 'more:{name}' }]
  const told = new Promise(resolve => server.on('catalog.changed', resolve))
  shelf.changed()
  await told
  assert.equal(
    shelf
      .components()
      .slice(0, 2)
      .map((component, index) => component === before[index]),
    [true, true],
  )
  assert.is(shelf.components().length, 3)
})

test('a source that cannot work says why', () => {
  assert.throws(() => new Shelf({ name: '' }), /needs a name/)
  assert.throws(() => new Shelf({ maxBytes: 1.5 }), /maxBytes/)
  assert.throws(() => new Shelf({ keep: { ttlMs: -1 } }), /keep.ttlMs/)
  const shelf = new Shelf()
  shelf.sources = [{ name: 'index', uriTemplate: 'shelf:index' }]
  assert.throws(() => shelf.components(), /has no template with variables/)
  shelf.sources = [{ name: 'x', uriTemplate: 'x://{a}{?offset}', parts: true }]
  assert.throws(() => shelf.components(), /has no room/)
})

test('what a source lists is judged, shown and read under one spelling', async () => {
  const failures: string[] = []
  class People extends ResourceProvider {
    protected override templates() {
      return [{ name: 'person', uriTemplate: 'people:{id}' }]
    }
    protected override list() {
      return ['people:zoë', 'people:ann', 'others:x'].map(uri => ({ uri, name: uri }))
    }
    protected override read({ variables }: ReadRequest) {
      return { text: String(variables['id']) }
    }
  }
  const onError = (cause: unknown): void => void failures.push((cause as Error).message)
  const open = new Server({ name: 's', version: '1', log: false })
  open.offer(new People({ name: 'people', onError }))
  await using all = await connected(open)
  assert.equal((await all.client.resources()).map(({ uri }) => uri).toSorted(), ['people:ann', 'people:zo%C3%AB'])
  await all.client.resources()
  assert.equal(failures.length, 1)
  assert.match(failures[0] as string, /others:x fits none/)
  for (const uri of ['people:zoë', 'people:zo%C3%AB', 'people:zo%c3%ab']) {
    const server = new Server({ name: 's', version: '1', log: false })
    server.offer(new People({ name: 'people', onError, access: rules([{ uri, allow: false }, { uri: 'people:**' }]) }))
    await using pair = await connected(server)
    assert.equal(
      (await pair.client.resources()).map(({ uri }) => uri),
      ['people:ann'],
    )
    for (const read of ['people:zoë', 'people:zo%C3%AB']) {
      const refused = await pair.client.read(read).then(String, (error: Error) => error.message)
      assert.match(refused, /not found/i)
    }
  }
})

test.run()
