import { fromBase64, fromBase64Url, toBase64, toBase64Url } from '@oarlock/protocol'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const test = suite('bytes')

const bytesOf = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => (index * 151 + length) % 256)

test('bytes of every length come back, in both spellings, as Node writes them', () => {
  for (const length of [0, 1, 2, 3, 4, 255, 256, 8191, 8192, 8193, 100_000]) {
    const bytes = bytesOf(length)
    assert.is(toBase64(bytes), Buffer.from(bytes).toString('base64'))
    assert.is(toBase64Url(bytes), Buffer.from(bytes).toString('base64url'))
    assert.equal(fromBase64(toBase64(bytes)), bytes)
    assert.equal(fromBase64Url(toBase64Url(bytes)), bytes)
  }
})

test('only one spelling of the same bytes is read', () => {
  for (const text of ['AQ', 'AQ=', 'A Q==', 'AR==', 'AQ==\n', 'A', '=', 'A===', 'é===', '-w=='])
    assert.is(fromBase64(text), undefined, text)
  for (const text of ['AQ==', 'AR', 'A', 'A Q', '+w', '/w', 'AQ\n', 'AAAAA']) assert.is(fromBase64Url(text), undefined, text)
  assert.equal(fromBase64Url('-w'), Uint8Array.of(251))
})

test.run()
