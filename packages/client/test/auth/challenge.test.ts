/** Reading WWW-Authenticate (C-AUTH-01). */

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { challengesOf, demandOf } from '../../src/auth/challenge.ts'

const test = suite('auth challenge')

const plain = (value: string): unknown => challengesOf(value).map(({ scheme, params }) => [scheme, Object.fromEntries(params)])

test('C-AUTH-01: several challenges, quoted and unquoted parameters, commas and quotes inside quotes', () => {
  assert.equal(plain('Basic realm="a, b=c", Bearer scope="read write", resource_metadata=https://x.example/y , error="say \\"no\\""'), [
    ['basic', { realm: 'a, b=c' }],
    ['bearer', { scope: 'read write', resource_metadata: 'https://x.example/y', error: 'say "no"' }],
  ])
})

test('a bare scheme, a token of 68, and names in any case', () => {
  assert.equal(plain('Negotiate YWJj==, BEARER'), [
    ['negotiate', {}],
    ['bearer', {}],
  ])
  assert.equal(plain('bearer SCOPE = "a"'), [['bearer', { scope: 'a' }]])
})

test('of a parameter that is named twice the first counts', () => {
  assert.equal(plain('Bearer scope="a", scope="b"'), [['bearer', { scope: 'a' }]])
})

test('parameters of other schemes are not taken for ours', () => {
  assert.is(demandOf('Digest resource_metadata="https://evil.example"', 'bearer').resourceMetadata, undefined)
  assert.is(demandOf('Bearer scope="a", DPoP scope="b"', 'dpop').scope, 'b')
})

test('what nobody can read is nothing, and takes no time', () => {
  for (const value of ['', ',', '=', '"', 'Bearer scope="open', `Bearer ${'a,'.repeat(8000)}`, '"\\'.repeat(8000)]) {
    const started = performance.now()
    assert.is(demandOf(value, 'bearer').scope, undefined)
    assert.ok(performance.now() - started < 200)
  }
  assert.equal(challengesOf(undefined), [])
})

test.run()
