import { files } from '@oarlock/resources/files'
import { mkdir, rm } from 'node:fs/promises'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Ground, listedBy, opened, readBy } from './stage.ts'

const NOT_FOUND = -32002

const test = suite('roots')

test('what cannot be is said when the source is made, and a root that is none when it starts', async () => {
  await using ground = await Ground.with({ 'a.md': '' })
  await mkdir(ground.at('x'))
  assert.throws(() => files({ roots: [] }), /needs a root/)
  assert.throws(() => files({ roots: { path: '' } }), /needs the path/)
  assert.throws(() => files({ roots: { path: ground.path, name: 'a b' } }), /needs a name/)
  assert.throws(() => files({ roots: { path: ground.path, uri: 'file:///x' } }), /end in a slash/)
  assert.throws(() => files({ roots: [ground.path, ground.path] }), /two roots are named/)
  assert.throws(
    () =>
      files({
        roots: [
          { path: ground.path, uri: 'a:/' },
          { path: ground.at('x'), uri: 'a:/b/' },
        ],
      }),
    /not apart/,
  )
  assert.throws(() => files({ roots: ground.path, debounce: -1 }), /debounce: -1 is not a duration/)
  assert.throws(() => files({ roots: ground.path, fresh: '2 s' }), /fresh: "2 s" is not a duration/)
  assert.throws(() => files({ roots: ground.path, poll: Number.NaN }), /poll: .* is not a duration/)
  assert.throws(() => files({ roots: ground.path, maxFiles: 0.5 }), /maxFiles/)
  assert.throws(
    () => files({ roots: { path: ground.path, hardLinks: 'refused' as 'refuse' } }),
    /must be 'allow' or 'refuse', not "refused"$/,
  )
})

test('a root that is no directory is an error at once, and check() tells of one that is gone', async () => {
  await using ground = await Ground.with({ 'a.md': '', 'r/b.md': '' })
  for (const [path, message] of [
    ['none', /^files\(\): the root .*none cannot be opened \(ENOENT\): give the path .* exists, or say missing: 'later'/],
    ['a.md', /^files\(\): the root .*a\.md is not a directory$/],
  ] as const)
    assert.throws(() => files({ roots: ground.at(path) }), message)
  const provider = files({ roots: ground.at('r') })
  assert.equal(await provider.check(), [])
  await rm(ground.at('r'), { recursive: true })
  const [problem, ...others] = await provider.check()
  assert.match(problem as string, /^the root .*r cannot be opened \(ENOENT\)/)
  assert.equal(others, [])
})

test('the server that offers the source tells of a root that is gone', async () => {
  await using ground = await Ground.with({ 'r/b.md': '' })
  const { server } = await opened({ roots: { path: ground.at('r') }, name: 'notes' })
  const said = async (): Promise<string[]> =>
    (await server.check()).map(({ severity, where, message }) => `${severity} ${where}: ${message}`)
  const before = await said()
  assert.not.match(before.join('\n'), 'cannot be opened')
  await rm(ground.at('r'), { recursive: true })
  const now = await said()
  assert.match(now.join('\n'), /^error notes: the root .*r cannot be opened \(ENOENT\)/m)
  assert.is(now.length, before.length + 1)
  await server.close()
})

test('a root that may come later has no files until then, and needs no new start', async () => {
  await using ground = await Ground.with()
  const { server, provider, peer } = await opened({ roots: { path: ground.at('r'), missing: 'later' }, fresh: 0 })
  const logged: unknown[] = []
  server.on('error.reported', event => logged.push(event))
  assert.equal([await listedBy(peer), await readBy(peer, 'file:///r/a.md')], [[], NOT_FOUND])
  assert.equal(await provider.check(), [])
  await ground.write('r/a.md', 'A')
  assert.equal([await listedBy(peer), await readBy(peer, 'file:///r/a.md')], [['file:///r/a.md'], 'A'])
  await rm(ground.at('r'), { recursive: true })
  assert.equal([await listedBy(peer), await readBy(peer, 'file:///r/a.md')], [[], NOT_FOUND])
  await ground.write('r', 'a file')
  assert.match((await provider.check()).join(), /is not a directory$/)
  assert.equal(logged, [])
  await server.close()
})

test.run()
