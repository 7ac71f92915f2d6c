/** Which reply belongs to which request, and how long requests wait. */
import { getEventListeners } from 'node:events'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ConnectionClosed, fakeClock, type ReplyMessage, TimedOut } from '@oarlock/protocol'
import { Correlation } from '../src/correlation.ts'
import { RemoteFault } from '../src/error.ts'
import type { Pending } from '../src/pending.ts'
import { failureOf } from './scripted.ts'

const test = suite('correlation')

function table() {
  const clock = fakeClock()
  const abandoned: [number, string][] = []
  const strays: unknown[] = []
  const correlation = new Correlation(
    clock,
    { timeoutMs: 1000, maxTimeoutMs: 5000 },
    {
      abandoned: (pending, cause) => void abandoned.push([pending.id, cause.message]),
      stray: reply => void strays.push(reply.id),
    },
  )
  return { clock, correlation, abandoned, strays }
}

const reply = (id: ReplyMessage['id'], result: object = {}): ReplyMessage => ({
  kind: 'reply',
  id,
  result: { ...result },
  error: undefined,
})
const failure = (id: ReplyMessage['id'], code: number): ReplyMessage => ({
  kind: 'reply',
  id,
  result: undefined,
  error: { code, message: 'no' },
})

test('C-MSG-01: ids are numbers that count from 1 and are never used twice', () => {
  const { correlation } = table()
  assert.equal(
    [1, 2, 3].map(() => correlation.open('ping', {}).id),
    [1, 2, 3],
  )
  correlation.settle(reply(3))
  assert.is(correlation.open('ping', {}).id, 4)
})

test('replies find their requests in any order', async () => {
  const { correlation } = table()
  const [a, b, c] = ['a', 'b', 'c'].map(method => correlation.open(method, {})) as [Pending, Pending, Pending]
  correlation.settle(reply(c.id, { is: 'c' }))
  correlation.settle(reply(a.id, { is: 'a' }))
  correlation.settle(failure(b.id, -32602))
  assert.equal(await a.promise, { is: 'a' })
  assert.equal(await c.promise, { is: 'c' })
  const fault = await failureOf(b.promise)
  assert.ok(RemoteFault.is(fault))
  assert.is(fault.method, 'b')
})

test('C-MSG-07: a reply with an unknown id, a second reply, and an id of another type are reported and change nothing', async () => {
  const { correlation, strays } = table()
  const pending = correlation.open('ping', {})
  correlation.open('ping', {})
  correlation.settle(reply('1'))
  correlation.settle(reply(99))
  correlation.settle(reply(1, { first: true }))
  correlation.settle(reply(1, { first: false }))
  assert.equal(strays, ['1', 99, 1])
  assert.equal(await pending.promise, { first: true })
  assert.is(correlation.size, 1)
})

test('an error without an id belongs to the one open request, and to none when there are several', async () => {
  const { correlation, strays } = table()
  const only = correlation.open('ping', {})
  correlation.settle(failure(undefined, -32700))
  assert.is((await failureOf(only.promise))['code'], -32700)
  correlation.open('ping', {})
  correlation.open('ping', {})
  correlation.settle(failure(undefined, -32700))
  assert.equal(strays, [undefined])
  assert.is(correlation.size, 2)
})

test('C-UTIL-01: a request that is not answered in time fails, and the server is told once', async () => {
  const { clock, correlation, abandoned } = table()
  const pending = correlation.open('tools/call', {})
  clock.advance(999)
  assert.is(correlation.size, 1)
  clock.advance(1)
  const fault = await failureOf(pending.promise)
  assert.ok(TimedOut.is(fault))
  assert.is(fault['code'], 'TIMED_OUT')
  assert.equal(abandoned, [[1, 'tools/call was not answered in time']])
  clock.advance(10_000)
  assert.is(abandoned.length, 1)
})

test('C-UTIL-04: an answer that comes after the request was given up is ignored', async () => {
  const { clock, correlation, strays } = table()
  const pending = correlation.open('tools/call', {})
  clock.advance(1000)
  await failureOf(pending.promise)
  correlation.settle(reply(1))
  assert.equal(strays, [1])
})

test('C-UTIL-02: progress counts the time anew, up to a hard maximum', async () => {
  const { clock, correlation } = table()
  const pending = correlation.open('tools/call', {})
  for (let i = 0; i < 5; i++) {
    clock.advance(900)
    pending.extend(clock.now())
  }
  assert.is(correlation.size, 1)
  clock.advance(499)
  assert.is(correlation.size, 1)
  clock.advance(1)
  assert.ok(TimedOut.is(await failureOf(pending.promise)))
})

test('requests with times of their own end each at its own', async () => {
  const { clock, correlation, abandoned } = table()
  const all = [700, 50, 300].map(timeout => correlation.open('ping', { timeout }))
  clock.advance(50)
  clock.advance(250)
  clock.advance(400)
  assert.equal(
    abandoned.map(([id]) => id),
    [2, 3, 1],
  )
  for (const { promise } of all) assert.ok(TimedOut.is(await failureOf(promise)))
})

test('a longer time than the maximum for one request raises the maximum with it', () => {
  const { clock, correlation } = table()
  correlation.open('tools/call', { timeout: 60_000 }).promise.catch(() => {})
  clock.advance(59_999)
  assert.is(correlation.size, 1)
  clock.advance(1)
  assert.is(correlation.size, 0)
})

test('a thousand requests share one timer, and none is left when all are answered', () => {
  const { clock, correlation } = table()
  for (let i = 1; i <= 1000; i++) {
    correlation.open('ping', {})
    correlation.settle(reply(i))
  }
  assert.is(clock.pending, 1)
  clock.advance(1000)
  assert.is(clock.pending, 0)
})

test('C-UTIL-12: aborting cancels an open request exactly once and a finished one never', async () => {
  const { correlation, abandoned } = table()
  const controller = new AbortController()
  const open = correlation.open('tools/call', { signal: controller.signal })
  const done = correlation.open('tools/list', { signal: controller.signal })
  correlation.settle(reply(done.id))
  controller.abort(new Error('the user left'))
  const fault = await failureOf(open.promise)
  assert.is(fault['code'], 'CANCELLED')
  assert.is((fault.cause as Error).message, 'the user left')
  assert.equal(abandoned, [[1, 'tools/call was cancelled: the user left']])
  await done.promise
})

test('C-UTIL-03: a signal that outlives its requests keeps nothing of them', async () => {
  const { correlation } = table()
  const { signal } = new AbortController()
  const [answered, failed] = [correlation.open('a', { signal }), correlation.open('b', { signal })]
  assert.is(getEventListeners(signal, 'abort').length, 2)
  correlation.settle(reply(answered.id))
  correlation.settle(failure(failed.id, -1))
  await failureOf(failed.promise)
  assert.is(getEventListeners(signal, 'abort').length, 0)
})

test('an aborted signal keeps a request from being opened', () => {
  const { correlation } = table()
  assert.throws(() => correlation.open('ping', { signal: AbortSignal.abort() }), /ping was cancelled/)
  assert.is(correlation.size, 0)
})

test('closing fails everything that waits, and what is tried afterwards', async () => {
  const { clock, correlation } = table()
  const waiting = [correlation.open('a', {}), correlation.open('b', {})]
  correlation.close(new ConnectionClosed('gone'))
  for (const { promise } of waiting) assert.is((await failureOf(promise)).message, 'gone')
  assert.throws(() => correlation.open('c', {}), /gone/)
  assert.is(clock.pending, 0)
})

test('what fails alone leaves the others waiting', async () => {
  const { correlation } = table()
  const [a, b] = [correlation.open('a', {}), correlation.open('b', {})]
  correlation.fail(a.id, new Error('the stream broke'))
  correlation.fail(77, new Error('unknown'))
  assert.is((await failureOf(a.promise)).message, 'the stream broke')
  correlation.settle(reply(b.id))
  await b.promise
})

test('the time of a request that waits for credentials stands still, and counts anew when it is sent', async () => {
  const { clock, correlation } = table()
  const held = correlation.open('a', {})
  const other = correlation.open('b', {})
  let go = (): void => {}
  const work = new Promise<void>(resolve => (go = resolve))
  correlation.hold(held.id, work)
  clock.advance(1000)
  assert.ok(TimedOut.is(await failureOf(other.promise)))
  clock.advance(3000)
  assert.is(correlation.size, 1)
  go()
  await work
  clock.advance(900)
  assert.is(correlation.size, 1)
  clock.advance(100)
  assert.ok(TimedOut.is(await failureOf(held.promise)))
  assert.is(clock.pending, 0)
})

test('its limit counts, whoever it waits for; what waits without end goes on doing so', async () => {
  const { clock, correlation } = table()
  const held = correlation.open('a', {})
  const kept = correlation.open('b', {})
  kept.keep()
  correlation.hold(held.id, new Promise(() => {}))
  correlation.hold(kept.id, Promise.resolve())
  correlation.hold(99, Promise.resolve())
  await Promise.resolve()
  clock.advance(5000)
  assert.ok(TimedOut.is(await failureOf(held.promise)))
  kept.extend(clock.now())
  clock.advance(10_000_000)
  assert.is(correlation.size, 1)
})

test.run()
