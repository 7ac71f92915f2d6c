import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { SharedWatches } from '../../src/provider/shared-watches.ts'

const test = suite('shared watches')

interface Source {
  readonly log: string[]
  readonly watches: SharedWatches
  update(): void
}

function source(start: (count: number) => void = () => {}): Source {
  const log: string[] = []
  let update = (): void => {}
  let started = 0
  const watches = new SharedWatches(
    async (uri, updated) => {
      started += 1
      log.push(`start ${uri}`)
      await Promise.resolve()
      start(started)
      update = updated
      return () => {
        log.push(`stop ${uri}`)
        if (uri === 'x:stuck') throw new Error('stuck')
      }
    },
    uri => log.push(`updated ${uri}`),
    (cause, where) => log.push(`failed ${where}: ${(cause as Error).message}`),
  )
  return { log, watches, update: () => update() }
}

test('a document is watched once for all who follow it, and each of them hears of a change', async () => {
  const { log, watches, update } = source()
  const heard: string[] = []
  const [a, b] = await Promise.all(['a', 'b'].map(name => watches.follow('x:1', () => heard.push(name))))
  update()
  assert.equal(heard, ['a', 'b'])
  a?.()
  a?.()
  update()
  assert.equal(heard, ['a', 'b', 'b'])
  b?.()
  await Promise.resolve()
  assert.equal(log, ['start x:1', 'updated x:1', 'updated x:1', 'stop x:1'])
})

test('a watch that cannot start fails for those who wait for it, and is started anew for the next', async () => {
  const { log, watches } = source(count => {
    if (count === 1) throw new Error('no')
  })
  const tried = await Promise.allSettled([watches.follow('x:1', () => {}), watches.follow('x:1', () => {})])
  assert.equal(
    tried.map(({ status }) => status),
    ['rejected', 'rejected'],
  )
  const stop = await watches.follow('x:1', () => {})
  stop()
  await Promise.resolve()
  assert.equal(log, ['start x:1', 'start x:1', 'stop x:1'])
})

test('what fails when a watch stops is reported', async () => {
  const { log, watches } = source()
  const stop = await watches.follow('x:stuck', () => {})
  stop()
  await new Promise(resolve => setImmediate(resolve))
  assert.equal(log.slice(1), ['stop x:stuck', 'failed watch of x:stuck: stuck'])
})

test('clearing ends all', async () => {
  const { log, watches, update } = source()
  let heard = 0
  const stop = await watches.follow('x:1', () => (heard += 1))
  watches.clear()
  update()
  stop()
  await new Promise(resolve => setImmediate(resolve))
  assert.is(heard, 0)
  assert.equal(
    log.filter(line => line.startsWith('stop')),
    ['stop x:1'],
  )
})

test.run()
