import { rules } from '@oarlock/resources'
import { link, symlink } from 'node:fs/promises'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Ground, listedBy, opened, readBy } from './stage.ts'

const NOT_FOUND = -32002

const test = suite('files that are left out')

test('what patterns name, what is hidden, and what is not among the only ones is neither listed nor read', async () => {
  await using ground = await Ground.with({
    'a.md': '',
    'b.tmp': '',
    'keep.tmp': '',
    '.env': 'secret',
    '.git/config': '',
    'build/x.md': '',
    'node_modules/y.md': '',
    'deep/build/z.md': '',
    'c.txt': '',
  })
  const root = {
    path: ground.path,
    name: 'r',
    ignore: ['*.tmp', '!keep.tmp', '/build/', 'node_modules/'],
    only: ['**/*.md', '*.tmp', '*.env', '**/config'],
  }
  const { server, peer } = await opened({ roots: root })
  assert.equal(await listedBy(peer), ['file:///r/a.md', 'file:///r/deep/build/z.md', 'file:///r/keep.tmp'])
  for (const path of ['b.tmp', '.env', '.git/config', 'build/x.md', 'node_modules/y.md', 'c.txt']) {
    assert.is(await readBy(peer, `file:///r/${path}`), NOT_FOUND, path)
  }
  const open = await opened({ roots: { ...root, hidden: true } })
  assert.is(await readBy(open.peer, 'file:///r/.env'), 'secret')
  await Promise.all([server.close(), open.server.close()])
})

test('.gitignore files count when wanted, the deepest decides, and a new one is heeded', async () => {
  await using ground = await Ground.with({
    '.gitignore': '*.log\nout/\n',
    'a.log': '',
    'b.txt': '',
    'out/c.txt': '',
    'deep/.gitignore': '!kept.log\n/private.txt\n',
    'deep/kept.log': '',
    'deep/private.txt': '',
    'deep/more/private.txt': '',
  })
  const { server, peer } = await opened({ roots: { path: ground.path, name: 'r', gitignore: true }, fresh: 0 })
  assert.equal(await listedBy(peer), ['file:///r/b.txt', 'file:///r/deep/kept.log', 'file:///r/deep/more/private.txt'])
  assert.is(await readBy(peer, 'file:///r/deep/private.txt'), NOT_FOUND)
  assert.is(await readBy(peer, 'file:///r/out/c.txt'), NOT_FOUND)
  await ground.write('deep/more/.gitignore', '*\n')
  assert.is(await readBy(peer, 'file:///r/deep/more/private.txt'), NOT_FOUND)
  assert.equal(await listedBy(peer), ['file:///r/b.txt', 'file:///r/deep/kept.log'])
  await server.close()
})

test('links to files inside are followed where wanted, and only to what may be read under its own name', async () => {
  await using ground = await Ground.with({ 'in/a.md': 'A', 'in/.hidden': 'H', 'in/hr/pay.md': 'P', 'out/secret.md': 'S' })
  await symlink('a.md', ground.at('in/ok.md'))
  await symlink('.hidden', ground.at('in/to-hidden.md'))
  await symlink('hr/pay.md', ground.at('in/to-pay.md'))
  await symlink(ground.at('out/secret.md'), ground.at('in/to-out.md'))
  await symlink('hr', ground.at('in/to-hr'))
  const access = rules([{ uri: 'file:///r/hr/**', allow: false }, { uri: '**' }])
  const root = { path: ground.at('in'), name: 'r', access }
  const refusing = await opened({ roots: root })
  assert.equal(await listedBy(refusing.peer), ['file:///r/a.md'])
  for (const path of ['ok.md', 'to-out.md', 'to-hr/pay.md']) assert.is(await readBy(refusing.peer, `file:///r/${path}`), NOT_FOUND, path)
  const following = await opened({ roots: { ...root, symlinks: 'inside' } })
  assert.is(await readBy(following.peer, 'file:///r/ok.md'), 'A')
  for (const path of ['to-hidden.md', 'to-pay.md', 'to-out.md', 'to-hr/pay.md']) {
    assert.is(await readBy(following.peer, `file:///r/${path}`), NOT_FOUND, path)
  }
  const listed = await listedBy(following.peer)
  assert.ok(listed.includes('file:///r/ok.md'))
  for (const path of ['to-hidden.md', 'to-out.md']) assert.not(listed.includes(`file:///r/${path}`))
  await Promise.all([refusing.server.close(), following.server.close()])
})

test('files with another name elsewhere are left out where wanted', async () => {
  await using ground = await Ground.with({ 'in/a.md': 'A', 'out/secret.md': 'S' })
  await link(ground.at('out/secret.md'), ground.at('in/hard.md'))
  const { server, peer } = await opened({ roots: { path: ground.at('in'), name: 'r', hardLinks: 'refuse' } })
  assert.equal(await listedBy(peer), ['file:///r/a.md'])
  assert.is(await readBy(peer, 'file:///r/hard.md'), NOT_FOUND)
  await server.close()
})

test('more files than may be listed are reported once, and can be read all the same', async () => {
  const reported: string[] = []
  await using ground = await Ground.with({ 'a.md': '', 'b.md': '', 'c.md': 'C' })
  const onError = (cause: unknown): void => void reported.push((cause as Error).message)
  const { server, peer } = await opened({ roots: { path: ground.path, name: 'r' }, maxFiles: 2, onError })
  assert.is((await listedBy(peer)).length, 2)
  assert.is(await readBy(peer, 'file:///r/c.md'), 'C')
  assert.is(reported.length, 1)
  assert.match(reported[0] as string, /more than 2 files.*raise maxFiles/)
  await server.close()
})

test.run()
