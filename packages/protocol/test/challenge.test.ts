/** Challenges that stay inside their quotes. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { challenge } from '../src/challenge.ts'

const test = suite('challenge')

test('a challenge names its scheme and those parameters that are there', () => {
  assert.is(challenge('Bearer'), 'Bearer')
  assert.is(challenge('Bearer', { realm: undefined }), 'Bearer')
  assert.is(challenge('Bearer', { realm: 'mcp', scope: 'a b', error: undefined }), 'Bearer realm="mcp", scope="a b"')
})

test('T27: nothing in a parameter leaves its quotes or its line', () => {
  const value = challenge('Bearer', { error_description: 'a"b\\c\r\nSet-Cookie: x\u0000ü' })
  assert.is(value, 'Bearer error_description="a\\"b\\\\c  Set-Cookie: x  "')
  assert.match(value, /^[\x20-\x7e]*$/)
})

test.run()
