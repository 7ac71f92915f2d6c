/** T34: what waits for a client that does not listen is bounded, and the newest of it is kept. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Backlog } from '../../src/session/backlog.ts'

const test = suite('backlog')

test('T34: at most a hundred events wait, the newest', () => {
  const backlog = new Backlog()
  for (let i = 0; i < 1000; i++) backlog.push({ id: '', text: String(i) })
  assert.is(backlog.events.length, 100)
  assert.is(backlog.events[0]?.text, '900')
  assert.is(backlog.events.at(-1)?.text, '999')
})

test('T34: at most 256 Ki characters wait, however few the events', () => {
  const backlog = new Backlog()
  for (let i = 0; i < 10; i++) backlog.push({ id: '', text: 'x'.repeat(100_000) })
  assert.is(backlog.events.length, 2)
  backlog.clear()
  backlog.push({ id: '', text: 'y' })
  assert.is(backlog.events.length, 1)
})

test.run()
