/** The few questions asked about parsed JSON everywhere. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { excerpt, isObject } from '../src/index.ts'

const test = suite('json')

test('an object is neither null nor an array', () => {
  for (const value of [{}, { a: 1 }, Object.create(null)]) assert.ok(isObject(value))
  for (const value of [null, undefined, [], [{}], 'x', 1, true, () => {}]) assert.not(isObject(value), typeof value)
})

test('T35: what a peer wrote is repeated up to a hundred characters', () => {
  assert.is(excerpt('short'), 'short')
  assert.is(excerpt('x'.repeat(100)), 'x'.repeat(100))
  assert.is(excerpt('x'.repeat(101)), `${'x'.repeat(100)}…`)
  assert.is(excerpt('x'.repeat(4_000_000)).length, 101)
  assert.is(excerpt('abcdef', 3), 'abc…')
})

test('what is repeated never holds half a character: strict parsers refuse the whole message for it', () => {
  assert.is(excerpt(`${'x'.repeat(99)}🦀`), `${'x'.repeat(99)}\ufffd…`)
  assert.is(excerpt('🦀'.repeat(50)), '🦀'.repeat(50))
  assert.is(excerpt('a\ud800b'), 'a\ufffdb')
  assert.not.match(JSON.stringify(excerpt(`\udc00${'x'.repeat(98)}🦀`)), /\\ud/)
})

test.run()
