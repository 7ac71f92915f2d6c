import { execFileSync } from 'node:child_process'
import { symlinkSync, unlinkSync } from 'node:fs'
import { link, rename, rm, symlink } from 'node:fs/promises'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Inside, type OpenFile } from '../src/inside.ts'
import { Ground } from './ground.ts'

const test = suite('inside')

const REFUSING = { links: 'none', hardLinks: true } as const

async function textOf(file: OpenFile | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined
  try {
    return await file.handle.readFile('utf8')
  } finally {
    await file.handle.close()
  }
}

/** With what the system says of descriptors, and with the comparison that takes its place elsewhere. */
for (const descriptors of [true, false]) {
  const how = descriptors ? 'by descriptor' : 'by comparison'

  test(`row 14: only regular files that are where they should be are opened: ${how}`, async () => {
    await using ground = await Ground.with({ 'data/a.txt': 'A', 'data/sub/b.txt': 'B', 'data2/c.txt': 'C', 'c.txt': 'C' })
    execFileSync('mkfifo', [ground.at('data/pipe')])
    await symlink('a.txt', ground.at('data/link'))
    await symlink('../c.txt', ground.at('data/out'))
    await symlink('sub', ground.at('data/folder'))
    await symlink('..', ground.at('data/up'))
    const refusing = new Inside(ground.at('data'), { ...REFUSING, descriptors })
    assert.is(await textOf(await refusing.open(['a.txt'])), 'A')
    assert.is(await textOf(await refusing.open(['sub', 'b.txt'])), 'B')
    for (const path of ['pipe', 'link', 'out', 'folder/b.txt', 'up/c.txt', 'up/data/a.txt', 'sub', 'none', 'none/none', 'a.txt/x'])
      assert.is(await refusing.open(path.split('/')), undefined, path)
    const following = new Inside(ground.at('data'), { ...REFUSING, links: 'files', descriptors })
    const file = await following.open(['folder', 'b.txt'])
    assert.is(file?.path, 'sub/b.txt')
    assert.is(await textOf(file), 'B')
    for (const path of ['pipe', 'out', 'up/c.txt', 'up/data2/c.txt']) assert.is(await following.open(path.split('/')), undefined, path)
  })

  test(`row 14: a folder that is a link is no folder: ${how}`, async () => {
    await using ground = await Ground.with({ 'data/sub/b.txt': 'B', 'out/c.txt': 'C' })
    await symlink(ground.at('out'), ground.at('data/folder'))
    const inside = new Inside(ground.at('data'), { ...REFUSING, descriptors })
    const names = (segments: readonly string[]): Promise<string[] | undefined> =>
      inside.folder(segments, async folder => (await folder.entries()).map(({ name }) => name).sort())
    assert.equal(await names([]), ['folder', 'sub'])
    assert.equal(await names(['sub']), ['b.txt'])
    for (const path of ['folder', 'none', 'sub/b.txt']) assert.is(await names(path.split('/')), undefined, path)
  })

  test(`a link to the root that is set anew while a file is opened does not refuse it: ${how}`, async () => {
    await using ground = await Ground.with({ 'v1/sub/a.txt': 'one', 'v2/sub/a.txt': 'two' })
    await symlink('v1', ground.at('current'))
    const inside = new Inside(ground.at('current'), { ...REFUSING, links: 'files', descriptors })
    const opening = inside.open(['sub', 'a.txt'])
    const names = inside.folder(['sub'], async folder => (await folder.entries()).map(({ name }) => name))
    unlinkSync(ground.at('current'))
    symlinkSync('v2', ground.at('current'))
    inside.forget()
    assert.is(inside.real().path, ground.at('v2'))
    assert.is(await textOf(await opening), 'one')
    assert.equal(await names, ['a.txt'])
    assert.is(await textOf(await inside.open(['sub', 'a.txt'])), 'two')
  })

  test(`a file that is replaced or removed after it was opened is read as it was: ${how}`, async () => {
    await using ground = await Ground.with({ 'a.txt': 'old', 'b.txt': 'new' })
    const inside = new Inside(ground.path, { ...REFUSING, descriptors })
    const file = await inside.open(['a.txt'])
    await rename(ground.at('b.txt'), ground.at('a.txt'))
    assert.is(await textOf(file), 'old')
    assert.is(await textOf(await inside.open(['a.txt'])), 'new')
  })

  test(`files that are replaced all the time are always there: ${how}`, async () => {
    await using ground = await Ground.with({ 'a.txt': 'x' })
    const inside = new Inside(ground.path, { ...REFUSING, descriptors })
    let over = false
    const saving = (async () => {
      while (!over) {
        await ground.write('.tmp', 'x')
        await rename(ground.at('.tmp'), ground.at('a.txt'))
      }
    })()
    let missing = 0
    for (let round = 0; round < 500; round += 1) if ((await textOf(await inside.open(['a.txt']))) !== 'x') missing += 1
    over = true
    await saving
    assert.is(missing, 0)
  })
}

test('row 14: a pipe that takes the place of a file at the last moment is not waited for', async () => {
  await using ground = await Ground.with({ 'data/a.txt': 'A' })
  execFileSync('mkfifo', [ground.at('data/pipe')])
  const inside = new Inside(ground.at('data'), REFUSING)
  let over = false
  const swapping = (async () => {
    while (!over) {
      for (const [from, to] of [
        ['a.txt', 'file'],
        ['pipe', 'a.txt'],
        ['a.txt', 'pipe'],
        ['file', 'a.txt'],
      ] as const)
        await rename(ground.at(`data/${from}`), ground.at(`data/${to}`))
    }
  })()
  const seen = new Set<string | undefined>()
  for (let round = 0; round < 2_000; round += 1) seen.add(await textOf(await inside.open(['a.txt'])))
  over = true
  await swapping
  for (const text of seen) assert.ok(text === undefined || text === 'A', text)
})

test('hard links may be refused', async () => {
  await using ground = await Ground.with({ 'a.txt': 'A', 'out.txt': 'O' })
  await link(ground.at('out.txt'), ground.at('hard.txt'))
  assert.is(await textOf(await new Inside(ground.path, REFUSING).open(['hard.txt'])), 'O')
  const strict = new Inside(ground.path, { links: 'none', hardLinks: false })
  assert.is(await strict.open(['hard.txt']), undefined)
  assert.is(await textOf(await strict.open(['a.txt'])), 'A')
})

test('a root that came later is found when asked again', async () => {
  await using ground = await Ground.with({ 'x/a.txt': 'A' })
  await rename(ground.at('x'), ground.at('y'))
  const inside = new Inside(ground.at('x'), REFUSING)
  assert.throws(() => inside.real(), /cannot be opened/)
  assert.is(await inside.open(['a.txt']), undefined)
  await rename(ground.at('y'), ground.at('x'))
  assert.is(await textOf(await inside.open(['a.txt'])), 'A')
  await rm(ground.at('x/a.txt'))
})

test('where a link to the root leads is looked at again, once in a while', async () => {
  await using ground = await Ground.with({ 'v1/a.txt': 'one', 'v2/a.txt': 'two' })
  await symlink('v1', ground.at('current'))
  const inside = new Inside(ground.at('current'), REFUSING)
  const clock = performance.now
  let now = 0
  performance.now = () => now
  try {
    assert.is(await textOf(await inside.open(['a.txt'])), 'one')
    await rm(ground.at('current'))
    await symlink('v2', ground.at('current'))
    now = 999
    assert.is(await textOf(await inside.open(['a.txt'])), 'one')
    now = 1_000
    assert.is(await textOf(await inside.open(['a.txt'])), 'two')
    await rm(ground.at('current'))
    now = 2_000
    assert.is(await inside.open(['a.txt']), undefined)
    await rename(ground.at('v2'), ground.at('current'))
    assert.is(await textOf(await inside.open(['a.txt'])), 'two')
  } finally {
    performance.now = clock
  }
})

test.run()
