/** Every threat that concerns what exists has a test named after it, and the reference page lists them all. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { page, threatTests } from '../../scripts/print-threats.ts'
import { THREATS } from '../../scripts/threats.ts'
import { ROOT } from '../runner/place.ts'

const test = suite('reference page of threats')

const HERE = THREATS.filter(({ by }) => by !== 'waits')

const tests = threatTests()

/** What opens sockets or files, starts processes, or sets those up that do. */
const REAL =
  /node:(?:http|net|child_process|fs|sqlite)|served\.ts|wire\.ts|over-\w+\.ts|case\.ts|serving\.ts|stage\.ts|guarded\.ts|engines\.ts|doors\.ts|peer\.ts|\.listen\(|connectAll/

for (const { id } of HERE) {
  test(`${id} has a test against real sockets, files or processes`, () => {
    const own = tests.filter(each => each.id === id)
    assert.ok(
      own.some(({ file }) => REAL.test(readFileSync(join(ROOT, file), 'utf8'))),
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
