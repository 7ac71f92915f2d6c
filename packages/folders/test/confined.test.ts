import { closeSync, readFileSync, realpathSync } from 'node:fs'
import { link, symlink, writeFile } from 'node:fs/promises'
import { execFileSync } from 'node:child_process'
import { sep } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { codeOf, Inside, isPlainName } from '@oarlock/folders'
import { Ground } from './ground.ts'
import { swapping } from './swapper.ts'

const test = suite('what is opened at once, and what attackers put in its place')

const INSIDE = 'inside'
const OUTSIDE = 'outside'

/** What a file holds, or the code of what it is refused with. */
function heldBy(inside: Inside, path: string): string | undefined {
  try {
    const { fd } = inside.openSync(path.split('/'))
    try {
      return readFileSync(fd, 'utf8')
    } finally {
      closeSync(fd)
    }
  } catch (cause) {
    return codeOf(cause)
  }
}

function namesIn(inside: Inside, path: string): readonly string[] | string | undefined {
  try {
    const entries = inside.entriesSync(path === '' ? [] : path.split('/'))
    return entries.map(({ name }) => name).sort()
  } catch (cause) {
    return codeOf(cause)
  }
}

/** What a file holds that is opened in peace, or undefined. */
async function openedBy(inside: Inside, path: string): Promise<string | undefined> {
  const file = await inside.open(path.split('/'))
  try {
    return await file?.handle.readFile('utf8')
  } finally {
    await file?.handle.close()
  }
}

for (const descriptors of [true, false]) {
  const how = descriptors ? 'by descriptor' : 'by comparison'

  test(`row 14: what is opened at once is refused with a reason: ${how}`, async () => {
    await using ground = await Ground.with({ 'data/a.txt': INSIDE, 'data/sub/b.txt': INSIDE, 'data2/c.txt': OUTSIDE, 'c.txt': OUTSIDE })
    execFileSync('mkfifo', [ground.at('data/pipe')])
    await symlink('a.txt', ground.at('data/link'))
    await symlink('../c.txt', ground.at('data/out'))
    await symlink('../data2/c.txt', ground.at('data/sibling'))
    await symlink('sub', ground.at('data/folder'))
    await symlink('..', ground.at('data/up'))
    await symlink('loop', ground.at('data/loop'))
    await symlink('nowhere', ground.at('data/broken'))
    const all = new Inside(ground.at('data'), { links: 'all', hardLinks: true, descriptors })
    const found = (inside: Inside): unknown =>
      ['a.txt', 'link', 'folder/b.txt', 'sub', 'pipe', 'none', 'a.txt/x', 'loop', 'broken'].map(path => heldBy(inside, path))
    assert.equal(found(all), [INSIDE, INSIDE, INSIDE, 'KIND', 'KIND', 'ENOENT', 'ENOTDIR', 'ELOOP', 'ENOENT'])
    for (const path of ['out', 'sibling', 'up/c.txt', '../c.txt', 'sub/../../c.txt', 'folder/../../c.txt'])
      assert.is(heldBy(all, path), 'OUTSIDE', path)
    const none = new Inside(ground.at('data'), { links: 'none', hardLinks: true, descriptors })
    assert.equal(found(none), [INSIDE, 'KIND', 'OUTSIDE', 'KIND', 'KIND', 'ENOENT', 'ENOTDIR', 'KIND', 'KIND'])
    for (const path of ['up/c.txt', '../c.txt', 'up/data/a.txt', 'sub/../a.txt', './a.txt', 'sub//b.txt'])
      assert.is(heldBy(none, path), 'OUTSIDE', path)
  })

  test(`row 14: folders are looked into through links only where that is wanted, and never outside: ${how}`, async () => {
    await using ground = await Ground.with({ 'data/sub/b.txt': INSIDE, 'out/c.txt': OUTSIDE })
    await symlink('sub', ground.at('data/folder'))
    await symlink('.', ground.at('data/self'))
    await symlink('../out', ground.at('data/leak'))
    const [all, files] = (['all', 'files'] as const).map(links => new Inside(ground.at('data'), { links, hardLinks: true, descriptors }))
    const here = ['folder', 'leak', 'self', 'sub']
    const paths = ['', 'sub', 'folder', 'self', 'self/self/folder', 'sub/b.txt', 'none']
    assert.equal(
      paths.map(path => namesIn(all as Inside, path)),
      [here, ['b.txt'], ['b.txt'], here, ['b.txt'], 'ENOTDIR', 'ENOENT'],
    )
    for (const path of ['folder', 'self', 'self/sub']) assert.type(namesIn(files as Inside, path), 'string', path)
    for (const inside of [all, files] as const)
      for (const path of ['leak', 'self/leak', '..', '../out', 'sub/../../out'])
        assert.type(namesIn(inside as Inside, path), 'string', path)
  })

  test(`T20: a file has one name in the source, whatever cases and normal forms the file system takes for the same: ${how}`, async () => {
    await using ground = await Ground.with({ 'Read.txt': INSIDE, 'caf\u00e9.txt': INSIDE })
    const inside = new Inside(ground.path, { links: 'none', hardLinks: true, descriptors })
    const stored = inside.entriesSync([]).map(({ name }) => name)
    for (const name of stored) assert.is(await openedBy(inside, name), INSIDE, name)
    for (const name of ['read.txt', 'READ.TXT', 'caf\u00e9.txt', 'cafe\u0301.txt', 'CAF\u00c9.txt'].filter(
      each => !stored.includes(each),
    )) {
      assert.is(await openedBy(inside, name), undefined, name)
      assert.is.not(heldBy(inside, name), INSIDE, name)
    }
  })

  test(`T20: names that no file can have are those of nothing: ${how}`, async () => {
    await using ground = await Ground.with({ 'a.txt': INSIDE })
    const inside = new Inside(ground.path, { links: 'all', hardLinks: true, descriptors })
    for (const name of ['a.txt\0', 'a.txt\0.png', '\0', '', '.', 'x'.repeat(300), `${'x/'.repeat(3_000)}x`]) {
      assert.is(await openedBy(inside, name), undefined, JSON.stringify(name).slice(0, 20))
      assert.is.not(heldBy(inside, name), INSIDE)
    }
  })

  test(`files that may have one name only are refused with two: ${how}`, async () => {
    await using ground = await Ground.with({ 'a.txt': INSIDE, 'b.txt': INSIDE })
    await link(ground.at('b.txt'), ground.at('c.txt'))
    const inside = new Inside(ground.path, { links: 'none', hardLinks: false, descriptors })
    assert.equal(
      ['a.txt', 'b.txt', 'c.txt'].map(path => heldBy(inside, path)),
      [INSIDE, 'KIND', 'KIND'],
    )
  })
}

test('T20: a name whose bytes are no text is seen, and is the name of nothing', async () => {
  await using ground = await Ground.with({ 'a.txt': INSIDE })
  const odd = Buffer.concat([Buffer.from(`${ground.path}${sep}`), Buffer.from([0x6f, 0xff, 0x64])])
  // Some systems refuse such names themselves.
  await writeFile(odd, OUTSIDE).catch(() => {})
  const inside = new Inside(ground.path, { links: 'all', hardLinks: true })
  for (const { name } of inside.entriesSync([])) {
    assert.is(isPlainName(name), name === 'a.txt', name)
    assert.is(await openedBy(inside, name), name === 'a.txt' ? INSIDE : undefined, name)
  }
})

for (const links of ['none', 'files', 'all'] as const) {
  test(`row 14: while somebody swaps files and folders for links, nothing outside is read or seen at once (links: ${links})`, async () => {
    await using ground = await Ground.with({
      'data/folder/x.txt': INSIDE,
      'data/file.txt': INSIDE,
      'out/x.txt': OUTSIDE,
      'out/only-outside.txt': OUTSIDE,
      'secret.txt': OUTSIDE,
    })
    await symlink(ground.at('out'), ground.at('data/.folder-link'))
    await symlink(ground.at('secret.txt'), ground.at('data/.file.txt-link'))
    const inside = new Inside(ground.at('data'), { links, hardLinks: true })
    const stop = await swapping(ground.at('data'), 'folder', 'file.txt')
    const held = new Set<string | undefined>()
    const seen = new Set<string>()
    let fooled = false
    // The race is there: who checks the path and then reads by it falls for it.
    const isShown = (): boolean => fooled && held.has(INSIDE) && (held.has('OUTSIDE') || held.has('KIND')) && seen.size > 0
    for (let round = 0; round < 2_000 || !isShown(); round += 1) {
      for (const path of ['folder/x.txt', 'file.txt', 'folder/only-outside.txt']) held.add(heldBy(inside, path))
      const names = namesIn(inside, 'folder')
      for (const name of Array.isArray(names) ? (names as readonly string[]) : []) seen.add(name)
      fooled ||= naive(ground, 'file.txt') === OUTSIDE || naive(ground, 'folder/x.txt') === OUTSIDE
    }
    await stop()
    assert.not(held.has(OUTSIDE))
    assert.equal([...seen], ['x.txt'])
  })
}

function naive(ground: Ground, path: string): string | undefined {
  try {
    const real = realpathSync(ground.at(`data/${path}`))
    return real.startsWith(ground.at('data') + sep) ? readFileSync(ground.at(`data/${path}`), 'utf8') : undefined
  } catch {
    return undefined
  }
}

test.run()
