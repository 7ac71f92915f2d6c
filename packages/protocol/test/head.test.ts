/** What is known before the first message. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { bareHead } from '../src/index.ts'

const test = suite('head')

test('a transport that knows nothing but itself says so: no headers, and nobody', () => {
  assert.equal(bareHead('stdio'), { transport: 'stdio' })
  const { headers, principal, remote, session } = bareHead('memory')
  assert.equal([headers, principal, remote, session], [undefined, undefined, undefined, undefined])
})

test('heads share nothing', () => {
  assert.is.not(bareHead('memory'), bareHead('memory'))
})

test.run()
