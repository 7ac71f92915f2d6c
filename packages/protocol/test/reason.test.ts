/** Why there is no connection, in words. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { reasonOf } from '../src/reason.ts'

const test = suite('reason')

const coded = (code: string, message = '', cause?: unknown): Error => Object.assign(new Error(message, { cause }), { code })

test('what the platform calls by a code is said in words, however deep it is', () => {
  assert.is(reasonOf(coded('ECONNREFUSED')), 'ECONNREFUSED (nothing listens there)')
  assert.is(reasonOf(new TypeError('fetch failed', { cause: coded('ENOTFOUND', 'getaddrinfo') })), 'ENOTFOUND (there is no such host)')
  assert.is(reasonOf(new Error('bad port')), 'the platform speaks no HTTP on this port')
})

test('what has no words is said as it is', () => {
  assert.is(reasonOf(coded('ESTRANGE', 'odd')), 'ESTRANGE (odd)')
  assert.is(reasonOf(coded('ESTRANGE')), 'ESTRANGE')
  assert.is(reasonOf(new Error(' odd ')), 'odd')
  assert.is(reasonOf('odd'), 'odd')
})

test('errors that are the cause of each other come to an end', () => {
  const error = new Error('round')
  error.cause = error
  assert.is(reasonOf(error), 'round')
})

test('a server without TLS is named, by whichever layer noticed', () => {
  const told = 'ERR_SSL_WRONG_VERSION_NUMBER (it does not speak TLS; is it http:// or ws://?)'
  assert.is(reasonOf(coded('EPROTO', 'write EPROTO 4:error:0A00010B:SSL routines:x:wrong version number:y')), told)
  assert.is(reasonOf(coded('ERR_SSL_WRONG_VERSION_NUMBER', 'x')), told)
})

test.run()
