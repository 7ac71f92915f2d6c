/** The reference page is what the vocabulary says today. */
import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { page } from '../../scripts/print-revisions.ts'

const revisions = suite('reference page of revisions')

revisions('docs/reference/revisions.md is current; scripts/print-revisions.ts prints it anew', () => {
  assert.is(readFileSync(new URL('../../docs/reference/revisions.md', import.meta.url), 'utf8'), page())
})

revisions.run()
