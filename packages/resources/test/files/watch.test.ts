import { files } from '@oarlock/resources/files'
import { envelope, matrix, raw, TRANSPORTS } from '@oarlock/testing'
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { asking, Ground, listedBy, opened, readBy, serving, tellsOf, tellsOfList } from './stage.ts'

const test = suite('watch')

const QUICK = { debounce: 5 }

matrix({ revisions: ['2024-11-05', '2026-07-28'], transports: TRANSPORTS }, ({ name, connect }) => {
  test(`a follower hears that a file was written, replaced, removed and made anew: ${name}`, async () => {
    await using ground = await Ground.with({ 'a.md': '1', 'b.md': '' })
    await using pair = await connect(serving(files({ roots: { path: ground.path, name: 'r' }, ...QUICK })))
    const uri = 'file:///r/a.md'
    const subscription = pair.client.listen({ resources: [uri] })
    await subscription.ready
    const hears = async (): Promise<void> => assert.equal((await subscription.next()).value, { kind: 'resource', uri })
    await ground.write('a.md', 'written')
    await hears()
    await ground.write('.a.md.tmp', 'replaced')
    await rename(ground.at('.a.md.tmp'), ground.at('a.md'))
    await hears()
    assert.is(((await pair.client.read(uri)) as unknown as { text: string }[])[0]?.text, 'replaced')
    await rm(ground.at('a.md'))
    await hears()
    await ground.write('a.md', 'anew')
    await hears()
    subscription.close()
  })
})

test('a file that is not there yet can be followed, in a folder that is not there yet', async () => {
  await using ground = await Ground.with({ 'a.md': '' })
  const { server, peer } = await opened({ roots: { path: ground.path, name: 'r' }, watch: 'followed', ...QUICK })
  const uri = 'file:///r/new/deep/b.md'
  await peer.request('resources/subscribe', { uri })
  const told = peer.until(tellsOf(uri))
  await ground.write('new/deep/b.md', 'B')
  await told
  assert.is(await readBy(peer, uri), 'B')
  await server.close()
})

test('whoever follows the list hears of new, gone and renamed files and folders, and of none that is left out', async () => {
  await using ground = await Ground.with({ 'a.md': '', 'old/b.md': '' })
  const { server, provider, peer } = await opened({ roots: { path: ground.path, name: 'r' }, watch: 'followed', ...QUICK })
  await turned(() => provider.isWatching)
  const changes = async (work: () => Promise<void>, ...listed: string[]): Promise<void> => {
    const seen = peer.received.length
    await work()
    await peer.until(message => peer.received.indexOf(message) >= seen && tellsOfList(message))
    while ((await listedBy(peer)).join() !== listed.map(path => `file:///r/${path}`).join()) await peer.until(() => true)
  }
  await changes(() => ground.write('c.md', ''), 'a.md', 'c.md', 'old/b.md')
  await changes(() => rename(ground.at('c.md'), ground.at('d.md')), 'a.md', 'd.md', 'old/b.md')
  await changes(() => ground.write('x/y/z.md', ''), 'a.md', 'd.md', 'old/b.md', 'x/y/z.md')
  await changes(() => rename(ground.at('old'), ground.at('aged')), 'a.md', 'aged/b.md', 'd.md', 'x/y/z.md')
  await changes(() => rm(ground.at('x'), { recursive: true }), 'a.md', 'aged/b.md', 'd.md')
  const told = (): number => peer.received.filter(tellsOfList).length
  const before = told()
  await ground.write('.hidden', '')
  await ground.write('node_modules/x.md', '')
  await ground.write('a.md', 'only its text')
  await changes(() => ground.write('e.md', ''), 'a.md', 'aged/b.md', 'd.md', 'e.md')
  assert.is(told(), before + 1)
  await server.close()
})

test('files that come into a new folder one after the other are all found', async () => {
  await using ground = await Ground.with({ 'a.md': '' })
  const provider = files({ roots: { path: ground.path, name: 'r' }, watch: 'always', ...QUICK })
  const server = serving(provider)
  const peer = await asking(server)
  await turned(() => provider.isWatching)
  await mkdir(ground.at('new'))
  for (let index = 0; index < 200; index += 1) await writeFile(ground.at(`new/${index}.md`), '')
  for (let count = 0; count < 201; count = (await listedBy(peer)).length) await new Promise(resolve => setImmediate(resolve))
  await server.close()
})

for (const roots of [{ missing: 'later' }, {}] as const)
  test(`a root that is removed and made anew is watched anew: ${JSON.stringify(roots)}`, async () => {
    await using ground = await Ground.with({ 'r/a.md': '1' })
    const reported: string[] = []
    const onError = (cause: unknown, where: string): number => reported.push(`${where}: ${String(cause)}`)
    const { server, provider, peer } = await opened({
      roots: { path: ground.at('r'), ...roots },
      watch: 'followed',
      fresh: 5,
      onError,
      ...QUICK,
    })
    await turned(() => provider.isWatching)
    assert.equal(await listedBy(peer), ['file:///r/a.md'])
    const uri = 'file:///r/b.md'
    await peer.request('resources/subscribe', { uri })
    const changes = async (work: () => Promise<unknown>, tells: typeof tellsOfList): Promise<void> => {
      const seen = peer.received.length
      await work()
      await peer.until(message => peer.received.indexOf(message) >= seen && tells(message))
    }
    for (const text of ['first', 'second']) {
      await changes(() => rm(ground.at('r'), { recursive: true }), tellsOfList)
      assert.equal(await listedBy(peer), [])
      await changes(() => ground.write('r/b.md', text), tellsOf(uri))
      assert.is(await readBy(peer, uri), text)
      assert.equal(await listedBy(peer), [uri])
      await turned(() => provider.isWatching)
      await changes(() => ground.write('r/c.md', ''), tellsOfList)
      assert.equal(await listedBy(peer), [uri, 'file:///r/c.md'])
    }
    assert.is(reported.filter(line => /^watch of r: .*cannot be opened \(ENOENT\)/.test(line)).length, 'missing' in roots ? 0 : 2)
    await server.close()
  })

for (const watch of ['followed', false] as const)
  test(`a root that is a link which is set anew is served from where the link leads by now: ${watch}`, async () => {
    await using ground = await Ground.with({ 'v1/a.md': 'one', 'v1/b.md': '', 'v2/a.md': 'two', 'v2/c.md': '' })
    await symlink('v1', ground.at('current'))
    const { server, provider, peer } = await opened({ roots: { path: ground.at('current'), name: 'r' }, watch, fresh: 5, ...QUICK })
    const uri = 'file:///r/a.md'
    assert.equal([await readBy(peer, uri), await listedBy(peer)], ['one', [uri, 'file:///r/b.md']])
    if (watch !== false) {
      await peer.request('resources/subscribe', { uri })
      await turned(() => provider.isWatching)
    }
    await symlink('v2', ground.at('.current'))
    await rename(ground.at('.current'), ground.at('current'))
    if (watch !== false) await peer.until(tellsOf(uri))
    while ((await readBy(peer, uri)) !== 'two') await new Promise(resolve => setImmediate(resolve))
    while (!(await listedBy(peer)).includes('file:///r/c.md')) await new Promise(resolve => setImmediate(resolve))
    assert.equal(await listedBy(peer), [uri, 'file:///r/c.md'])
    await server.close()
  })

test('a root that was not there is watched as soon as it is', async () => {
  await using ground = await Ground.with()
  const { server, peer } = await opened({ roots: { path: ground.at('r'), missing: 'later' }, watch: 'followed', fresh: 5, ...QUICK })
  const uri = 'file:///r/a.md'
  await peer.request('resources/subscribe', { uri })
  const told = peer.until(tellsOf(uri))
  await ground.write('r/a.md', 'A')
  await told
  assert.is(await readBy(peer, uri), 'A')
  await server.close()
})

test('.gitignore is heeded as soon as it changes', async () => {
  await using ground = await Ground.with({ 'a.md': 'A', 'b.log': 'B' })
  const provider = files({ roots: { path: ground.path, name: 'r', gitignore: true }, watch: 'always', ...QUICK })
  const server = serving(provider)
  const peer = await asking(server)
  await turned(() => provider.isWatching)
  assert.is(await readBy(peer, 'file:///r/b.log'), 'B')
  const told = peer.until(tellsOfList)
  await ground.write('.gitignore', '*.log')
  await told
  assert.equal(await listedBy(peer), ['file:///r/a.md'])
  assert.is(await readBy(peer, 'file:///r/b.log'), -32002)
  await server.close()
})

test('without being told by the system, changes are found by looking again', async () => {
  await using ground = await Ground.with({ 'a.md': '1' })
  const { server, peer } = await opened({ roots: { path: ground.path, name: 'r' }, watch: 'followed', poll: 5 })
  await peer.request('resources/subscribe', { uri: 'file:///r/a.md' })
  const told = peer.until(tellsOf('file:///r/a.md'))
  await ground.write('a.md', 'longer')
  await told
  await server.close()
})

for (const revision of ['2025-11-25', '2026-07-28'] as const) {
  test(`folders are watched from the first follower to the last: ${revision}`, async () => {
    await using ground = await Ground.with({ 'a.md': '', 'b.md': '' })
    const provider = files({ roots: { path: ground.path, name: 'r' }, ...QUICK })
    const server = serving(provider)
    const [one, two] = [await joined(server, revision), await joined(server, revision)]
    assert.not(provider.isWatching)
    await one.follow('file:///r/a.md')
    await two.follow('file:///r/b.md')
    await turned(() => provider.isWatching)
    one.leave()
    await ground.write('b.md', 'still watched')
    await two.peer.until(tellsOf('file:///r/b.md'))
    assert.ok(provider.isWatching)
    two.leave()
    await turned(() => !provider.isWatching)
    await server.close()
  })
}

test('T20: what a link leads to, or a folder that became one, is not followed', async () => {
  await using ground = await Ground.with({ 'in/a.md': '', 'in/sub/x.md': '', 'out/x.md': '' })
  await symlink(ground.at('out/x.md'), ground.at('in/link.md'))
  const { server, peer } = await opened({ roots: { path: ground.at('in'), name: 'r' }, watch: 'followed', ...QUICK })
  for (const path of ['a.md', 'link.md', 'sub/x.md']) await peer.request('resources/subscribe', { uri: `file:///r/${path}` })
  const gone = peer.until(tellsOf('file:///r/sub/x.md'))
  await rm(ground.at('in/sub'), { recursive: true })
  await symlink(ground.at('out'), ground.at('in/sub'))
  await gone
  const before = peer.received.length
  await ground.write('out/x.md', 'changed outside')
  const told = peer.until(message => peer.received.indexOf(message) >= before && tellsOf('file:///r/a.md')(message))
  await ground.write('in/a.md', 'changed inside')
  await told
  assert.not(peer.received.some(tellsOf('file:///r/link.md')))
  assert.is(peer.received.filter(tellsOf('file:///r/sub/x.md')).length, 1)
  await server.close()
})

async function joined(server: ReturnType<typeof serving>, revision: '2025-11-25' | '2026-07-28') {
  if (revision === '2025-11-25') {
    const peer = await asking(server)
    return { peer, follow: (uri: string) => peer.request('resources/subscribe', { uri }), leave: () => peer.close() }
  }
  const peer = raw(server)
  const follow = async (uri: string): Promise<unknown> => {
    peer.send({ id: 1, method: 'subscriptions/listen', params: { notifications: { resourceSubscriptions: [uri] }, _meta: envelope() } })
    return peer.until(({ method }) => method === 'notifications/subscriptions/acknowledged')
  }
  return { peer, follow, leave: () => peer.close() }
}

async function turned(test: () => boolean): Promise<void> {
  while (!test()) await new Promise(resolve => setImmediate(resolve))
}

test.run()
