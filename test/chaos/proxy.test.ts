/** Storms over HTTP, and streams that are cut while they bring something. */
// time limit: 180 s
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { random } from '../proxy/proxy.ts'
import { stage } from './serving.ts'
import { addStorms } from './storms.ts'

const test = suite('chaos')

addStorms(test, 'http')

test('120 random cuts of a resumable stream lose nothing and double nothing', async () => {
  const scene = await stage()
  const next = random(3)
  // Real waits, a hundred times shorter.
  const clock = {
    now: () => Date.now(),
    after: (ms: number, wake: () => void) =>
      (
        timer => () =>
          clearTimeout(timer)
      )(setTimeout(wake, ms / 100)),
  }
  const client = await scene.client({ revision: '2025-11-25', logLevel: 'debug', timeout: 120_000 }, { clock, attempts: 50 })
  const seen: unknown[] = []
  let cuts = 0
  let until = 3
  client.on('log.received', ({ data }) => {
    seen.push(data)
    if (cuts >= 120 || --until > 0) return
    until = 1 + Math.floor(next() * 6)
    cuts += 1
    scene.proxy.cut()
  })
  const total = 1500
  assert.is(await client.call('count', { n: total }), 'counted')
  assert.is(cuts, 120)
  assert.equal(
    seen,
    Array.from({ length: total }, (_, i) => i),
  )
  assert.equal(scene.odd, [])
  await client.close()
  await scene.close()
})

test.run()
