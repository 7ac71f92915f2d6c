import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Quota } from '../src/quota.ts'

const test = suite('quota')

test('row 17: one caller cannot take more than its share, however much there is in all', () => {
  const quota = new Quota(2, 100)
  assert.ok(quota.take('a'))
  assert.ok(quota.take('a'))
  assert.not(quota.take('a'))
  assert.ok(quota.take('b'))
})

test('all callers together cannot take more than there is', () => {
  const quota = new Quota(2, 3)
  assert.ok(quota.take('a', 2))
  assert.not(quota.take('b', 2), 'all or nothing')
  assert.ok(quota.take('b', 1))
  assert.not(quota.take('c'))
})

test('what is given back can be taken again', () => {
  const quota = new Quota(1, 1)
  assert.ok(quota.take('a'))
  quota.give('a')
  assert.ok(quota.take('b'))
  quota.give('b')
  assert.ok(quota.take('a'))
})

test('nothing can be taken by anybody', () => {
  const quota = new Quota(0, 0)
  assert.ok(quota.take('a', 0))
  quota.give('a', 0)
  assert.not(quota.take('a'))
})

test.run()
