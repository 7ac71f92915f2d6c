/** The streams of a session in the log, against a plain map of them. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { LogSession } from '../../src/port/log-session.ts'
import { StreamTable } from '../../src/port/stream-table.ts'

const test = suite('log session')

test('streams are found by number and by name as long as they are kept, however many came and went, in rows that sessions share', () => {
  const table = new StreamTable<LogSession>()
  const sessions = ['a', 'b', 'c'].map(id => ({
    session: new LogSession(id, table),
    plain: new Map<number, { name: string; stream: number }>(),
    count: 0,
  }))
  let turn = 0
  // Waves: many come, then nearly all of them leave, in no order.
  for (const most of [1, 3, 40, 5, 200, 0, 7, 0, 60]) {
    for (let step = 0; step < 600; step += 1) {
      turn += 1
      const { session, plain } = sessions[turn % 3] as (typeof sessions)[number]
      const one = sessions[turn % 3] as (typeof sessions)[number]
      if (plain.size < most) {
        const name = `stream ${turn}`
        plain.set((one.count += 1), { name, stream: session.begin(name, turn % 2 === 0) })
      } else if (plain.size > 0) {
        const [number, { stream }] = [...plain][(turn * 7) % plain.size] as [number, { stream: number }]
        plain.delete(number)
        session.end(stream)
      }
      if (turn % 17 !== 0) continue
      assert.is(session.kept, plain.size)
      assert.equal(
        session.streams,
        [...plain.values()].map(({ stream }) => stream),
      )
      for (let number = 0; number <= one.count + 1; number += 1) assert.is(session.numbered(number), plain.get(number)?.stream)
      for (const { name, stream } of plain.values()) assert.is(session.named(name), stream)
      assert.is(session.named('never'), undefined)
      for (const strange of [Number.NaN, -1, 0.5, Number.POSITIVE_INFINITY]) assert.is(session.numbered(strange), undefined)
    }
  }
})

test('a row knows its events, and forgets them with its stream', () => {
  const table = new StreamTable<string>()
  const streams = Array.from({ length: 100 }, (_, index) => table.begin(`session ${index}`, `name ${index}`, index))
  assert.is(new Set(streams).size, 100)
  for (const [index, stream] of streams.entries()) {
    assert.is(table.add(stream, 10 + index, 5), 0)
    assert.is(table.add(stream, 1_000 + index, 7), 10 + index)
    assert.is(table.add(stream, 2_000 + index, 1), 1_000 + index)
  }
  for (const [index, stream] of streams.entries()) {
    assert.equal([table.firstOf(stream), table.countOf(stream), table.sizeOf(stream), table.eventsOf(stream)], [10 + index, 3, 13, 3])
    assert.is(table.forget(stream, 5, 1_000 + index), 2)
    assert.equal([table.firstOf(stream), table.countOf(stream), table.sizeOf(stream), table.eventsOf(stream)], [1_000 + index, 2, 8, 3])
    table.move(stream, 1_000 + index, 5_000)
    assert.is(table.firstOf(stream), 5_000)
    table.move(stream, 2_000 + index, 6_000)
    assert.is(table.add(stream, 7_000, 1), 6_000)
    assert.equal([table.sessionOf(stream), table.nameOf(stream), table.numberOf(stream)], [`session ${index}`, `name ${index}`, index])
  }
  const [first = 0, second = 0] = streams
  table.end(first)
  assert.is(table.sessionOf(first), undefined)
  const anew = table.begin('another', 'name', 1)
  assert.is(anew, first)
  assert.equal([table.firstOf(anew), table.countOf(anew), table.sizeOf(anew), table.eventsOf(anew)], [0, 0, 0, 0])
  assert.is(table.sessionOf(second), 'session 1')
})

test.run()
