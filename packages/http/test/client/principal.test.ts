/** For whom an HTTP connector speaks. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { httpConnector } from '../../src/client/connector.ts'

const test = suite('principal')
const URL = 'http://localhost/mcp'

test('C-CACHE-02: fixed headers speak for one principal; others for nobody that is known, unless their maker tells', () => {
  assert.is(httpConnector(URL).principal, undefined)
  assert.is(httpConnector(URL, { headers: { Authorization: 'Bearer a' } }).principal, undefined)
  assert.is(httpConnector(URL, { headers: () => ({}) }).principal?.(), undefined)
  assert.type(httpConnector(URL, { headers: () => ({}) }).principal, 'function')
  assert.is(httpConnector(URL, { headers: () => ({}), principal: () => 'ann' }).principal?.(), 'ann')
})

test.run()
