/** What the registry says of known vulnerabilities is read rightly: no answer is never taken for a good one. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { verdictOf } from '../../scripts/audit.ts'

const test = suite('audit')

const report = (high: number, advisories = {}) =>
  JSON.stringify({ advisories, metadata: { vulnerabilities: { info: 0, low: 0, high }, dependencies: 20 } })

test('a report that counts none is clean', () => {
  assert.equal(verdictOf(report(0)), { kind: 'clean' })
  assert.equal(verdictOf(`a warning\n${report(0)}`), { kind: 'clean' })
})

test('a report that counts any is not, described or not', () => {
  const advisory = { module_name: 'x', severity: 'high', title: 'runs code', url: 'https://example.com/1' }
  assert.equal(verdictOf(report(1, { 1: advisory })), { kind: 'vulnerable', found: ['high x: runs code https://example.com/1'] })
  assert.equal(verdictOf(report(2)), { kind: 'vulnerable', found: ['2 that are not described'] })
})

test('anything else is no answer', () => {
  const refused = 'Error: ERR_PNPM_AUDIT_BAD_RESPONSE\n  × The audit endpoint (at https://registry.example/-/npm/v1) responded with 405:'
  assert.equal(verdictOf(refused), { kind: 'unanswered', why: 'it answers 405' })
  assert.equal(verdictOf('{"error":{"code":"E404"}}\nnpm warn audit 404 Not Found'), { kind: 'unanswered', why: 'it answers 404' })
  for (const output of ['', '{}', '{"metadata":{}}', '{"metadata":{"vulnerabilities":{}}}', 'null', 'getaddrinfo ENOTFOUND'])
    assert.equal(verdictOf(output), { kind: 'unanswered', why: 'it could not be reached' }, output)
})

test.run()
