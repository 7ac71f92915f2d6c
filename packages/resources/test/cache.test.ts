import { type Duration, fakeClock } from '@oarlock/protocol'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { KeptReads, type KeptRead } from '../src/cache.ts'

const test = suite('kept reads')

/** Reads a whole document. */
const from = (kept: KeptReads, uri: string, fetch: KeptRead['fetch'], isGone = (): boolean => false) =>
  kept.read({ uri, part: uri, whole: uri, fetch, isGone })

const text = (value: string, validator?: string) => [{ text: value, ...(validator === undefined ? {} : { validator }) }]

test('those who ask at the same time share one fetch, and what fails for one is tried anew by the others', async () => {
  const kept = new KeptReads({ ttl: 1_000 })
  let fetched = 0
  const fetch = async () => {
    fetched += 1
    await Promise.resolve()
    if (fetched === 1) throw new Error('gone')
    return text('x')
  }
  const [first, second, third] = await Promise.allSettled([1, 2, 3].map(() => from(kept, 'x:', fetch)))
  assert.is(first?.status, 'rejected')
  assert.equal(
    [second, third].map(each => each?.status),
    ['fulfilled', 'fulfilled'],
  )
  const before = fetched
  await Promise.all([1, 2, 3].map(() => from(kept, 'x:other', fetch)))
  assert.is(fetched, before + 1)
})

test('the longest unused goes first when there is too much, and what is too large is not kept', async () => {
  const kept = new KeptReads({ ttl: 1_000, maxEntries: 2, maxBytes: 100 })
  const fetched: string[] = []
  const read = (key: string, value = key) => from(kept, key, async () => (fetched.push(key), text(value)))
  await read('a')
  await read('b')
  await read('a')
  await read('c')
  await read('a')
  await read('b')
  assert.equal(fetched, ['a', 'b', 'c', 'b'])
  await read('large', 'x'.repeat(60))
  await read('large', 'x'.repeat(60))
  assert.equal(fetched.slice(4), ['large', 'large'])
})

test('a content may say for how long it is kept, where that is less', async () => {
  const clock = fakeClock()
  const kept = new KeptReads({ ttl: '1m', clock })
  let fetched = 0
  const read = (keepFor: Duration) => from(kept, `x:${keepFor}`, async () => ((fetched += 1), [{ text: 'x', keepFor }]))
  for (const [keepFor, after] of [
    ['10s', 10_000],
    ['2m', 60_000],
    [500, 500],
  ] as const) {
    fetched = 0
    await read(keepFor)
    clock.advance(after - 1)
    await read(keepFor)
    assert.is(fetched, 1)
    clock.advance(1)
    await read(keepFor)
    assert.is(fetched, 2)
  }
  await read(0)
  await read(0)
  assert.is(fetched, 4)
})

test('what is forgotten while it is fetched is not kept', async () => {
  const clock = fakeClock()
  const kept = new KeptReads({ ttl: 1_000, clock })
  let value = 'old'
  const pending = from(kept, 'x:a', async () => {
    const found = text(value)
    await Promise.resolve()
    return found
  })
  value = 'new'
  kept.forget('x:a')
  assert.equal(await pending, text('old'))
  assert.equal(await from(kept, 'x:a', async () => text(value)), text('new'))
})

test('what changes elsewhere disturbs neither what is kept of a document nor what is fetched of it', async () => {
  const kept = new KeptReads({ ttl: 1_000, clock: fakeClock() })
  let fetched = 0
  const read = () =>
    from(kept, 'x:a', async () => {
      fetched += 1
      kept.forget('x:b')
      await Promise.resolve()
      kept.forget('x:b')
      return text('a')
    })
  await Promise.all([read(), read()])
  await from(kept, 'x:b', async () => text('b'))
  kept.forget('x:b')
  await read()
  assert.is(fetched, 1)
  kept.forget()
  await read()
  assert.is(fetched, 2)
})

test('a source that is down is asked twice by all who want a document at the same time, and never by two of them at once', async () => {
  const kept = new KeptReads({ ttl: 1_000 })
  let fetched = 0
  let atOnce = 0
  let most = 0
  const fetch = async (): Promise<never> => {
    fetched += 1
    most = Math.max(most, ++atOnce)
    await new Promise(resolve => setImmediate(resolve))
    atOnce -= 1
    throw new Error('down')
  }
  const outcomes = await Promise.allSettled(Array.from({ length: 200 }, () => from(kept, 'x:', fetch)))
  assert.ok(outcomes.every(({ status }) => status === 'rejected'))
  assert.equal([fetched, most], [2, 1])
})

test('that somebody gave up does not count as a failure for those who waited for him', async () => {
  const kept = new KeptReads({ ttl: 1_000 })
  let fetched = 0
  const read = (gone: boolean) =>
    from(
      kept,
      'x:',
      async () => {
        fetched += 1
        await Promise.resolve()
        if (gone) throw new Error('gave up')
        return text('x')
      },
      () => gone,
    )
  const outcomes = await Promise.allSettled([true, true, true, false, false].map(read))
  assert.equal(
    outcomes.map(({ status }) => status),
    ['rejected', 'rejected', 'rejected', 'fulfilled', 'fulfilled'],
  )
  assert.is(fetched, 2)
})

test('a copy without a validator is fetched anew when its time is over, and what is gone is forgotten', async () => {
  const clock = fakeClock()
  const kept = new KeptReads({ ttl: 10, clock })
  const known: (string | undefined)[] = []
  const read = (answer: Awaited<ReturnType<KeptRead['fetch']>>) =>
    from(kept, 'x:', async validator => {
      known.push(validator)
      return answer
    })
  assert.equal(await read(text('one')), text('one'))
  clock.advance(10)
  assert.equal(await read(text('two', 'v2')), text('two', 'v2'))
  clock.advance(10)
  assert.equal(await read('unchanged'), text('two', 'v2'))
  clock.advance(10)
  assert.is(await read(undefined), undefined)
  assert.is(await read('unchanged'), undefined)
  assert.equal(known, [undefined, undefined, 'v2', 'v2', undefined])
})

test.run()
