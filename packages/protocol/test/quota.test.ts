import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { callerOf, Quota } from '../src/quota.ts'

const test = suite('quota')

const challenges = [{ scheme: 'Bearer' }]
const known = (id: string): string => callerOf({ principal: { id } })
const nobody = (remote?: string): string => callerOf({ challenges, remote })

test('row 17: one caller cannot take more than its share, however much there is in all', () => {
  const quota = new Quota({ each: 2, all: 100 })
  assert.ok(quota.take(known('a')))
  assert.ok(quota.take(known('a')))
  assert.is(quota.lack(known('a')), 'each')
  assert.not(quota.take(known('a')))
  assert.ok(quota.take(known('b')))
})

test('a bound that is no number is refused by its name', () => {
  for (const [bounds, name, what] of [
    [{ all: Number.NaN, each: 1 }, 'all', 'NaN'],
    [{ all: 1, each: '5' }, 'each', '"5"'],
    [{ all: 1, each: 1, address: -1 }, 'address', '-1'],
    [{ all: 1, each: 1, anonymous: null }, 'anonymous', 'null'],
  ] as const)
    assert.throws(
      () => new Quota(bounds as never),
      (error: unknown) =>
        error instanceof TypeError &&
        error.message === `quota.${name} must be a number that is not negative, or Infinity for no bound. It is ${what}`,
    )
  assert.ok(new Quota({ all: Infinity, each: Infinity }).take(known('a'), 1e9))
})

test('all callers together cannot take more than there is', () => {
  const quota = new Quota({ each: 2, all: 3 })
  assert.ok(quota.take(known('a'), 2))
  assert.not(quota.take(known('b'), 2), 'all or nothing')
  assert.ok(quota.take(known('b'), 1))
  assert.is(quota.lack(known('c')), 'all')
  assert.not(quota.take(known('c')))
})

test('what is given back can be taken again', () => {
  const quota = new Quota({ each: 1, all: 1 })
  for (const caller of [known('a'), known('b'), nobody(), nobody(), known('a')]) {
    assert.ok(quota.take(caller))
    quota.give(caller)
  }
})

test('nothing can be taken by anybody', () => {
  const quota = new Quota({ each: 0, all: 0 })
  assert.ok(quota.take(known('a'), 0))
  quota.give(known('a'), 0)
  assert.not(quota.take(known('a')))
})

test('row 17: anonymous callers share one half, whatever their addresses, and leave the other to those who say who they are', () => {
  const quota = new Quota({ each: 3, all: 5 })
  for (const remote of ['10.0.0.1', '10.0.0.2', undefined]) assert.ok(quota.take(nobody(remote)))
  assert.is(quota.lack(nobody('10.0.0.3')), 'anonymous')
  assert.ok(quota.take(known('a'), 2))
  assert.is(quota.lack(nobody('10.0.0.1')), 'all')
  quota.give(known('a'), 2)
  quota.give(nobody('10.0.0.2'))
  assert.ok(quota.take(nobody('10.0.0.3')))
  assert.not(quota.take(nobody('10.0.0.4')))
})

test('where nobody is asked who comes there is nobody to leave room for: addresses are bounded, not their sum', () => {
  const quota = new Quota({ each: 3, all: 4, address: 2 })
  assert.ok(quota.take(callerOf({ remote: '10.0.0.1' }), 2))
  assert.is(quota.lack(callerOf({ remote: '10.0.0.1' })), 'each')
  assert.ok(quota.take(callerOf({ remote: '10.0.0.2' }), 2))
})

test('no principal has the key of an address, whatever it is called', () => {
  for (const id of ['?', '@', '?10.0.0.1', '']) assert.is(known(id)[0], '[')
})

test.run()
