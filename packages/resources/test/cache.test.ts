import { fakeClock } from '@oarlock/protocol'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { KeptReads } from '../src/cache.ts'

const test = suite('kept reads')

const text = (value: string, validator?: string) => [{ text: value, ...(validator === undefined ? {} : { validator }) }]

test('those who ask at the same time share one fetch, and what fails for one is tried anew by the others', async () => {
  const kept = new KeptReads({ ttlMs: 1_000 })
  let fetched = 0
  const fetch = async () => {
    fetched += 1
    await Promise.resolve()
    if (fetched === 1) throw new Error('gone')
    return text('x')
  }
  const [first, second, third] = await Promise.allSettled([1, 2, 3].map(() => kept.read('k', 'x:', fetch)))
  assert.is(first?.status, 'rejected')
  assert.equal(
    [second, third].map(each => each?.status),
    ['fulfilled', 'fulfilled'],
  )
  const before = fetched
  await Promise.all([1, 2, 3].map(() => kept.read('other', 'x:', fetch)))
  assert.is(fetched, before + 1)
})

test('the longest unused goes first when there is too much, and what is too large is not kept', async () => {
  const kept = new KeptReads({ ttlMs: 1_000, maxEntries: 2, maxBytes: 100 })
  const fetched: string[] = []
  const read = (key: string, value = key) => kept.read(key, key, async () => (fetched.push(key), text(value)))
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

test('what is forgotten while it is fetched is not kept', async () => {
  const clock = fakeClock()
  const kept = new KeptReads({ ttlMs: 1_000, clock })
  let value = 'old'
  const pending = kept.read('k', 'x:a', async () => {
    const found = text(value)
    await Promise.resolve()
    return found
  })
  value = 'new'
  kept.forget('x:a')
  assert.equal(await pending, text('old'))
  assert.equal(await kept.read('k', 'x:a', async () => text(value)), text('new'))
})

test('a copy without a validator is fetched anew when its time is over, and what is gone is forgotten', async () => {
  const clock = fakeClock()
  const kept = new KeptReads({ ttlMs: 10, clock })
  const known: (string | undefined)[] = []
  const read = (answer: Awaited<ReturnType<Parameters<KeptReads['read']>[2]>>) =>
    kept.read('k', 'x:', async validator => {
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
