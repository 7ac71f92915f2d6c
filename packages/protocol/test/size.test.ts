/** The depth guard, held against what JSON.parse reads. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { depthWithin, TooLarge } from '../src/size.ts'
import { Random } from './random.ts'

const test = suite('size')

const nest = (depth: number, inner = '1'): string => '['.repeat(depth) + inner + ']'.repeat(depth)

test('nesting up to the limit passes, one more does not', () => {
  assert.ok(depthWithin(nest(64), 64))
  assert.not.ok(depthWithin(nest(65), 64))
  assert.ok(depthWithin('{"a":'.repeat(64) + '1' + '}'.repeat(64), 64))
  assert.not.ok(depthWithin('{"a":'.repeat(65) + '1' + '}'.repeat(65), 64))
})

test('breadth is not depth', () => {
  assert.ok(depthWithin(`[${Array.from({ length: 10_000 }, () => '[{}]').join()}]`, 3))
  assert.not.ok(depthWithin(`[${Array.from({ length: 10_000 }, () => '[{}]').join()}]`, 2))
})

test('brackets and quotes inside strings do not count', () => {
  const inner = [
    '[[[[',
    '{'.repeat(200),
    '\\"[[[[',
    '\\\\',
    '\\\\\\"{{{{',
    `${'x'.repeat(100)}\\"[[[[`,
    `${'y'.repeat(100)}\\\\`,
    '\\u005b[[[',
  ]
  for (const text of inner) {
    assert.ok(depthWithin(`[["${text}"],["${text}"],[[]]]`, 3), text)
    assert.not.ok(depthWithin(`[["${text}"],["${text}"],[[[]]]]`, 3), text)
  }
})

test('row 4, T23: nesting of 500,000 is refused', () => {
  assert.not.ok(depthWithin('['.repeat(500_000), 64))
  assert.not.ok(depthWithin('{"a":'.repeat(500_000), 64))
  assert.not.ok(depthWithin(`{"jsonrpc":"2.0","params":{"x":"${'y'.repeat(1000)}","z":${nest(500_000)}}}`, 64))
})

test('text that is no JSON gets an answer too', () => {
  for (const text of ['', ']]]][[[[', '"', '"\\', `"${'x'.repeat(100)}`, `"${'x'.repeat(100)}\\`, '"\\"', '[[[["'])
    assert.ok(depthWithin(text, 4))
})

test('it agrees with the depth of what JSON.parse reads', () => {
  const random = new Random(11)
  const make = (left: number): unknown => {
    const kind = left === 0 ? 0 : random.below(4)
    if (kind === 0) return random.text(['a', '"', '\\', '[', '{', ']', '}', 'é', '\n'], 0, 40)
    if (kind === 1) return random.below(1000)
    const items = Array.from({ length: random.below(4) }, () => make(left - 1))
    return kind === 2 ? items : Object.fromEntries(items.map(item => [random.text(['k', '"', '{', '\\'], 0, 3), item]))
  }
  const depthOf = (value: unknown): number =>
    typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0
  for (let i = 0; i < 3000; i++) {
    const value = make(7)
    const text = JSON.stringify(value, null, random.below(2))
    const depth = depthOf(value)
    assert.ok(depthWithin(text, depth), text)
    if (depth > 0) assert.not.ok(depthWithin(text, depth - 1), text)
  }
})

test('an error about size is known by its brand', () => {
  const error = new TooLarge('too much', 5)
  assert.ok(TooLarge.is(error))
  assert.not.ok(TooLarge.is(new Error('too much')))
  assert.is(error.code, 'TOO_LARGE')
  assert.is(error.limit, 5)
})

test.run()
