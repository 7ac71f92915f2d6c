/** The table of faults: what holds for every row, and the class that carries a name. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Fault, FAULTS, numbersOf, REVISIONS, SESSION_REVISIONS, type FaultName } from '../src/index.ts'

const test = suite('fault')

const NAMES = Object.keys(FAULTS) as FaultName[]

test('every name has an integer for a number and a status of HTTP, in every revision, and a text', () => {
  for (const name of NAMES) {
    assert.match(name, /^[A-Z]+(_[A-Z]+)*$/)
    assert.match(FAULTS[name].message, /^[A-Z].{8,}[^.]$/)
    for (const revision of REVISIONS) {
      const { code, status } = numbersOf(name, revision)
      assert.ok(Number.isInteger(code), name)
      assert.ok(status === 200 || (status >= 400 && status < 600), name)
    }
  }
})

test('S-MSG-15, S-MSG-16: of the range that is reserved to the specification, 2026-07-28 has three numbers, each for one name', () => {
  const reserved = NAMES.filter(name => numbersOf(name, '2026-07-28').code <= -32002 && numbersOf(name, '2026-07-28').code >= -32099)
  assert.equal(
    reserved.map(name => [name, numbersOf(name, '2026-07-28').code]),
    [
      ['HEADER_MISMATCH', -32020],
      ['MISSING_CAPABILITY', -32021],
      ['UNSUPPORTED_VERSION', -32022],
    ],
  )
})

test('the numbers of older revisions stay with them', () => {
  for (const revision of SESSION_REVISIONS) {
    assert.is(numbersOf('RESOURCE_NOT_FOUND', revision).code, -32002)
    assert.equal(numbersOf('METHOD_NOT_FOUND', revision), { code: -32601, status: 200 })
    assert.is(numbersOf('URL_ELICITATION_REQUIRED', revision).code, revision === '2025-11-25' ? -32042 : -32603)
    assert.is(numbersOf('MISSING_CAPABILITY', revision).code, -32602)
  }
})

test('S-MSG-17: numbers of our own lie outside every reserved range', () => {
  const known = new Set([-32700, -32600, -32601, -32602, -32603, -32020, -32021, -32022, -32042, -32002])
  for (const name of NAMES) {
    for (const revision of REVISIONS) {
      const { code } = numbersOf(name, revision)
      const field = code === -32000 || code === -32001
      assert.ok(known.has(code) || field || code > 0, `${name} ${code}`)
    }
  }
})

test('without a revision the newest counts', () => {
  for (const name of NAMES) assert.equal(numbersOf(name), numbersOf(name, '2026-07-28'))
})

test('a fault is an error with its name, the text of its row or one of its own, and what the peer may know', () => {
  const bare = new Fault('TOOL_NOT_FOUND')
  assert.ok(bare instanceof Error)
  assert.equal(
    [bare.name, bare.fault, bare.message, bare.data, bare.headers],
    ['Fault', 'TOOL_NOT_FOUND', 'Unknown tool', undefined, undefined],
  )
  assert.not('cause' in bare)
  const cause = new Error('why')
  const full = new Fault('RATE_LIMITED', 'Later', { data: { seconds: 3 }, headers: { 'Retry-After': '3' }, cause })
  assert.equal([full.message, full.data, full.headers], ['Later', { seconds: 3 }, { 'Retry-After': '3' }])
  assert.is(full.cause, cause)
})

test('row 16: the cause is no part of what is written of a fault', () => {
  const fault = new Fault('INTERNAL_ERROR', undefined, { cause: new Error('secret') })
  assert.not.match(JSON.stringify(fault), /secret/)
})

test('a fault of another copy of this package is known by its brand; what merely looks like one is not', () => {
  const foreign = Object.defineProperty(new Error('x'), Symbol.for('oarlock.fault'), { value: true })
  assert.ok(Fault.is(foreign))
  assert.ok(Fault.is(new Fault('INTERNAL_ERROR')))
  for (const value of [undefined, null, 'x', {}, { fault: 'INTERNAL_ERROR', name: 'Fault' }, new Error('x'), Fault])
    assert.not(Fault.is(value))
})

test.run()
