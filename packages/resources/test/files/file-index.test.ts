import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { FileIndex } from '../../src/files/file-index.ts'
import { Root } from '../../src/files/root.ts'
import { Ground } from './stage.ts'

const test = suite('file index')

const never = (cause: unknown): void => assert.unreachable(String(cause))

test('files are listed with their sizes whatever is looked at anew meanwhile', async () => {
  const folders = Array.from({ length: 20 }, (_, index) => `f${index}`)
  await using ground = await Ground.with(Object.fromEntries(folders.map(folder => [`${folder}/a.txt`, folder])))
  const index = new FileIndex(new Root({ path: ground.path, name: 'r' }, 0, never), () => 'text/plain', 100, never)
  await index.refresh()
  const items = [...index.behind(undefined)]
  for (let round = 0; round < 5; round += 1) {
    const [listed] = await Promise.all([index.listed(items), index.refresh()])
    assert.equal(
      listed.map(({ name, size }) => [name, size]),
      items.map(({ path }) => [path, path.indexOf('/')]),
    )
  }
})

test.run()
