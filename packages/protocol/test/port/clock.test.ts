import { systemClock } from '@oarlock/protocol'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const test = suite('clock')

test('the clock of the machine wakes once, and can be called off', async () => {
  const woken: string[] = []
  const stop = systemClock.after(1, () => woken.push('called off'))
  stop()
  // Something else has to keep the process alive: a pending wake-up does not.
  const alive = setInterval(() => {}, 1_000)
  await new Promise<void>(resolve => void systemClock.after(5, () => (woken.push('woken'), resolve())))
  clearInterval(alive)
  assert.equal(woken, ['woken'])
  assert.ok(Math.abs(systemClock.now() - Date.now()) < 1_000)
})

test('a wait longer than a timer of the platform can be does not end at once', async () => {
  const warnings: string[] = []
  const listen = (warning: Error): void => void warnings.push(warning.name)
  process.on('warning', listen)
  let woken = false
  const stops = [2 ** 31, 2 ** 40, Number.MAX_SAFE_INTEGER].map(ms => systemClock.after(ms, () => (woken = true)))
  const alive = setInterval(() => {}, 1_000)
  await new Promise<void>(resolve => void systemClock.after(10, resolve))
  clearInterval(alive)
  for (const stop of stops) stop()
  process.off('warning', listen)
  assert.equal([woken, warnings], [false, []])
})

test.run()
