/** The reference page of errors is what the table says today. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { FAULTS } from '@oarlock/protocol'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { page } from '../../scripts/print-errors.ts'
import { ROOT } from '../runner/place.ts'

const test = suite('reference page of errors')

const path = join(ROOT, 'docs/reference/errors.md')
if (process.env['OARLOCK_UPDATE'] !== undefined) writeFileSync(path, page())
const written = readFileSync(path, 'utf8')

test('docs/reference/errors.md is current; OARLOCK_UPDATE=1 writes it anew', () => {
  assert.is(written, page())
})

for (const name of Object.keys(FAULTS)) {
  test(`${name} is documented: its numbers, its text, when it happens and what to do`, () => {
    const [, section = ''] = written.split(`\n## ${name}\n`)
    assert.match(
      section,
      /^\n\| revisions \| number \| HTTP status \|\n\|---\|---\|---\|\n(\|.+\|\n)+\n\*\*Says:\*\* .+\n\n\*\*When:\*\* .+\.\n\n\*\*What to do:\*\* .+\.\n/,
    )
  })
}

test.run()
