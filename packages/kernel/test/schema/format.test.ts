/** Formats of strings: asserted by default, left alone on request. */

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { compileSchema } from '../../src/schema/compile.ts'

const test = suite('formats')

const SAMPLES: Readonly<Record<string, readonly [good: readonly string[], bad: readonly string[]]>> = {
  date: [
    ['2026-07-28', '2024-02-29'],
    ['2026-02-29', '28.07.2026', '2026-7-28', 'tomorrow'],
  ],
  time: [
    ['09:30:00Z', '23:59:60Z', '09:30:00.5+02:00'],
    ['09:30', '25:00:00Z'],
  ],
  'date-time': [
    ['2026-07-28T09:30:00Z', '2026-07-28t09:30:00.123-05:30'],
    ['2026-07-28', '2026-07-28 09:30:00Z', '2026-13-01T00:00:00Z'],
  ],
  duration: [
    ['PT1H30M', 'P3Y6M4DT12H30M5S', 'P2W'],
    ['1h', 'P', 'PT'],
  ],
  email: [
    ['ada@example.org', 'a.b+c@sub.example.org'],
    ['ada', 'ada@', '@example.org', 'a b@example.org'],
  ],
  hostname: [
    ['example.org', 'localhost'],
    ['-bad.example', 'a..b', 'under_score.example'],
  ],
  ipv4: [['127.0.0.1'], ['127.0.0', '256.0.0.1', '01.2.3.4']],
  ipv6: [
    ['::1', '2001:db8::ff00:42:8329'],
    ['12345::', ':::'],
  ],
  uri: [
    ['https://example.org/a?b#c', 'urn:isbn:0451450523'],
    ['/relative', 'http://[bad', 'not a uri'],
  ],
  'uri-reference': [
    ['/relative?x=1', '#frag', 'https://example.org'],
    ['\\bad', 'a b'],
  ],
  uuid: [['6f1c2b7e-0b6f-4c1b-9a39-2d5c1f1f2a90'], ['6f1c2b7e0b6f4c1b9a392d5c1f1f2a90', 'nope']],
  regex: [['^a+$'], ['a(']],
  'json-pointer': [['/a/0', ''], ['a/0']],
}

for (const [format, [good, bad]] of Object.entries(SAMPLES)) {
  test(`${format} is asserted unless formats are off`, async () => {
    const schema = { type: 'object', properties: { x: { type: 'string', format } } }
    const strict = compileSchema(schema)
    const lenient = compileSchema(schema, { formats: false })
    for (const x of good) assert.ok((await strict.check({ x })).ok, x)
    for (const x of bad) {
      const checked = await strict.check({ x })
      assert.match(checked.ok ? x : (checked.issues[0]?.message ?? ''), new RegExp(`^expected a string in ${format} format`))
      assert.ok((await lenient.check({ x })).ok, x)
    }
  })
}

test('a format nobody knows is an annotation', async () => {
  assert.ok((await compileSchema({ type: 'object', properties: { x: { type: 'string', format: 'phone' } } }).check({ x: '?' })).ok)
})

test('without formats, members and values that are called format stay', async () => {
  const schema = { type: 'object', properties: { format: { enum: ['pdf'] }, x: { const: { format: 'pdf' } } }, required: ['format'] }
  const compiled = compileSchema(schema, { formats: false })
  assert.ok((await compiled.check({ format: 'pdf', x: { format: 'pdf' } })).ok)
  assert.not.ok((await compiled.check({ format: 'doc' })).ok)
  assert.not.ok((await compiled.check({ format: 'pdf', x: {} })).ok)
  assert.equal(schema.properties.format, { enum: ['pdf'] })
})

test.run()
