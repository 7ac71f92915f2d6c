/** The switch that ends a piece of work. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Cancellation } from '../src/index.ts'

const test = suite('cancellation')

test('nothing happens until it is told to', () => {
  const work = new Cancellation()
  assert.not(work.cancelled)
  assert.is(work.reason, undefined)
  assert.not(work.signal.aborted)
})

test('cancelling aborts the signal with the reason, whether it was asked for before or after', () => {
  const reason = new Error('gone')
  const before = new Cancellation()
  const { signal } = before
  before.cancel(reason)
  const after = new Cancellation()
  after.cancel(reason)
  for (const each of [signal, after.signal]) {
    assert.ok(each.aborted)
    assert.is(each.reason, reason)
  }
  assert.ok(before.cancelled)
  assert.is(before.reason, reason)
})

test('the signal is one object', () => {
  const work = new Cancellation()
  const { signal } = work
  work.cancel(1)
  assert.is(work.signal, signal)
})

test('listeners are told once, in order; who comes late is told at once', () => {
  const work = new Cancellation()
  const told: string[] = []
  work.onCancel(() => told.push('first'))
  work.onCancel(() => told.push('second'))
  work.cancel('a')
  work.cancel('b')
  work.onCancel(() => told.push(`late: ${String(work.reason)}`))
  assert.equal(told, ['first', 'second', 'late: a'])
})

test('a listener sees the work cancelled, and its signal aborted', () => {
  const work = new Cancellation()
  const { signal } = work
  let seen: unknown
  work.onCancel(() => (seen = [work.cancelled, signal.aborted]))
  work.cancel('x')
  assert.equal(seen, [true, true])
})

test('expiring aborts the signal and cancels nothing: the answer is still wanted', () => {
  const work = new Cancellation()
  const { signal } = work
  let told = 0
  work.onCancel(() => (told += 1))
  work.expire('late')
  assert.ok(signal.aborted)
  assert.is(signal.reason, 'late')
  assert.not(work.cancelled)
  assert.is(told, 0)
  const unread = new Cancellation()
  unread.expire('late')
  assert.is(unread.signal.reason, 'late')
})

test('what has expired can still be cancelled; the first reason stays', () => {
  const work = new Cancellation()
  let told = 0
  work.onCancel(() => (told += 1))
  work.expire('late')
  work.expire('later')
  work.cancel('gone')
  assert.ok(work.cancelled)
  assert.is(work.reason, 'late')
  assert.is(work.signal.reason, 'late')
  assert.is(told, 1)
})

test.run()
