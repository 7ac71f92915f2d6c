/** The event log in memory: what a client that comes back gets, what it never gets, and what is forgotten. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Replay, StreamKey } from '../../src/port/event-log.ts'
import { fakeClock } from '../../src/port/fake-clock.ts'
import { memoryEventLog } from '../../src/port/memory-event-log.ts'

const test = suite('memory event log')

const KEY = { session: 's', stream: '1' }
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Bytes that are held outside of the heap. */
function offHeap(): number {
  collect()
  return process.memoryUsage().arrayBuffers
}

const texts = (replay: Replay | undefined) => replay?.events.map(event => event.text)

test('the events after an id come back in order, of its stream only', () => {
  const log = memoryEventLog()
  const first = log.append(KEY, 'a')
  log.append({ session: 's', stream: '2' }, 'elsewhere')
  const second = log.append(KEY, 'b')
  const third = log.append(KEY, 'c')
  assert.equal(log.after('s', first), {
    stream: '1',
    events: [
      { id: second, text: 'b' },
      { id: third, text: 'c' },
    ],
  })
  assert.equal(log.after('s', third), { stream: '1', events: [] })
})

test('T6: an id of another session gives nothing, whoever presents it', () => {
  const log = memoryEventLog()
  const victim = log.append({ session: 'victim', stream: '1' }, 'secret')
  const own = log.append({ session: 'thief', stream: '1' }, 'own')
  log.append({ session: 'victim', stream: '1' }, 'secret')
  log.append({ session: 'thief', stream: '1' }, 'more')
  assert.is(log.after('thief', victim), undefined)
  assert.is(log.after('victim', own), undefined)
  assert.is(log.after('nobody', victim), undefined)
  assert.equal(texts(log.after('thief', own)), ['more'])
})

test('T6: an id says nothing of its session or of another one', () => {
  const log = memoryEventLog()
  const ids = Array.from({ length: 1000 }, (_, i) => log.append({ session: `session ${i}`, stream: 'stream' }, `${i}`))
  assert.ok(ids.every(id => /^[0-9a-f]{32}-1-1$/.test(id)))
  for (let digit = 0; digit < 32; digit++) assert.is(new Set(ids.map(id => id[digit])).size, 16, `digit ${digit} varies`)
})

test('T6: an id that was not given gives nothing: of a place to come, of none, with more behind it, or of a stream that began anew', () => {
  const log = memoryEventLog()
  const one = log.append(KEY, 'a')
  const stem = one.slice(0, -1)
  for (const id of ['', stem, `${stem}0`, `${stem}2`, `${stem}01`, `${one} `, `${one}.0`, one.toUpperCase()])
    assert.is(log.after('s', id), undefined, id)
  log.drop('s', '1')
  log.append(KEY, 'b')
  assert.is(log.after('s', one), undefined)
})

test('T6: an id of a dropped stream or session gives nothing, and the others stay', () => {
  const log = memoryEventLog()
  const one = log.append(KEY, 'a')
  const two = log.append({ session: 's', stream: '2' }, 'a')
  const other = log.append({ session: 't', stream: '1' }, 'a')
  log.drop('s', '1')
  assert.is(log.after('s', one), undefined)
  assert.ok(log.after('s', two))
  log.drop('s')
  log.drop('s')
  log.drop('unknown', '1')
  assert.is(log.after('s', two), undefined)
  assert.ok(log.after('t', other))
})

test('T6: a stream that was forgotten is not taken for one of another session that has its name and its place', () => {
  const log = memoryEventLog()
  const [mine, theirs] = ['mine', 'theirs'].map(session => ({ session, stream: 'get', known: undefined })) as [StreamKey, StreamKey]
  log.append(mine, 'a')
  log.drop('mine')
  const first = log.append(theirs, 'b')
  log.append(mine, 'c')
  assert.equal(texts(log.after('theirs', first)), [])
})

test('an event too large for its stream takes nobody else along', () => {
  const log = memoryEventLog({ maxStreamSize: 1_000 })
  const other = log.append({ session: 's', stream: 'other' }, 'a')
  for (let turn = 0; turn < 3; turn += 1) log.append({ session: 's', stream: 'large' }, 'x'.repeat(2_000))
  log.append({ session: 's', stream: 'other' }, 'b')
  assert.equal(texts(log.after('s', other)), ['b'])
})

test('after many streams that all left, the next ones are kept like the first', () => {
  const log = memoryEventLog()
  for (const streams of [100, 50, 400]) {
    const ids = Array.from({ length: streams }, (_, index) => log.append({ session: 's', stream: `${index}` }, 'a'))
    for (const stream of ids.keys()) log.append({ session: 's', stream: `${stream}` }, `b${stream}`)
    for (const [stream, id] of ids.entries()) assert.equal(texts(log.after('s', id)), [`b${stream}`])
    log.drop('s')
  }
})

test('a session is dropped whole, whatever of it has left before', () => {
  for (const streams of [2, 3, 30]) {
    const log = memoryEventLog({ maxSize: 1_000 })
    const ids = Array.from({ length: streams }, (_, index) => log.append({ session: 's', stream: `${index}`, fresh: true }, 'a'))
    const other = log.append({ session: 't', stream: '1' }, 'b')
    assert.equal(texts(log.after('s', ids.at(-1) ?? '')), [])
    log.drop('s')
    for (const id of ids) assert.is(log.after('s', id), undefined)
    assert.equal(texts(log.after('t', other)), [])
    const anew = log.append({ session: 's', stream: '0' }, 'c')
    log.append({ session: 's', stream: '0' }, 'd')
    assert.equal(texts(log.after('s', anew)), ['d'])
  }
})

test('a stream keeps its newest events, by count', () => {
  const log = memoryEventLog({ maxEvents: 3 })
  const ids = ['a', 'b', 'c', 'd'].map(text => log.append(KEY, text))
  assert.is(log.after('s', ids[0] ?? ''), undefined)
  assert.equal(texts(log.after('s', ids[1] ?? '')), ['c', 'd'])
})

test('a stream keeps its newest events, by size, and a busy stream takes nothing from another', () => {
  const log = memoryEventLog({ maxStreamSize: 3000 })
  const quiet = log.append({ session: 's', stream: 'quiet' }, 'a')
  const ids = Array.from({ length: 4 }, () => log.append(KEY, 'x'.repeat(1000)))
  assert.is(log.after('s', ids[1] ?? ''), undefined)
  assert.is(texts(log.after('s', ids[2] ?? ''))?.length, 1)
  assert.ok(log.after('s', quiet))
})

test('an event larger than its stream may be is not kept', () => {
  const log = memoryEventLog({ maxStreamSize: 1000 })
  const before = log.append(KEY, 'a')
  const id = log.append(KEY, 'x'.repeat(2000))
  assert.is(log.after('s', before), undefined)
  assert.is(log.after('s', id), undefined)
})

test('events older than the limit are forgotten', () => {
  const clock = fakeClock()
  const log = memoryEventLog({ clock, maxAge: '1s' })
  const old = log.append(KEY, 'a')
  clock.advance(600)
  const young = log.append(KEY, 'b')
  clock.advance(600)
  assert.is(log.after('s', old), undefined)
  assert.equal(texts(log.after('s', young)), [])
})

test('row 18: many sessions with many streams stay within one bound', () => {
  const log = memoryEventLog({ maxSize: 100_000 })
  const ids: [session: string, id: string][] = []
  for (let i = 0; i < 2000; i++) ids.push([`s${i % 100}`, log.append({ session: `s${i % 100}`, stream: `${i}` }, 'x'.repeat(800))])
  const kept = ids.filter(([session, id]) => log.after(session, id) !== undefined)
  assert.is(kept.length, 100)
  assert.equal(kept, ids.slice(-100))
})

test('a stream stays one when whoever wraps the log copies its keys, whether or not its name was new', () => {
  const log = memoryEventLog()
  for (const fresh of [true, false]) {
    const key = { session: 's', stream: `of ${fresh}`, fresh, known: undefined }
    const first = log.append({ ...key, session: 'tenant/s' }, 'a')
    key.fresh = false
    log.append({ session: 'tenant/s', stream: 'between', fresh: true }, 'elsewhere')
    log.append({ ...key, session: 'tenant/s' }, 'b')
    log.append({ ...key, session: 'tenant/s' }, 'c')
    assert.equal(texts(log.after('tenant/s', first)), ['b', 'c'])
  }
})

test('sessions and streams that came and went leave nothing', () => {
  const clock = fakeClock()
  const log = memoryEventLog({ clock, maxAge: '1s', maxEvents: 2 })
  const round = (from: number): number => {
    for (let index = from; index < from + 50_000; index += 1) {
      log.append({ session: 'long', stream: 'always' }, 'x')
      log.append({ session: 'long', stream: `named ${index}` }, 'x')
      log.append({ session: 'long', stream: `fresh ${index}`, fresh: true }, 'x')
      log.append({ session: `short ${index}`, stream: 'get' }, 'x')
      if (index % 100 === 0) clock.advance(300)
    }
    collect()
    return process.memoryUsage().heapUsed
  }
  round(0)
  const before = round(100_000)
  const kept = round(200_000) - before
  assert.ok(kept < 1_000_000, `${kept} bytes of heap`)
})

test('what many streams of a session needed is given back, though the session stays', () => {
  const log = memoryEventLog({ maxSize: 1_000_000 })
  const stay: { session: string; stream: string }[] = []
  const before = offHeap()
  for (let session = 0; session < 30; session += 1) {
    stay.push({ session: `${session}`, stream: 'get' })
    for (let index = 0; index < 10_000; index += 1) {
      log.append({ session: `${session}`, stream: `post ${index}`, fresh: true }, '')
      if (index % 1_000 === 0) for (const key of stay) log.append(key, '')
    }
  }
  const kept = offHeap() - before
  assert.ok(kept < 3_000_000, `${kept} bytes`)
  assert.ok(
    stay.every(key => log.after(key.session, log.append(key, '')) !== undefined),
    'all of them stay',
  )
})

test('what is no length of time is refused at once', () => {
  assert.throws(() => memoryEventLog({ maxAge: -1 }), /^maxAge: -1 is not a duration/)
})

test.run()
