import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { copyOf } from '../src/copy.ts'

const test = suite('copy')

test('JSON is copied all the way down', () => {
  const value = { a: [1, { b: 'c' }, [null, true]], d: {}, e: undefined }
  const copy = copyOf(value) as typeof value
  assert.equal(copy, value)
  ;(copy.a[1] as { b: string }).b = 'changed'
  copy.a.push(5)
  assert.equal(value.a, [1, { b: 'c' }, [null, true]])
  for (const plain of ['text', 5, null, undefined, true]) assert.is(copyOf(plain), plain)
})

test('row 15: a member named __proto__ is copied as a member', () => {
  const value: unknown = JSON.parse('{"__proto__":{"x":{"y":1}},"constructor":{"z":2}}')
  const copy = copyOf(value) as object
  assert.is(JSON.stringify(copy), JSON.stringify(value))
  assert.is(Object.getPrototypeOf(copy), Object.prototype)
  assert.is(({} as { x?: unknown }).x, undefined)
  const bare = Object.assign(Object.create(null) as object, { a: { b: 1 } })
  assert.is(Object.getPrototypeOf(copyOf(bare)), null)
})

test('what is no JSON is shared: dates, instances, what leads back to itself', () => {
  class Point {}
  const value = { date: new Date(0), point: new Point(), made: () => 1 }
  const copy = copyOf(value) as typeof value
  assert.is.not(copy, value)
  for (const key of ['date', 'point', 'made'] as const) assert.is(copy[key], value[key])
  const circle: { self?: unknown } = {}
  circle.self = [circle]
  assert.is(copyOf(circle), circle)
})

test.run()
