import { fakeClock, type Revision } from '@oarlock/protocol'
import type { ListedResource, ListPage, ListResources } from '@oarlock/kernel'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { ToolEntry } from '../../src/catalog/entry.ts'
import { Shelf } from '../../src/catalog/shelf.ts'
import type { Snapshot } from '../../src/catalog/snapshot.ts'
import { encodeCursor } from '../../src/cursor.ts'
import { Lists } from '../../src/operations/lists.ts'
import { by, messagesOf, promised, quiet, reports } from '../stage.ts'
import { settled, Wire, type Json } from '../wire.ts'

const test = suite('lists')

/** Walks all pages of a list; calls `between` after each. */
async function walk(wire: Wire, method: string, member: string, between: () => void = () => {}): Promise<string[][]> {
  const pages: string[][] = []
  let cursor: unknown
  do {
    const { result, error } = await wire.modern(method, cursor === undefined ? {} : { cursor })
    assert.is(error, undefined)
    pages.push((result[member] as { name: string }[]).map(({ name }) => name))
    cursor = result['nextCursor']
    between()
  } while (cursor !== undefined)
  return pages
}

function toolbox(count: number, pageSize: number) {
  const server = quiet({ pageSize })
  const offers = Array.from({ length: count }, (_, index) => server.tool(`t${index}`, { description: 'd' }, () => ''))
  return { server, offers, wire: new Wire(server) }
}

test('S-PAGE-01, S-PAGE-02: walking the pages yields everything once, in order of registration', async () => {
  const { wire } = toolbox(7, 3)
  assert.equal(await walk(wire, 'tools/list', 'tools'), [['t0', 't1', 't2'], ['t3', 't4', 't5'], ['t6']])
  const exact = toolbox(6, 3)
  assert.equal((await walk(exact.wire, 'tools/list', 'tools')).length, 2)
})

test('S-PAGE-06: a small list is one page', async () => {
  const server = quiet()
  for (let index = 0; index < 300; index += 1) server.prompt(`p${index}`, { description: 'd' }, () => '')
  assert.is((await walk(new Wire(server), 'prompts/list', 'prompts')).length, 1)
})

test('a list that changes between pages repeats nothing and skips nothing that stayed', async () => {
  const { server, offers, wire } = toolbox(9, 3)
  let step = 0
  const pages = await walk(wire, 'tools/list', 'tools', () => {
    step += 1
    if (step === 1) {
      offers[1]?.remove()
      offers[2]?.remove()
      offers[4]?.remove()
      server.tool('new', { description: 'd' }, () => '')
      server.tool('t5', { description: 'd', version: '2.0.0' }, () => '')
    }
  })
  assert.equal(pages.flat(), ['t0', 't1', 't2', 't3', 't5', 't6', 't7', 't8', 'new'])
})

test('a cursor outlives the entry it names', async () => {
  const { offers, wire } = toolbox(4, 2)
  const { result } = await wire.modern('tools/list')
  for (const offer of offers.slice(0, 3)) offer.remove()
  const { tools } = (await wire.modern('tools/list', { cursor: result['nextCursor'] })).result as { tools: { name: string }[] }
  assert.equal(
    tools.map(({ name }) => name),
    ['t3'],
  )
})

test('S-PAGE-03: cursors that were never given out are refused, in both conversations', async () => {
  const { server, wire } = toolbox(4, 2)
  const session = new Wire(server)
  await session.initialize('2025-06-18')
  for (const cursor of ['', 'nonsense!', 5, null, {}, encodeCursor({ list: 'prompts/list', seq: 1, key: 'x' })]) {
    assert.is((await wire.modern('tools/list', { cursor })).error?.code, -32602)
    assert.is((await session.request('tools/list', { cursor })).error?.code, -32602)
  }
})

test('S-PAGE-04: a cursor works on another node with the same catalog', async () => {
  const [one, two] = [toolbox(4, 2), toolbox(4, 2)]
  const cursor = (await one.wire.modern('tools/list')).result['nextCursor']
  const { tools } = (await two.wire.modern('tools/list', { cursor })).result as { tools: { name: string }[] }
  assert.equal(
    tools.map(({ name }) => name),
    ['t2', 't3'],
  )
})

test('callers see their own lists, and page through them', async () => {
  const server = quiet({ pageSize: 2 })
  for (let index = 0; index < 6; index += 1) {
    server.tool(`t${index}`, { description: 'd', guard: { visible: principal => index % 2 === 0 || principal?.id === 'admin' } }, () => '')
  }
  const [ada, root] = [new Wire(server, { head: by('ada') }), new Wire(server, { head: by('admin') })]
  for (let turn = 0; turn < 2; turn += 1) {
    assert.equal(await walk(ada, 'tools/list', 'tools'), [['t0', 't2'], ['t4']])
    assert.equal(await walk(root, 'tools/list', 'tools'), [
      ['t0', 't1'],
      ['t2', 't3'],
      ['t4', 't5'],
    ])
  }
})

test('views are told apart however many components there are', async () => {
  const server = quiet()
  for (let index = 0; index < 40; index += 1) {
    server.tool(`t${index}`, { description: 'd', guard: { visible: principal => principal?.id === String(index) } }, () => '')
  }
  for (const index of [0, 15, 16, 17, 31, 32, 39]) {
    assert.equal(await walk(new Wire(server, { head: by(String(index)) }), 'tools/list', 'tools'), [[`t${index}`]])
  }
})

test('S-CACHE-03, S-CACHE-04: a list is as public as the server says, unless guards make it different for each caller', async () => {
  const hint = { ttl: '1m', scope: 'public' } as const
  const server = quiet({ pageSize: 1, cache: { 'tools/list': hint, 'prompts/list': hint, 'resources/list': hint } })
  for (const name of ['a', 'b']) {
    server.tool(name, { description: 'd' }, () => '')
    server.prompt(name, { description: 'd', guard: { visible: () => true } }, () => '')
    server.resource(name, { uri: `x://${name}`, description: 'd' }, () => '')
  }
  const hints = async (method: string) => {
    const wire = new Wire(server)
    const first = (await wire.modern(method)).result
    const second = (await wire.modern(method, { cursor: first['nextCursor'] })).result
    return [first['ttlMs'], first['cacheScope'], second['cacheScope']]
  }
  assert.equal(await hints('tools/list'), [60_000, 'public', 'public'])
  assert.equal(await hints('prompts/list'), [60_000, 'private', 'private'])
  assert.equal(await hints('resources/list'), [60_000, 'public', 'public'])
  server.template('t', { uri: 't://{id}', description: 'd', guard: { visible: () => true }, list: () => [] }, () => '')
  assert.equal(await hints('resources/list'), [60_000, 'private', 'private'])
  assert.equal((await new Wire(server).modern('resources/templates/list')).result['ttlMs'], 0)
})

test('S-TOOL-25, S-TOOL-02: the list is the same whoever asked what before', async () => {
  const { wire, server } = toolbox(3, 10)
  const before = (await wire.modern('tools/list')).result
  await wire.call('t1')
  assert.equal((await new Wire(server).modern('tools/list')).result, before)
})

test('what templates list comes behind the registered resources, in the order of their URIs, page by page', async () => {
  const server = quiet({ pageSize: 2 })
  const item = (name: string): ListedResource => ({ uri: `x://${name}`, name })
  server.template('one', { uri: 'x://{id}', description: 'd', list: () => ['d', 'a'].map(item) }, () => '')
  server.template('two', { uri: 'y://{id}', description: 'd', list: async () => new Set(['c', 'b', 'a', 'r0'].map(item)) }, () => '')
  const wire = new Wire(server)
  assert.equal(await walk(wire, 'resources/list', 'resources'), [['a', 'b'], ['c', 'd'], ['r0']])
  server.resource('r0', { uri: 'x://r0', description: 'd' }, () => '')
  assert.equal(await walk(wire, 'resources/list', 'resources'), [['r0', 'a'], ['b', 'c'], ['d']])
  server.resource('r1', { uri: 'x://r1', description: 'd' }, () => '')
  assert.equal(await walk(wire, 'resources/list', 'resources'), [
    ['r0', 'r1'],
    ['a', 'b'],
    ['c', 'd'],
  ])
})

test('what templates list stays stable while it changes', async () => {
  const server = quiet({ pageSize: 2 })
  let names = ['b', 'd', 'f', 'h']
  server.template('t', { uri: 'x://{id}', description: 'd', list: () => names.map(name => ({ uri: `x://${name}`, name })) }, () => '')
  let step = 0
  const pages = await walk(new Wire(server), 'resources/list', 'resources', () => {
    step += 1
    if (step === 1) names = ['a', 'b', 'e', 'f', 'h']
  })
  assert.equal(pages, [['b', 'd'], ['e', 'f'], ['h']])
})

test('a template that cannot list is reported, and the others are listed', async () => {
  const server = quiet()
  const seen = reports(server)
  server.template('down', { uri: 'x://{id}', description: 'd', list: () => Promise.reject(new Error('no disk')) }, () => '')
  server.template('up', { uri: 'y://{id}', description: 'd', list: () => [{ uri: 'y://1', name: 'one' }] }, () => '')
  assert.equal(await walk(new Wire(server), 'resources/list', 'resources'), [['one']])
  assert.equal([messagesOf(seen), seen[0]?.where], [['no disk'], "list of server.template('down')"])
})

test('S-RES-10: what a caller may not read by its scopes, no template lists for it', async () => {
  const server = quiet()
  const lists: string[] = []
  const list = (name: string) => () => (lists.push(name), [{ uri: `${name}://1`, name }])
  server.template('open', { uri: 'open://{id}', description: 'd', list: list('open') }, () => '')
  server.template('scoped', { uri: 'scoped://{id}', description: 'd', guard: { requires: ['read'] }, list: list('scoped') }, () => '')
  server.template(
    'hidden',
    { uri: 'hidden://{id}', description: 'd', guard: { visible: principal => principal !== undefined }, list: list('hidden') },
    () => '',
  )
  assert.equal(await walk(new Wire(server), 'resources/list', 'resources'), [['open']])
  assert.equal(lists, ['open'])
  assert.equal(await walk(new Wire(server, { head: by('ada', ['read']) }), 'resources/list', 'resources'), [['hidden', 'open', 'scoped']])
})

test('middleware sees lists as objects, and gets every page', async () => {
  const { server, wire } = toolbox(3, 2)
  let pages = 0
  server.use('tools/list', async (_call, next) => {
    pages += 1
    const result = (await next()) as { tools: { name: string }[] }
    return { ...result, tools: result.tools.map(tool => ({ ...tool, title: tool.name.toUpperCase() })) }
  })
  assert.equal((await walk(wire, 'tools/list', 'tools')).flat(), ['t0', 't1', 't2'])
  assert.is(pages, 2)
  assert.is(((await wire.modern('tools/list')).result['tools'] as Json[])[0]?.['title'], 'T0')
})

test('a page is encoded once for each revision and view, and made-up cursors do not crowd real pages out', () => {
  const tools = new Shelf(
    new Map(
      Array.from({ length: 2_000 }, (_, index) => {
        const entry = { kind: 'tool', key: `t${index}`, seq: index + 1, rules: {}, listed: {}, component: {} } as unknown as ToolEntry
        return [entry.key, [entry]]
      }),
    ),
    false,
  )
  const snapshot = { tools } as unknown as Snapshot
  let encoded = 0
  const lists = new Lists({ pageSize: 2, clock: fakeClock(), hints: new Map(), encode: () => `text ${(encoded += 1)}`, report: () => {} })
  const text = (revision: string, seq?: number, seen = snapshot) =>
    lists.ready(
      {
        method: 'tools/list',
        revision,
        params: seq === undefined ? {} : { cursor: encodeCursor({ list: 'tools/list', seq, key: 'x' }) },
      } as never,
      seen,
    )?.text
  for (let seq = 1; seq < 2_000; seq += 2) text('2026-07-28', seq)
  assert.is(encoded, 1_000, 'cursors that lead into the middle of a page are not kept')
  const first = text('2026-07-28')
  const second = text('2026-07-28', 2)
  encoded = 0
  assert.equal([text('2026-07-28'), text('2026-07-28', 2), encoded], [first, second, 0])
  assert.is(text('2026-07-28', 2, { ...snapshot }), second, 'what changed in other lists does not concern this one')
  text('2025-06-18')
  assert.is(encoded, 1)
  for (let seq = 2; seq < 2_000; seq += 2) text('2025-06-18', seq)
  assert.is(tools.pages.size, 512)
})

test('pages that are large are kept while all of them take a few megabytes, and encoded again beyond', () => {
  const entry = { kind: 'tool', key: 't', seq: 1, rules: {}, listed: {}, component: {} } as unknown as ToolEntry
  const tools = new Shelf<ToolEntry>(new Map([['t', [entry]]]), false)
  let encoded = 0
  const encode = () => ((encoded += 1), 'x'.repeat(3_000_000))
  const lists = new Lists({ pageSize: 2, clock: fakeClock(), hints: new Map(), encode, report: () => {} })
  for (const _ of [1, 2])
    for (const revision of ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'])
      lists.ready({ method: 'tools/list', revision, params: {} } as never, { tools } as unknown as Snapshot)
  assert.is(tools.pages.size, 2)
  assert.is(encoded, 6, 'two are kept, and two are encoded each time')
})

/** A source of resources `0000`, `0001`, … that looks only for the page, and remembers how much it was asked for. */
function paged(scheme: string, count: number) {
  const asked: ListPage[] = []
  const name = (index: number) => String(index).padStart(4, '0')
  const list: ListResources = (_ctx, page) => {
    asked.push(page)
    const from = page.after === undefined || page.after < `${scheme}://` ? 0 : Number(page.after.slice(scheme.length + 3)) + 1
    const length = Math.max(0, Math.min(page.limit, count - from))
    return Array.from({ length }, (_, index) => ({ uri: `${scheme}://${name(from + index)}`, name: `${scheme}${name(from + index)}` }))
  }
  return { asked, list }
}

test('a template with very many resources is asked for one page of them at a time', async () => {
  const server = quiet({ pageSize: 10 })
  const many = paged('b', 1_000_000)
  server.template('many', { uri: 'b://{id}', description: 'd', list: many.list }, () => '')
  const small = ['z://1', 'b://0005', 'a://1'].map(uri => ({ uri, name: uri }))
  server.template('small', { uri: 'a://{id}', description: 'd', list: () => small }, () => '')
  const wire = new Wire(server)
  const seen: unknown[] = []
  let cursor: unknown
  for (let page = 0; page < 3; page += 1) {
    const { result } = await wire.modern('resources/list', cursor === undefined ? {} : { cursor })
    seen.push(...(result['resources'] as Json[]).map(({ uri }) => uri))
    cursor = result['nextCursor']
  }
  assert.equal(seen, ['a://1', ...Array.from({ length: 29 }, (_, index) => `b://${String(index).padStart(4, '0')}`)])
  assert.equal(many.asked, [
    { after: undefined, limit: 11 },
    { after: 'b://0008', limit: 11 },
    { after: 'b://0018', limit: 11 },
  ])
})

test('pages of several sources that page hold everything once, also what registered resources stand for', async () => {
  const server = quiet({ pageSize: 3 })
  for (const [scheme, count] of [
    ['x', 7],
    ['y', 5],
  ] as const) {
    server.template(scheme, { uri: `${scheme}://{id}`, description: 'd', list: paged(scheme, count).list }, () => '')
  }
  const registered = ['x://0000', 'x://0001', 'x://0002', 'x://0003', 'x://0006', 'y://0004']
  for (const uri of registered) server.resource(uri, { uri, description: 'd' }, () => '')
  const pages = await walk(new Wire(server), 'resources/list', 'resources')
  assert.equal(pages, [registered.slice(0, 3), registered.slice(3), ['x0004', 'x0005', 'y0000'], ['y0001', 'y0002', 'y0003']])
})

test('a source that gives more than the page, in any order and twice, is put in order', async () => {
  const server = quiet({ pageSize: 2 })
  const list: ListResources = () => ['c', 'a', 'a', 'a', 'd', 'b', 'b'].map(name => ({ uri: `x://${name}`, name }))
  server.template('t', { uri: 'x://{id}', description: 'd', list }, () => '')
  assert.equal(await walk(new Wire(server), 'resources/list', 'resources'), [
    ['a', 'b'],
    ['c', 'd'],
  ])
})

test('templates list side by side', async () => {
  const server = quiet()
  const both = promised()
  let started = 0
  const list: ListResources = async () => {
    if ((started += 1) === 2) both.resolve()
    await both.promise
    return []
  }
  for (const scheme of ['x', 'y']) server.template(scheme, { uri: `${scheme}://{id}`, description: 'd', list }, () => '')
  assert.equal(await walk(new Wire(server), 'resources/list', 'resources'), [[]])
})

test('a listed resource tells each revision all that it knows', async () => {
  const server = quiet()
  const item: ListedResource = {
    uri: 'x://1',
    name: 'one',
    title: 'One',
    description: 'd',
    mimeType: 'text/plain',
    size: 5,
    annotations: { priority: 1, lastModified: '2026-01-01T00:00:00Z' },
    icons: [{ src: 'https://example.com/icon.png' }],
    meta: { 'com.example/rank': 1 },
  }
  server.template('t', { uri: 'x://{id}', description: 'd', list: () => [item] }, () => '')
  const { meta, icons, title, ...old } = item
  const known = { '2024-11-05': {}, '2025-03-26': {}, '2025-06-18': { title, _meta: meta }, '2025-11-25': { title, _meta: meta, icons } }
  for (const [revision, more] of Object.entries(known)) {
    const wire = new Wire(server)
    await wire.initialize(revision as Revision)
    const { annotations, ...rest } = ((await wire.request('resources/list')).result['resources'] as Json[])[0] as Json
    assert.equal({ ...rest, annotations: item.annotations }, { ...old, ...more }, revision)
    const dated = revision >= '2025-06-18' ? { lastModified: '2026-01-01T00:00:00Z' } : {}
    assert.equal(annotations, { priority: 1, ...dated }, revision)
  }
  assert.equal((await new Wire(server).modern('resources/list')).result['resources'], [{ ...old, title, icons, _meta: meta }])
})

test('a template that never lists is left out of the list when its time is up, and reported', async () => {
  const clock = fakeClock()
  const server = quiet({ clock })
  const seen = reports(server)
  const never: ListResources = () => new Promise<never>(() => {})
  server.resource('fixed', { uri: 'x://fixed', description: 'd' }, () => '')
  server.template('quick', { uri: 'q://{id}', description: 'd', list: () => [{ uri: 'q://1', name: 'q1' }] }, () => '')
  server.template('slow', { uri: 's://{id}', description: 'd', list: never, timeout: 100 }, () => '')
  server.template('slower', { uri: 't://{id}', description: 'd', list: never }, () => '')
  const listed = new Wire(server).modern('resources/list')
  await settled()
  clock.advance(10_000)
  assert.equal(
    ((await listed).result['resources'] as Json[]).map(({ name }) => name),
    ['fixed', 'q1'],
  )
  assert.equal(
    seen.map(({ where }) => where),
    ["list of server.template('slow')", "list of server.template('slower')"],
  )
})

test('a source is not asked for more once nobody wants it', async () => {
  const server = quiet({ pageSize: 2 })
  let asked = 0
  const [first, going] = [promised(), promised()]
  const list: ListResources = async (_, { after }) => {
    asked += 1
    first.resolve()
    await going.promise
    return [1, 2, 3].map(each => ({ uri: `x://${after ?? ''}${each}`, name: 'n' }))
  }
  for (const id of [1, 2, 3]) server.resource(`r${id}`, { uri: `x://${id}`, description: 'd' }, () => '')
  server.template('t', { uri: 'x://{id}/{more}', description: 'd', list }, () => '')
  const wire = new Wire(server)
  const { result } = await wire.modern('resources/list')
  wire.sendModern(7, 'resources/list', { cursor: result['nextCursor'] as string })
  await first.promise
  wire.cancel(7)
  going.resolve()
  await settled()
  assert.is(asked, 1)
})

test('a template does not list what a more specific one hides', async () => {
  const server = quiet()
  const list = () => ['f://a', 'f://payroll/eve'].map(uri => ({ uri, name: uri }))
  server.template('all', { uri: 'f://{+path}', description: 'd', list }, () => '')
  server.template('payroll', { uri: 'f://payroll/{who}', description: 'd', guard: { visible: who => who !== undefined } }, () => '')
  const seenBy = async (wire: Wire) => ((await wire.modern('resources/list')).result['resources'] as Json[]).map(({ uri }) => uri)
  assert.equal(await seenBy(new Wire(server)), ['f://a'])
  assert.equal(await seenBy(new Wire(server, { head: by('ada') })), ['f://a', 'f://payroll/eve'])
})

test.run()
