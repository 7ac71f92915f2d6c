/** Several authenticators as one: who is asked, and what comes of no credentials at all. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Anonymous, unauthenticated } from '../src/anonymous.ts'
import type { AuthVerdict } from '../src/authenticate.ts'
import { eitherOf } from '../src/either-of.ts'
import { Fault } from '../src/fault.ts'
import { bareHead } from '../src/head.ts'

const test = suite('either of')
const head = bareHead('http')

/** An authenticator of a scheme that always comes to the same, and who was asked. */
function asked(...verdicts: readonly AuthVerdict[]) {
  const order: number[] = []
  const authenticate = eitherOf(...verdicts.map((verdict, index) => () => (order.push(index), verdict)))
  return { order, verdict: authenticate(head) }
}

const by = (scheme: string): Anonymous => new Anonymous([{ scheme }])

test('the first that finds credentials decides, for or against, and those behind it are not asked', async () => {
  const ann = { id: 'ann' }
  const known = asked(by('A'), ann, new Fault('FORBIDDEN'))
  assert.is(await known.verdict, ann)
  assert.equal(known.order, [0, 1])
  const bad = new Fault('UNAUTHENTICATED')
  const refused = asked(bad, ann)
  assert.is(await refused.verdict, bad)
  assert.equal(refused.order, [0])
})

test('none at all is anonymous where all let that pass, with the challenges of all in order', async () => {
  const verdict = await asked(by('A'), by('B')).verdict
  assert.ok(Anonymous.is(verdict))
  assert.equal(verdict.challenges, [{ scheme: 'A' }, { scheme: 'B' }])
})

test('one that insists is enough to refuse, wherever it stands; together they can stand in others', async () => {
  for (const verdicts of [
    [unauthenticated(by('A')), by('B')],
    [by('A'), unauthenticated(by('B'))],
  ]) {
    const { order, verdict } = asked(...verdicts)
    const fault = await verdict
    assert.ok(Fault.is(fault) && fault.fault === 'UNAUTHENTICATED')
    assert.is(fault.headers?.['WWW-Authenticate'], 'A, B')
    assert.equal(order, [0, 1])
    const outer = await eitherOf(
      () => fault,
      () => ({ id: 'ann' }),
    )(head)
    assert.equal(outer, { id: 'ann' })
  }
})

test('what an authenticator throws is not swallowed', async () => {
  const failing = eitherOf(
    () => by('A'),
    () => Promise.reject(new Error('key server down')),
  )
  const cause: unknown = await Promise.resolve(failing(head)).catch((error: unknown) => error)
  assert.match(String(cause), 'key server down')
})

test('anonymous needs a challenge, and is told from other values of any copy of the package', () => {
  assert.throws(() => new Anonymous([]), 'at least one challenge')
  assert.equal(new Anonymous().challenges, [{ scheme: 'Bearer' }])
  for (const value of [undefined, null, 'x', {}, { challenges: [] }, new Fault('FORBIDDEN')]) assert.not(Anonymous.is(value))
})

test.run()
