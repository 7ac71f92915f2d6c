import { InvalidComponent } from '@oarlock/kernel'
import { Type } from 'typebox'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { messagesOf, quiet, reports } from '../stage.ts'
import { Wire, type Json, type Received } from '../wire.ts'

const test = suite('resources')
const contentsOf = (reply: Received): Json[] => reply.result['contents'] as Json[]
const textIn = (reply: Received): unknown => (reply.error === undefined ? contentsOf(reply)[0]?.['text'] : reply.error.code)

test('a resource is read at its URI, with what is known of it', async () => {
  const server = quiet()
  server.resource('config', { uri: 'config://app', description: 'd', mimeType: 'application/json' }, ({ uri }) => ({ uri }))
  server.resource('logo', { uri: 'x://logo.png', description: 'd', mimeType: 'image/png' }, () => Uint8Array.of(1, 2))
  const wire = new Wire(server)
  assert.equal(contentsOf(await wire.modern('resources/read', { uri: 'config://app' })), [
    { uri: 'config://app', mimeType: 'application/json', text: '{"uri":"config://app"}' },
  ])
  assert.equal(contentsOf(await wire.modern('resources/read', { uri: 'x://logo.png' })), [
    { uri: 'x://logo.png', mimeType: 'image/png', blob: 'AQI=' },
  ])
})

test('S-RES-04, S-RES-05, S-RES-06: a resource that does not exist is the fault of its revision, never empty contents', async () => {
  const server = quiet()
  server.resource('gone', { uri: 'x://gone', description: 'd' }, () => undefined)
  for (const uri of ['x://nothing', 'x://gone', '', 'no uri at all']) {
    const { error } = await new Wire(server).modern('resources/read', { uri })
    assert.equal([error?.code, error?.data], [-32602, { uri }])
    for (const revision of ['2024-11-05', '2025-11-25'] as const) {
      const wire = new Wire(server)
      await wire.initialize(revision)
      assert.is((await wire.request('resources/read', { uri })).error?.code, -32002)
    }
  }
})

test('S-MSG-12: a URI that is no text is malformed', async () => {
  const server = quiet()
  server.resource('r', { uri: 'x://r', description: 'd' }, () => '')
  for (const params of [{}, { uri: 5 }, { uri: null }, { uri: ['x://r'] }]) {
    assert.match((await new Wire(server).modern('resources/read', params)).error?.message as string, 'needs a uri')
  }
})

test('T35: a URI is repeated no longer than URIs are', async () => {
  const server = quiet()
  server.resource('r', { uri: 'x://r', description: 'd' }, () => '')
  const reply = await new Wire(server).modern('resources/read', { uri: `x://${'a'.repeat(1_000_000)}` })
  assert.is(reply.error?.code, -32602)
  assert.ok(JSON.stringify(reply).length < 10_000)
})

test('S-RES-11: an exact resource wins, then the most specific template; variables are decoded once', async () => {
  const server = quiet()
  const template = (uri: string) => server.template(uri, { uri, description: 'd' }, args => JSON.stringify(args))
  template('logs://{+path}')
  template('logs://{service}')
  template('logs://{service}/today')
  server.resource('exact', { uri: 'logs://api', description: 'd' }, () => 'exact')
  const wire = new Wire(server)
  const read = async (uri: string) => textIn(await wire.modern('resources/read', { uri }))
  assert.is(await read('logs://api'), 'exact')
  assert.is(await read('logs://web'), '{"service":"web","uri":"logs://web"}')
  assert.is(await read('logs://web/today'), '{"service":"web","uri":"logs://web/today"}')
  assert.is(await read('logs://web/2026/11'), '{"path":"web/2026/11","uri":"logs://web/2026/11"}')
  assert.is(await read('logs://a%2520b'), '{"service":"a%20b","uri":"logs://a%2520b"}')
})

test('S-RES-03, row 14: a variable that would climb out of its place finds nothing', async () => {
  const server = quiet()
  let ran = 0
  server.template('files', { uri: 'files://{+path}', description: 'd' }, () => String((ran += 1)))
  server.template('raw', { uri: 'raw://{+path}', description: 'd', unscreened: ['path'] }, ({ uri }) => uri)
  const wire = new Wire(server)
  for (const path of ['../etc/passwd', 'a/../../b', '%2e%2e/etc', 'a/%2e%2e%2fb', '/etc/passwd', 'a%00b', 'a%5C..%5Cb', 'C:%5Cwindows']) {
    assert.is(textIn(await wire.modern('resources/read', { uri: `files://${path}` })), -32602, path)
  }
  assert.is(ran, 0)
  assert.is(textIn(await wire.modern('resources/read', { uri: 'files://a/b.txt' })), '1')
  assert.is(textIn(await wire.modern('resources/read', { uri: 'raw://../x' })), 'raw://../x')
})

test('S-RES-12: variables are checked and become what their schema says', async () => {
  const server = quiet()
  const params = Type.Object({ n: Type.Integer({ maximum: 9 }), deep: Type.Optional(Type.Boolean()) })
  server.template('rows', { uri: 'rows://{n}{?deep}', description: 'd', params }, ({ n, deep }) => `${typeof n} ${String(deep)}`)
  const wire = new Wire(server)
  assert.is(textIn(await wire.modern('resources/read', { uri: 'rows://5?deep=true' })), 'number true')
  const { error } = await wire.modern('resources/read', { uri: 'rows://50' })
  assert.is(error?.code, -32602)
  assert.match(error?.message as string, 'Invalid variables for rows:')
})

test('a variable named uri is refused: the handler gets the whole URI under that name', () => {
  assert.throws(
    () => quiet().template('t', { uri: 'x://{uri}', description: 'd' }, () => ''),
    (error: unknown) => error instanceof InvalidComponent && error.message.includes('uri'),
  )
})

test('row 16, S-RES-07: what a resource throws is an internal error with an id', async () => {
  const server = quiet()
  server.resource('r', { uri: 'x://r', description: 'd' }, async () => {
    throw new Error('hunter2')
  })
  const seen = reports(server)
  const { error } = await new Wire(server).modern('resources/read', { uri: 'x://r' })
  assert.is(error?.code, -32603)
  assert.is(error?.message, `Internal error. Error id: ${seen[0]?.correlationId ?? ''}`)
  assert.equal(messagesOf(seen), ['hunter2'])
})

test('S-CACHE-01, S-CACHE-04, S-CACHE-06: reads carry the hint of the resource, else of the server, and are private behind guards', async () => {
  const server = quiet({ cache: { 'resources/read': { ttl: '1s', scope: 'public' } } })
  const add = (name: string, rest: object) => server.resource(name, { uri: `x://${name}`, description: 'd', ...rest }, () => '')
  add('plain', {})
  add('own', { cache: { ttl: 5 } })
  add('guarded', { guard: { allow: () => true } })
  const hint = async (wire: Wire, name: string) => {
    const { ttlMs, cacheScope } = (await wire.modern('resources/read', { uri: `x://${name}` })).result
    return [ttlMs, cacheScope]
  }
  const wire = new Wire(server)
  assert.equal(await hint(wire, 'plain'), [1_000, 'public'])
  assert.equal(await hint(wire, 'own'), [5, 'public'])
  assert.equal(await hint(wire, 'guarded'), [1_000, 'private'])
  const bare = quiet()
  bare.resource('plain', { uri: 'x://plain', description: 'd' }, () => '')
  assert.equal(await hint(new Wire(bare), 'plain'), [0, 'private'])
})

test('S-CACHE-07: a hint that clients could not use is refused at registration', () => {
  const useless = /cache(\.ttl: .* is not a duration|\.ttl must be whole milliseconds|: scope must be)/
  for (const cache of [
    { ttl: -1 },
    { ttl: 1.5 },
    { ttl: Number.NaN },
    { ttl: 2 ** 53 },
    { ttl: 'soon' as never },
    { scope: 'shared' as never },
  ]) {
    for (const add of [
      () => quiet().resource('r', { uri: 'x://r', description: 'd', cache }, () => ''),
      () => quiet().template('r', { uri: 'x://{r}', description: 'd', cache }, () => ''),
    ]) {
      assert.throws(add, (error: unknown) => error instanceof InvalidComponent && useless.test(error.message))
    }
    assert.throws(() => quiet({ cache: { 'tools/list': cache } }), useless)
  }
  assert.throws(() => quiet({ cache: { 'tools/call': { ttl: 1 } } as never }), /carry no caching hint/)
})

test('S-RES-17: a URI that is not absolute, and a template that is none, are refused by name', () => {
  const server = quiet()
  for (const uri of ['', 'relative', '/path', '1x://a', 'x://a b', 'x://{id}']) {
    assert.throws(() => server.resource('r', { uri, description: 'd' }, () => ''), /server\.resource\('r'\): the uri .* must be absolute/)
  }
  for (const uri of ['x://{', 'x://{a}{b}']) {
    assert.throws(
      () => server.template('t', { uri, description: 'd' }, () => ''),
      (error: unknown) => error instanceof InvalidComponent && error.origin === "server.template('t')",
    )
  }
})

test('S-RES-19: a resource may ask before it answers', async () => {
  const server = quiet()
  server.resource(
    'r',
    { uri: 'x://r', description: 'd' },
    async (_args, ctx) => (await ctx.elicit('k', { message: '?', schema: Type.Object({ a: Type.String() }) })).content?.a,
  )
  const wire = new Wire(server)
  const options = { capabilities: { elicitation: {} } }
  const first = await wire.modern('resources/read', { uri: 'x://r' }, options)
  assert.equal(Object.keys(first.result).toSorted(), ['_meta', 'inputRequests', 'requestState', 'resultType'])
  const { requestState } = first.result
  const last = await wire.modern(
    'resources/read',
    { uri: 'x://r', requestState, inputResponses: { k: { action: 'accept', content: { a: 'b' } } } },
    options,
  )
  assert.is(textIn(last), 'b')
})

test('a read may return parts with URIs and metadata of their own, which each revision that knows them gets', async () => {
  const server = quiet()
  const parts = [
    { uri: 'x://book#1', mimeType: 'text/plain', text: 'one', _meta: { 'com.example/page': 1 } },
    { uri: 'x://book/cover', blob: 'AQI=', _meta: { 'com.example/page': 0 } },
  ]
  server.resource('book', { uri: 'x://book', description: 'd', mimeType: 'text/html' }, () => parts)
  server.resource('result', { uri: 'x://result', description: 'd' }, () => ({ contents: parts }))
  const bare = parts.map(({ _meta, ...part }) => part)
  for (const uri of ['x://book', 'x://result']) {
    for (const revision of ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'] as const) {
      const wire = new Wire(server)
      await wire.initialize(revision)
      assert.equal(contentsOf(await wire.request('resources/read', { uri })), revision < '2025-06-18' ? bare : parts, revision)
    }
    assert.equal(contentsOf(await new Wire(server).modern('resources/read', { uri })), parts)
  }
})

test.run()
