import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { nearest } from '@oarlock/protocol'

const test = suite('nearest')
const NAMES = ['resize_image', 'rotate_image', 'add']

test('a slip of the hand finds the name that was meant', () => {
  assert.is(nearest('resize_imge', NAMES), " Did you mean 'resize_image'?")
  assert.is(nearest('RESIZE_IMAGE', NAMES), " Did you mean 'resize_image'?")
  assert.is(nearest('addd', NAMES), " Did you mean 'add'?")
  assert.is(nearest('--htpp', ['--host', '--http']), " Did you mean '--http'?")
})

test('a name that is near to none suggests none', () => {
  assert.is(nearest('weather', NAMES), '')
  assert.is(nearest('x', []), '')
})

test('a name is not near because it is short, nor because it rhymes: a model may act on what is suggested', () => {
  assert.is(nearest('nope', ['wipe']), '')
  assert.is(nearest('lend', ['send']), '')
  assert.is(nearest('--port', ['--host', '--http']), '')
  assert.is(nearest('ad', NAMES), '')
  assert.is(nearest('b', ['a', 'c']), '')
  assert.is(nearest('besize_image', NAMES), " Did you mean 'resize_image'?")
})

test('a long name costs nothing', () => {
  assert.is(nearest('a'.repeat(10_000), ['a'.repeat(9_999)]), '')
})

test.run()
