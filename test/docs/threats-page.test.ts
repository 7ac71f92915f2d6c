/** Every threat that concerns what exists has a test named after it, and the reference page lists them all. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { page, threatTests } from '../../scripts/print-threats.ts'
import { THREATS } from '../../scripts/threats.ts'
import { ROOT } from '../runner/place.ts'

const test = suite('reference page of threats')

/** Those that concern protocol, kernel, decorators, transports and the client. The others come with what they threaten. */
const span = (kind: string, from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => `${kind}${from + n}`)
const HERE = [...span('row ', 1, 7), ...span('row ', 15, 20), ...span('T', 1, 11), ...span('T', 22, 29), ...span('T', 34, 37)]

const tests = threatTests()

for (const id of HERE) {
  test(`${id} has a test against a running server`, () => {
    const own = tests.filter(each => each.id === id)
    assert.ok(
      own.some(({ file }) => file.startsWith('test/')),
      `only in ${own.map(({ file }) => file).join(', ')}`,
    )
  })
}

test('no id is used that is no threat', () => {
  const known = new Set(THREATS.map(({ id }) => id))
  assert.is(known.size, THREATS.length)
  for (const { id, file, name } of tests) assert.ok(known.has(id), `${id} in ${file}: ${name}`)
})

test('docs/reference/threats.md is current; OARLOCK_UPDATE=1 writes it anew', () => {
  const path = join(ROOT, 'docs/reference/threats.md')
  if (process.env['OARLOCK_UPDATE'] !== undefined) writeFileSync(path, page())
  else assert.ok(readFileSync(path, 'utf8') === page(), 'run OARLOCK_UPDATE=1 node test/runner/run.ts docs/threats')
})

test.run()
