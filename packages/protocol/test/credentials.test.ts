import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { holdsSeveral } from '../src/credentials.ts'

const test = suite('credentials')

test('a scheme behind a comma is another credential', () => {
  for (const several of [
    'Basic x, Bearer y',
    'Basic dXNlcg==,Bearer y',
    'Bearer a, Bearer b',
    'Bearer a, Basic',
    'Basic x, , Bearer y',
    'Digest username="ann", realm="a, b", Bearer y',
    'Digest username="a\\", Bearer y',
    'Basic "x, Bearer y',
    'Basic "\\", Bearer y',
  ])
    assert.ok(holdsSeveral(several), several)
})

test('parameters of one scheme are one credential, whatever they quote', () => {
  for (const one of [
    '',
    'Bearer a.b-c~d+e/f==',
    'Bearer a,',
    'Digest username="ann, Bearer y", qop=auth , nc = 00000001,response="x"',
    'Digest username="a \\"quoted\\", Bearer y", qop=auth',
    'AWS4-HMAC-SHA256 Credential=AKID/20201121/eu/s3/aws4_request, SignedHeaders=host;x-date, Signature=fe5f',
  ])
    assert.not(holdsSeveral(one), one)
})

test('row 3: a head full of quotes, commas and blanks is looked at in one pass', () => {
  for (const part of ['"\\', '\\"', '"', ',', ' ,', ',a', ', "', 'a ', ',\t=']) {
    const text = `Basic ${part.repeat(200_000)},`
    const began = performance.now()
    holdsSeveral(text)
    assert.ok(performance.now() - began < 500, JSON.stringify(part))
  }
})

test.run()
