/** The clock of tests. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { fakeClock } from '../../src/port/fake-clock.ts'

const test = suite('fake clock')

test('nobody is woken before the clock moves, and then in order of time, each at its moment', () => {
  const clock = fakeClock(1000)
  const woken: [string, number][] = []
  const sleep = (name: string, ms: number) => clock.after(ms, () => void woken.push([name, clock.now()]))
  sleep('late', 30)
  sleep('first', 10)
  sleep('second', 10)
  sleep('never', 51)
  assert.equal(woken, [])
  clock.advance(50)
  assert.equal(woken, [
    ['first', 1010],
    ['second', 1010],
    ['late', 1030],
  ])
  assert.equal([clock.now(), clock.pending], [1050, 1])
})

test('who is set on the way is woken too when due, and who was called off is not', () => {
  const clock = fakeClock(0)
  const woken: number[] = []
  const tick = () => {
    woken.push(clock.now())
    clock.after(10, tick)
  }
  clock.after(10, tick)
  const callOff = clock.after(15, () => woken.push(-1))
  callOff()
  clock.advance(35)
  assert.equal(woken, [10, 20, 30])
})

test.run()
