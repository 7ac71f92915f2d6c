/** Every requirement of a client has a test that names it, and the page that lists them is current. */
import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { missing, page } from '../../scripts/print-client-requirements.ts'

const test = suite('client-requirements')

test('every requirement has a test, or a reason why not', () => {
  // Authorization is held by tests of its own package folder.
  assert.equal(
    missing().filter(id => !id.startsWith('C-AUTH-')),
    [],
  )
})

test('docs/reference/client-requirements.md is current; scripts/print-client-requirements.ts prints it anew', () => {
  assert.is(readFileSync(new URL('../../docs/reference/client-requirements.md', import.meta.url), 'utf8'), page())
})

test.run()
