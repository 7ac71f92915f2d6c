/** A moment later: together with what else is asked for meanwhile, and whatever becomes of others. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { soon } from '../src/soon.ts'

const test = suite('soon')
const moment = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

test('what is asked for in one burst is done after it, in order, with one wake-up', async () => {
  const real = globalThis.setImmediate
  let wakeUps = 0
  globalThis.setImmediate = ((run: () => void) => {
    wakeUps += 1
    return real(run)
  }) as typeof setImmediate
  const done: number[] = []
  try {
    for (let index = 0; index < 5; index += 1) soon({ wake: () => done.push(index) })
    assert.equal(done, [])
  } finally {
    globalThis.setImmediate = real
  }
  await moment()
  assert.equal(done, [0, 1, 2, 3, 4])
  assert.is(wakeUps, 1)
})

test('a wake-up that never comes takes nothing with it but its own burst', async () => {
  const real = globalThis.setImmediate
  const done: string[] = []
  globalThis.setImmediate = (() => undefined) as unknown as typeof setImmediate
  try {
    soon({ wake: () => done.push('lost') })
  } finally {
    globalThis.setImmediate = real
  }
  await Promise.resolve()
  soon({ wake: () => done.push('next') })
  await moment()
  assert.equal(done, ['next'])
})

test('one that throws does not hold up those behind it', async () => {
  const done: string[] = []
  const thrown = new Promise<unknown>(resolve => process.once('uncaughtException', resolve))
  soon({ wake: () => done.push('before') })
  soon({
    wake: () => {
      throw new Error('of one')
    },
  })
  soon({ wake: () => done.push('after') })
  assert.match(String(await thrown), /of one/)
  await moment()
  await moment()
  assert.equal(done, ['before', 'after'])
})

test.run()
