/** What is under way, by id: a Map in all that can be seen of it. */
import * as fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Underway } from '@oarlock/protocol'

const test = suite('underway')

const KEY = fc.constantFrom<string | number>(1, '1', 2, 'two', 0, '')
const STEP = fc.oneof(fc.record({ key: KEY, value: fc.integer() }), fc.record({ key: KEY }))

test('whatever comes and goes, it holds what a Map would', () => {
  fc.assert(
    fc.property(fc.array(STEP, { maxLength: 40 }), steps => {
      const underway = new Underway<string | number, { readonly value: number }>()
      const map = new Map<string | number, { readonly value: number }>()
      for (const step of steps) {
        if ('value' in step) {
          const value = { value: step.value }
          underway.set(step.key, value)
          map.set(step.key, value)
        } else {
          underway.delete(step.key)
          map.delete(step.key)
        }
        assert.is(underway.size, map.size)
        for (const key of [1, '1', 2, 'two', 0, '']) assert.is(underway.get(key), map.get(key))
        assert.equal(new Set(underway.values()), new Set(map.values()))
      }
    }),
  )
})

test('what ends while all are looked at is not seen any more', () => {
  const underway = new Underway<number, { readonly id: number }>()
  for (const id of [1, 2, 3, 4]) underway.set(id, { id })
  const seen: number[] = []
  for (const { id } of underway.values()) {
    seen.push(id)
    underway.delete(3)
  }
  assert.equal(seen, [1, 2, 4])
})

test.run()
