import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { nearest } from '@oarlock/kernel'

const test = suite('nearest')
const NAMES = ['resize_image', 'rotate_image', 'add']

test('a slip of the hand finds the name that was meant', () => {
  assert.is(nearest('resize_imge', NAMES), " Did you mean 'resize_image'?")
  assert.is(nearest('RESIZE_IMAGE', NAMES), " Did you mean 'resize_image'?")
  assert.is(nearest('ad', NAMES), " Did you mean 'add'?")
})

test('a name that is near to none suggests none', () => {
  assert.is(nearest('weather', NAMES), '')
  assert.is(nearest('x', []), '')
})

test('a long name costs nothing', () => {
  assert.is(nearest('a'.repeat(10_000), ['a'.repeat(9_999)]), '')
})

test.run()
