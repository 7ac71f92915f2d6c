import { PART_KEY, rules, type Part } from '@oarlock/resources'
import { files } from '@oarlock/resources/files'
import { connected, matrix, type Json } from '@oarlock/testing'
import { createHook } from 'node:async_hooks'
import { open, rename, rm, truncate, unlink } from 'node:fs/promises'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Ground, listedBy, opened, readBy, serving } from './stage.ts'

const test = suite('files')

const NOT_FOUND = -32002
const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0xff])

interface Content {
  readonly uri: string
  readonly mimeType: string
  readonly text?: string
  readonly blob?: string
  readonly _meta: Json
}

matrix({ revisions: ['2024-11-05', '2026-07-28'] }, ({ name, connect }) => {
  test(`files of several roots are listed and read: ${name}`, async () => {
    await using ground = await Ground.with({ 'notes/a.md': '# A', 'notes/deep/b.json': '{}', 'pictures/p.png': PNG })
    const provider = files({ roots: [ground.at('notes'), { path: ground.at('pictures'), name: 'pics', uri: 'pics:/' }] })
    await using pair = await connect(serving(provider))
    const { client } = pair
    assert.equal(
      (await client.resources()).map(({ uri, name: file, mimeType, size }) => ({ uri, file, mimeType, size })),
      [
        { uri: 'file:///notes/a.md', file: 'a.md', mimeType: 'text/markdown', size: 3 },
        { uri: 'file:///notes/deep/b.json', file: 'deep/b.json', mimeType: 'application/json', size: 2 },
        { uri: 'pics:/p.png', file: 'p.png', mimeType: 'image/png', size: 10 },
      ],
    )
    assert.equal(
      (await client.templates()).map(({ uriTemplate }) => uriTemplate),
      ['file:///notes/{+path}{?offset,length}', 'pics:/{+path}{?offset,length}'],
    )
    const [a] = (await client.read('file:///notes/a.md')) as unknown as Content[]
    assert.equal([a?.uri, a?.mimeType, a?.text], ['file:///notes/a.md', 'text/markdown', '# A'])
    const [p] = (await client.read('pics:/p.png')) as unknown as Content[]
    assert.equal([p?.mimeType, p?.blob], ['image/png', Buffer.from(PNG).toString('base64')])
  })
})

test('names with spaces, percent signs, question marks, hashes and letters of all kinds are listed and read back', async () => {
  const names = [
    'a b.txt',
    '100%.txt',
    '50%25.txt',
    'what?.txt',
    'c#.txt',
    'größe.txt',
    '日本.txt',
    '😀.txt',
    "it's (1)+[2]&=;,@$!.txt",
    'ends.tar.gz.txt',
  ]
  await using ground = await Ground.with(Object.fromEntries(names.map(name => [name, name])))
  const { server, peer } = await opened({ roots: { path: ground.path, name: 'r' } })
  const uris = await listedBy(peer)
  assert.is(uris.length, names.length)
  const read = await Promise.all(uris.map(uri => readBy(peer, uri)))
  assert.equal(new Set(read), new Set<unknown>(names))
  await server.close()
})

test('the listing is paged by URI: nothing twice and nothing left out, while files come and go', async () => {
  const names = Array.from({ length: 57 }, (_, index) => `d${index % 5}/f${index}.txt`)
  await using ground = await Ground.with(Object.fromEntries(names.map(name => [name, ''])))
  const provider = files({ roots: ground.path, fresh: 0 })
  await using pair = await connected(
    new (await import('@oarlock/kernel')).Server({ name: 't', version: '1', log: false, pageSize: 10 }),
    {},
  )
  pair.server.offer(provider)
  const seen: string[] = []
  let cursor: string | undefined
  do {
    const page = await pair.client.raw.listResources(cursor === undefined ? {} : { cursor })
    assert.ok(page.resources.length <= 10)
    seen.push(...page.resources.map(({ name }) => name))
    if (seen.length === 20) await Promise.all([unlink(ground.at(seen[3] as string)), ground.write('d0/a-new.txt', '')])
    cursor = page.nextCursor
  } while (cursor !== undefined)
  assert.equal(seen, names.toSorted())
})

test('the type is told by name, and without one by content', async () => {
  await using ground = await Ground.with({
    'main.ts': 'const a = 1',
    LICENSE: 'text',
    picture: PNG,
    unknown: new Uint8Array([0, 1, 2, 0xff]),
    'latin1.txt': Buffer.from('gr\xfc\xdfe', 'latin1'),
    empty: '',
  })
  await using pair = await connected(serving(files({ roots: { path: ground.path, name: 'r' } })))
  const typeOf = async (path: string): Promise<unknown> => {
    const [content] = (await pair.client.read(`file:///r/${path}`)) as unknown as Content[]
    return [content?.mimeType, content?.text === undefined ? 'blob' : 'text']
  }
  assert.equal(await typeOf('main.ts'), ['text/typescript', 'text'])
  assert.equal(await typeOf('LICENSE'), ['text/plain', 'text'])
  assert.equal(await typeOf('picture'), ['image/png', 'blob'])
  assert.equal(await typeOf('unknown'), ['application/octet-stream', 'blob'])
  assert.equal(await typeOf('latin1.txt'), ['text/plain', 'blob'])
  assert.equal(await typeOf('empty'), ['text/plain', 'text'])
})

test('a large file is read in parts that together are the file, text at whole characters', async () => {
  const text = Array.from({ length: 3_000 }, (_, index) => `line ${index} – grüße 😀`).join('\n')
  const bytes = Uint8Array.from({ length: 5_000 }, (_, index) => (index * 7) % 256)
  await using ground = await Ground.with({ 'long.md': text, 'long.bin': bytes })
  await using pair = await connected(serving(files({ roots: { path: ground.path, name: 'r' }, maxBytes: 1_000 })))
  const whole = async (start: string): Promise<Uint8Array> => {
    const parts: Uint8Array[] = []
    for (let uri: string | undefined = start; uri !== undefined;) {
      const [content] = (await pair.client.read(uri)) as unknown as Content[]
      const part = content?._meta[PART_KEY] as Part
      assert.is(content?.uri, `${start}?offset=${part.offset}&length=${part.length}`)
      parts.push(content?.text === undefined ? Buffer.from(content?.blob ?? '', 'base64') : Buffer.from(content.text))
      assert.is(parts.at(-1)?.byteLength, part.length)
      assert.ok((part.length as number) <= 1_000)
      uri = part.next
    }
    return Buffer.concat(parts)
  }
  assert.is((await whole('file:///r/long.md')).toString(), text)
  assert.equal([...(await whole('file:///r/long.bin'))], [...bytes])
})

test('parts of one state of a file say so, and those of another say that', async () => {
  await using ground = await Ground.with({ 'a.md': 'x'.repeat(100) })
  await using pair = await connected(serving(files({ roots: { path: ground.path, name: 'r' }, maxBytes: 32 })))
  const versionOf = async (offset: number): Promise<string | undefined> => {
    const [content] = (await pair.client.read(`file:///r/a.md?offset=${offset}`)) as unknown as Content[]
    return (content?._meta[PART_KEY] as Part | undefined)?.version
  }
  const version = await versionOf(0)
  assert.type(version, 'string')
  assert.is(await versionOf(32), version)
  await ground.write('a.md', 'y'.repeat(101))
  assert.is.not(await versionOf(64), version)
})

test('of a large file only the part that is asked for is in memory', async () => {
  await using ground = await Ground.with({ big: '' })
  const size = 8 * 1024 ** 3
  await truncate(ground.at('big'), size)
  const handle = await open(ground.at('big'), 'r+')
  await handle.write('here', size - 100)
  await handle.close()
  const { server, peer } = await opened({ roots: { path: ground.path, name: 'r' } })
  const before = process.memoryUsage().rss
  const tail = (await readBy(peer, `file:///r/big?offset=${size - 100}&length=4`)) as Uint8Array
  assert.is(Buffer.from(tail).toString(), 'here')
  assert.is(((await readBy(peer, 'file:///r/big')) as Uint8Array).byteLength, 1024 * 1024)
  assert.ok(process.memoryUsage().rss - before < 64 * 1024 ** 2)
  await server.close()
})

test('paths complete step by step, and never to what the caller may not read', async () => {
  await using ground = await Ground.with({ 'docs/a.md': '', 'docs/deep/b.md': '', 'hr/pay.md': '', 'readme.md': '', 'd ä/x.md': '' })
  const access = rules([{ uri: 'file:///r/hr/**', allow: false }, { uri: '**' }])
  const { server, peer } = await opened({ roots: { path: ground.path, name: 'r', access } })
  const complete = async (value: string): Promise<string[]> => {
    const { result } = await peer.request('completion/complete', {
      ref: { type: 'ref/resource', uri: 'file:///r/{+path}{?offset,length}' },
      argument: { name: 'path', value },
    })
    return (result as { completion: { values: string[] } } | undefined)?.completion.values ?? []
  }
  assert.equal(await complete(''), ['d ä/', 'docs/', 'readme.md'])
  assert.equal(await complete('docs/'), ['docs/a.md', 'docs/deep/'])
  assert.equal(await complete('docs/d'), ['docs/deep/'])
  assert.equal(await complete('d ä'), ['d ä/'])
  assert.equal(await complete('h'), [])
  assert.equal(await complete('../'), [])
  assert.equal(await listedBy(peer), [
    'file:///r/d%20%C3%A4/x.md',
    'file:///r/docs/a.md',
    'file:///r/docs/deep/b.md',
    'file:///r/readme.md',
  ])
  assert.is(await readBy(peer, 'file:///r/hr/pay.md'), NOT_FOUND)
  await server.close()
})

test('a file that is kept is read again once it changed', async () => {
  await using ground = await Ground.with({ 'a.md': 'one' })
  const { server, peer } = await opened({ roots: { path: ground.path, name: 'r' }, keep: { ttl: 0 } })
  assert.is(await readBy(peer, 'file:///r/a.md'), 'one')
  assert.is(await readBy(peer, 'file:///r/a.md'), 'one')
  await ground.write('b.md', 'two')
  await rename(ground.at('b.md'), ground.at('a.md'))
  assert.is(await readBy(peer, 'file:///r/a.md'), 'two')
  await rm(ground.at('a.md'))
  assert.is(await readBy(peer, 'file:///r/a.md'), NOT_FOUND)
  await server.close()
})

test('the file system is asked about files that the caller may read, and about no others', async () => {
  const contents = Object.fromEntries(
    Array.from({ length: 300 }, (_, index) => [`${index % 2 === 0 ? 'open' : 'hidden'}/${index}.md`, 'x']),
  )
  await using ground = await Ground.with(contents)
  let asked = 0
  const hook = createHook({
    init(_, type) {
      if (type === 'FSREQPROMISE') asked += 1
    },
  })
  const counted = async (allowed: string): Promise<readonly [number, number]> => {
    const { server, peer } = await opened({
      roots: { path: ground.path, name: 'g' },
      access: uri => uri.startsWith(`file:///g/${allowed}`),
    })
    asked = 0
    hook.enable()
    const listed = await listedBy(peer)
    hook.disable()
    await server.close()
    return [listed.length, asked]
  }
  const [none, forNone] = await counted('nothing')
  const [some, forSome] = await counted('open')
  assert.equal([none, some], [0, 150])
  // What it takes to look into three folders.
  assert.ok(forNone < 40, String(forNone))
  assert.ok(forSome - forNone >= 150 && forSome - forNone < 170, `${forSome} ${forNone}`)
})

test.run()
