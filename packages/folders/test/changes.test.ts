import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Changes } from '@oarlock/folders'

const test = suite('changes')

test('a change in a folder concerns what is in it and below it, and nothing beside it', () => {
  const changes = new Changes(new Set(['a/b']))
  assert.equal(
    ['a/b/c', 'a/b/c/d', 'a/b', 'a/bc/d', 'a/c', 'c', ''].map(path => changes.concerns(path)),
    [true, true, false, false, false, false, false],
  )
})

test('a change in the root may concern everything, and so may one that is not known', () => {
  for (const changes of [new Changes(new Set([''])), new Changes()])
    for (const path of ['', 'a', 'a/b']) assert.ok(changes.concerns(path), path)
  assert.not(new Changes(new Set()).concerns('a'))
})

test.run()
