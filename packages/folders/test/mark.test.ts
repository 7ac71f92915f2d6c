import { rename, stat, utimes } from 'node:fs/promises'
import { statSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { markOf, settledMarkOf } from '@oarlock/folders'
import { Ground } from './ground.ts'

const test = suite('marks')

const markAt = async (path: string): Promise<string> => markOf(await stat(path, { bigint: true }))

test('a file that is written, replaced or touched has another mark; one that is read or renamed the same', async () => {
  await using ground = await Ground.with({ 'a.txt': 'one', 'b.txt': 'one' })
  const marks = [await markAt(ground.at('a.txt'))]
  const next = async (): Promise<void> => void marks.push(await markAt(ground.at('a.txt')))
  await ground.write('a.txt', 'longer')
  await next()
  await rename(ground.at('b.txt'), ground.at('a.txt'))
  await next()
  await utimes(ground.at('a.txt'), 1, 1)
  await next()
  assert.is(new Set(marks).size, marks.length)
  await rename(ground.at('a.txt'), ground.at('c.txt'))
  assert.is(await markAt(ground.at('c.txt')), marks.at(-1))
})

test('the mark of a file that changed just now is not relied on', async () => {
  await using ground = await Ground.with({ 'a.txt': 'one' })
  // What somebody sets the time of writing to is nothing to go by.
  await utimes(ground.at('a.txt'), 1, 1)
  const stats = statSync(ground.at('a.txt'), { bigint: true })
  assert.is(settledMarkOf(stats), undefined)
  stats.ctimeMs -= 3_000n
  assert.is(settledMarkOf(stats), markOf(stats))
})

test.run()
