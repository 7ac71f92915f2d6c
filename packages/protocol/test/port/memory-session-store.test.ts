/** The session store in memory: life of a record, and the bound on how many there are. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { fakeClock } from '../../src/port/fake-clock.ts'
import { memorySessionStore } from '../../src/port/memory-session-store.ts'
import type { SessionRecord } from '../../src/port/session-store.ts'

const test = suite('memory session store')

const record = (id: string): SessionRecord => ({
  id,
  owner: '',
  revision: '2025-11-25',
  info: { name: 'client', version: '1' },
  capabilities: {},
  initialized: false,
})

test('a record comes back equal and cannot be changed through what was given in or out', () => {
  const store = memorySessionStore()
  const given = { ...record('a'), values: { cart: ['tea'] } }
  store.set(given, 1000)
  given.values.cart.push('milk')
  const first = store.get('a')
  assert.equal(first?.values, { cart: ['tea'] })
  Object.assign(first?.values ?? {}, { cart: [] })
  assert.equal(store.get('a')?.values, { cart: ['tea'] })
})

test('a record lives for its time, counted anew by set and touch but not by get', () => {
  const clock = fakeClock()
  const store = memorySessionStore({ clock })
  for (const id of ['set', 'touched', 'read']) store.set(record(id), 100)
  clock.advance(60)
  store.set(record('set'), 100)
  store.touch('touched', 100)
  store.get('read')
  clock.advance(60)
  assert.ok(store.get('set'))
  assert.ok(store.get('touched'))
  assert.is(store.get('read'), undefined)
  clock.advance(40)
  assert.is(store.get('set'), undefined)
  store.touch('touched', 100)
  assert.is(store.get('touched'), undefined)
})

test('deleted and unknown ids give nothing', () => {
  const store = memorySessionStore()
  store.set(record('a'), 1000)
  store.delete('a')
  store.delete('a')
  store.touch('a', 1000)
  assert.is(store.get('a'), undefined)
})

test('the record unused for longest makes room for a new one', () => {
  const store = memorySessionStore({ maxSessions: 3 })
  for (const id of ['a', 'b', 'c']) store.set(record(id), 1000)
  store.touch('a', 1000)
  store.set(record('d'), 1000)
  assert.equal(
    ['a', 'b', 'c', 'd'].map(id => store.get(id) !== undefined),
    [true, false, true, true],
  )
})

test('T24: a flood of sessions holds no more memory than the bound', () => {
  const store = memorySessionStore({ maxSessions: 100 })
  for (let i = 0; i < 10_000; i++) store.set(record(`s${i}`), 60_000)
  const alive = Array.from({ length: 10_000 }, (_, i) => store.get(`s${i}`)).filter(Boolean)
  assert.is(alive.length, 100)
})

test.run()
