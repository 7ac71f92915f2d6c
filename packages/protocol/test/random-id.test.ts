/** Ids: their shape, and that none comes twice. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { randomId } from '../src/random-id.ts'

const test = suite('random id')

test('an id is 32 hexadecimal digits, and no two are equal', () => {
  const ids = Array.from({ length: 10_000 }, () => randomId())
  assert.ok(ids.every(id => /^[0-9a-f]{32}$/.test(id)))
  assert.is(new Set(ids).size, ids.length)
})

test('every bit of an id varies', () => {
  let ones = 0n
  let zeros = 0n
  for (let i = 0; i < 200; i++) {
    const bits = BigInt(`0x${randomId()}`)
    ones |= bits
    zeros |= ~bits & ((1n << 128n) - 1n)
  }
  assert.is(ones & zeros, (1n << 128n) - 1n)
})

test.run()
