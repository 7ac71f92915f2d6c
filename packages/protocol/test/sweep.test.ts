/** One timer for everything that waits. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { fakeClock, Sweep, type Swept } from '@oarlock/protocol'

const test = suite('sweep')

class Member implements Swept {
  seat: Swept['seat']
  readonly rounds: number[] = []
  shuts = 0

  sweep(now: number): void {
    this.rounds.push(now)
  }

  shut(): void {
    this.shuts += 1
  }
}

test('members are looked after once a second, with one timer however many there are', () => {
  const clock = fakeClock(0)
  const sweep = new Sweep(clock)
  const members = Array.from({ length: 100 }, () => new Member())
  for (const member of members) sweep.add(member)
  assert.is(clock.pending, 1)
  clock.advance(3500)
  for (const { rounds } of members) assert.equal(rounds, [1000, 2000, 3000])
  assert.is(sweep.now, 3000)
})

test('the timer ends with the last member, a round later, and begins again with the next', () => {
  const clock = fakeClock(0)
  const sweep = new Sweep(clock)
  const member = new Member()
  sweep.add(member)
  sweep.delete(member)
  clock.advance(5000)
  assert.is(clock.pending, 0)
  assert.equal(member.rounds, [])
  sweep.add(member)
  assert.is(sweep.now, 5000)
  clock.advance(1000)
  assert.equal(member.rounds, [6000])
})

test('a round that comes late, because something held up the process, judges nobody; the next one does', () => {
  const clock = fakeClock(0)
  let held = 0
  const sweep = new Sweep({ now: () => clock.now() + held, after: (ms, wake) => clock.after(ms, wake) })
  const member = new Member()
  sweep.add(member)
  held = 5000
  clock.advance(1000)
  assert.equal([member.rounds, sweep.now], [[], 6000])
  held = 15_000
  clock.advance(1000)
  assert.equal(member.rounds, [17_000], 'but never twice in a row')
})

test('a member may leave in its own round', () => {
  const clock = fakeClock(0)
  const sweep = new Sweep(clock)
  const rest = new Member()
  const leaver: Swept = { seat: undefined, sweep: () => sweep.delete(leaver), shut: () => undefined }
  sweep.add(leaver)
  sweep.add(rest)
  clock.advance(2000)
  assert.equal(rest.rounds, [1000, 2000])
})

test('shutting tells every member once and ends the timer', () => {
  const clock = fakeClock(0)
  const sweep = new Sweep(clock)
  const member = new Member()
  sweep.add(member)
  sweep.shut()
  sweep.shut()
  assert.is(member.shuts, 1)
  assert.is(clock.pending, 0)
})

test.run()
