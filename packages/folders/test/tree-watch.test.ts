import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { sep } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { TreeWatch } from '../src/tree-watch.ts'
import { Ground, Told } from './ground.ts'

const test = suite('watched trees')

/** A tree under watch, and the folders that it tells of. */
async function watched(ground: Ground, ignores: (segments: readonly string[]) => boolean = () => false) {
  const told = new Told<string>()
  const tree = new TreeWatch({ path: ground.path, ignores, touched: told.add, failed: cause => assert.unreachable(String(cause)) })
  await tree.open()
  const hears = async (folder: string, work: () => Promise<unknown>): Promise<void> => {
    told.clear()
    await work()
    await told.until(all => all.includes(folder))
  }
  return { told, hears, [Symbol.asyncDispose]: () => tree.close() }
}

test('files that come, change, go, or are saved by renaming are told by their folder', async () => {
  await using ground = await Ground.with({ 'a.txt': '1', 'sub/b.txt': '1' })
  await using tree = await watched(ground)
  for (const folder of ['', 'sub']) {
    const file = ground.at(`${folder}/b.txt`)
    await tree.hears(folder, () => writeFile(file, 'written'))
    await tree.hears(folder, async () => {
      await writeFile(`${file}.tmp`, 'saved')
      await rename(`${file}.tmp`, file)
    })
    await tree.hears(folder, () => writeFile(file, 'once more'))
    await tree.hears(folder, () => rm(file))
  }
})

test('a change in one folder is no change of another', async () => {
  await using ground = await Ground.with({ 'a/x.txt': '1', 'b/x.txt': '1' })
  await using tree = await watched(ground)
  await tree.hears('b', () => ground.write('b/x.txt', '2'))
  assert.equal(new Set(tree.told.all), new Set(['b']))
})

test('folders that come are watched, however deep they come, and told of once they are', async () => {
  await using ground = await Ground.with()
  await using tree = await watched(ground)
  await tree.hears('new/deep/er', () => mkdir(ground.at('new/deep/er'), { recursive: true }))
  assert.ok(['', 'new', 'new/deep'].every(folder => tree.told.all.includes(folder)))
  await tree.hears('new/deep/er', () => ground.write('new/deep/er/a.txt', '1'))
  await tree.hears('new/deep', () => ground.write('new/deep/a.txt', '1'))
})

test('a folder that is renamed is told by both names, and watched under its new one', async () => {
  await using ground = await Ground.with({ 'old/sub/a.txt': '1' })
  await using tree = await watched(ground)
  await tree.hears('new/sub', () => rename(ground.at('old'), ground.at('new')))
  await tree.told.until(all => ['', 'old', 'old/sub', 'new'].every(folder => all.includes(folder)))
  tree.told.clear()
  await tree.hears('new/sub', () => ground.write('new/sub/a.txt', '2'))
  assert.not(tree.told.all.some(folder => folder.startsWith('old')))
})

test('another folder in the place of one is watched in its stead, when nobody sees the place empty', async () => {
  await using ground = await Ground.with({ 'sub/deep/a.txt': '1', 'other/deep/a.txt': '2' })
  await using tree = await watched(ground)
  for (let round = 0; round < 10; round += 1) {
    await tree.hears('sub/deep', async () => {
      await rename(ground.at('sub'), ground.at('third'))
      await rename(ground.at('other'), ground.at('sub'))
      await rename(ground.at('third'), ground.at('other'))
    })
    await tree.told.until(all => all.includes('other/deep'))
    await tree.hears('sub/deep', () => ground.write('sub/deep/a.txt', 'changed'))
    await tree.hears('other/deep', () => ground.write('other/deep/a.txt', 'changed'))
  }
})

test('a folder that is removed and made anew is watched anew', async () => {
  await using ground = await Ground.with({ 'sub/a.txt': '1' })
  await using tree = await watched(ground)
  for (let round = 0; round < 20; round += 1) {
    await tree.hears('sub', () => rm(ground.at('sub'), { recursive: true }))
    await tree.hears('sub', () => mkdir(ground.at('sub')))
    await tree.hears('sub', () => ground.write('sub/a.txt', '1'))
  }
})

test('a file in the place of a folder, and a folder in the place of a file', async () => {
  await using ground = await Ground.with({ 'sub/a.txt': '1' })
  await using tree = await watched(ground)
  await tree.hears('sub', async () => {
    await rm(ground.at('sub'), { recursive: true })
    await writeFile(ground.at('sub'), 'a file')
  })
  await tree.hears('', () => writeFile(ground.at('sub'), 'written'))
  await tree.hears('sub', async () => {
    await rm(ground.at('sub'))
    await mkdir(ground.at('sub'))
  })
  await tree.hears('sub', () => ground.write('sub/b.txt', '1'))
})

test('T20: links are not followed, nor what is ignored, from the beginning or later', async () => {
  await using ground = await Ground.with({ 'in/a.txt': '1', 'in/node_modules/m/x.txt': '1', 'out/x.txt': '1' })
  await symlink(ground.at('out'), ground.at('in/linked'))
  const told = new Told<string>()
  const tree = new TreeWatch({
    path: ground.at('in'),
    ignores: segments => segments.at(-1) === 'node_modules' || segments.at(-1)?.startsWith('.') === true,
    touched: told.add,
    failed: cause => assert.unreachable(String(cause)),
  })
  await tree.open()
  await symlink(ground.at('out'), ground.at('in/later'))
  await mkdir(ground.at('in/.hidden'))
  await mkdir(ground.at('in/seen'))
  await told.until(all => all.includes('seen'))
  told.clear()
  await ground.write('out/x.txt', 'changed')
  await ground.write('in/node_modules/m/x.txt', 'changed')
  await ground.write('in/.hidden/x.txt', 'changed')
  await ground.write('in/seen/x.txt', 'changed')
  await told.until(all => all.includes('seen'))
  assert.equal(new Set(told.all), new Set(['seen']))
  await tree.close()
})

test('many files and folders at once: no folder is missed', async () => {
  await using ground = await Ground.with()
  await using tree = await watched(ground)
  const folders = Array.from({ length: 40 }, (_, index) => `f${index % 8}/g${index}`)
  await Promise.all(folders.map(folder => ground.write(`${folder}/a.txt`, '1')))
  await tree.told.until(all => folders.every(folder => all.includes(folder)))
  tree.told.clear()
  await Promise.all(folders.flatMap(folder => Array.from({ length: 20 }, (_, index) => ground.write(`${folder}/${index}.txt`, 'x'))))
  await tree.told.until(all => folders.every(folder => all.includes(folder)))
  tree.told.clear()
  await rm(ground.at('f0'), { recursive: true })
  await tree.told.until(all => folders.filter(folder => folder.startsWith('f0/')).every(folder => all.includes(folder)))
})

test('T20: names in any case and normal form, and of any bytes, are watched like others', async () => {
  await using ground = await Ground.with()
  await using tree = await watched(ground)
  for (const name of ['caf\u00e9', 'Gro\u00df', 'ENDE.', '日本語', '🚣', ' ']) {
    await tree.hears('', () => mkdir(ground.at(name)))
    await tree.hears('', () => rm(ground.at(name), { recursive: true }))
  }
  const odd = Buffer.concat([Buffer.from(`${ground.path}${sep}`), Buffer.from([0x6f, 0xff, 0x64])])
  const made = await mkdir(odd).then(
    () => true,
    () => false,
  )
  await tree.hears('sub', () => mkdir(ground.at('sub')))
  await tree.hears('sub', () => ground.write('sub/a.txt', '1'))
  if (made) await tree.hears('', () => rm(odd, { recursive: true }))
})

test('a tree that is closed tells nothing, whenever it is closed', async () => {
  await using ground = await Ground.with({ 'a/b/c.txt': '1' })
  for (let round = 0; round < 5; round += 1) {
    const told: string[] = []
    const tree = new TreeWatch({
      path: ground.path,
      ignores: () => false,
      touched: folder => told.push(folder),
      failed: cause => assert.unreachable(String(cause)),
    })
    const opening = tree.open()
    for (let step = 0; step < round; step += 1) await new Promise(resolve => setImmediate(resolve))
    await tree.close()
    await opening
    await using other = await watched(ground)
    await other.hears('a/b', () => ground.write('a/b/c.txt', '2'))
    assert.equal(told, [])
  }
})

test.run()
