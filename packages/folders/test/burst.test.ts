import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Burst } from '../src/burst.ts'

const test = suite('bursts')

/** What a burst told, and how to wait for more of it. */
function listening(quietMs: number, meanwhile: (told: number) => Promise<void> | void = () => {}) {
  const told: (readonly string[])[] = []
  let wake: () => void = () => {}
  const burst = new Burst(quietMs, async ({ folders = new Set<string>() }) => {
    told.push([...folders].sort())
    await meanwhile(told.length)
    wake()
  })
  const until = async (test: () => boolean): Promise<void> => {
    while (!test()) await new Promise<void>(resolve => (wake = resolve))
  }
  return { burst, told, until }
}

/** Waits for as long as another burst does. */
async function quiet(ms: number): Promise<void> {
  const { burst, told, until } = listening(ms)
  burst.add('')
  await until(() => told.length > 0)
}

test('changes that come together are told together, each folder once', async () => {
  const { burst, told, until } = listening(5)
  for (const folder of ['b', 'a', 'b', '']) burst.add(folder)
  await until(() => told.length > 0)
  assert.equal(told, [['', 'a', 'b']])
})

test('changes that never end are told all the same', async () => {
  const { burst, told, until } = listening(20)
  const began = performance.now()
  const going = setInterval(() => burst.add('a'), 1)
  await until(() => told.length > 0)
  clearInterval(going)
  burst.close()
  assert.ok(performance.now() - began >= 190, 'it waited for the longest burst')
})

test('what comes while something is told is told afterwards, and never at the same time', async () => {
  let telling = 0
  const { burst, told, until } = listening(1, async count => {
    assert.is(++telling, 1)
    if (count === 1) {
      burst.add('second')
      await quiet(5)
    }
    telling--
  })
  burst.add('first')
  await until(() => told.length === 2)
  assert.equal(told, [['first'], ['second']])
})

test('nothing is told once it is closed', async () => {
  const { burst, told } = listening(1)
  burst.add('a')
  burst.close()
  burst.add('b')
  await quiet(5)
  assert.equal(told, [])
})

test.run()
