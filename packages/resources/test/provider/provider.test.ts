import { defineTool, Server } from '@oarlock/kernel'
import { ResourceProvider, rules, type ReadRequest } from '@oarlock/resources'
import { connected, matrix, raw, type Json } from '@oarlock/testing'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { contents } from './answers.ts'
import { serving, Shelf, SHELF } from './shelf.ts'

const test = suite('provider')

const OLDEST = '2024-11-05'
const NEWEST = '2026-07-28'

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
  const shelf = new Shelf({ keep: { ttl: 60_000 } }).put('b/c d', 'C')
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
  assert.throws(() => new Shelf({ keep: { ttl: -1 } }), /keep.ttl/)
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
