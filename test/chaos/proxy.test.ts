/** A network that cuts, stalls and corrupts: everything succeeds or fails in time, nothing is done twice, nothing is left behind. */
// time limit: 180 s
import { OutcomeUnknown } from '@oarlock/client'
import { ConnectionClosed, TimedOut } from '@oarlock/protocol'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { random, type Mischief } from './proxy.ts'
import { stage } from './serving.ts'

const test = suite('chaos')

const HEAL = { firstMs: 5, longestMs: 50, attempts: 30 }
const REVISIONS = ['2025-11-25', '2026-07-28'] as const

for (const revision of REVISIONS) {
  test(`${revision}: 500 idempotent calls all succeed or fail within their timeout`, async () => {
    const scene = await stage()
    const client = await scene.client({ revision, heal: HEAL })
    await client.tools()
    const next = random(7)
    const kinds: readonly Mischief[] = ['pass', 'cut', 'cut', 'stall', 'corrupt', 'refuse']
    scene.proxy.plan = () => ({ mischief: kinds[Math.floor(next() * kinds.length)] as Mischief, after: Math.floor(next() * 3000) })
    scene.proxy.cut()
    const timeoutMs = 1500
    const outcomes = { done: 0, failed: 0 }
    const call = async (n: number): Promise<void> => {
      const started = performance.now()
      try {
        assert.is(await client.call('echo', { n }, { timeoutMs }), `echo ${n} ${'x'.repeat(n % 700)}`)
        outcomes.done += 1
      } catch (cause) {
        assert.not.instance(cause, assert.Assertion)
        outcomes.failed += 1
      }
      assert.ok(performance.now() - started < timeoutMs + 1500, `call ${n} took ${performance.now() - started} ms`)
    }
    for (let batch = 0; batch < 25; batch++) await Promise.all(Array.from({ length: 20 }, (_, i) => call(batch * 20 + i)))
    assert.is(outcomes.done + outcomes.failed, 500)
    assert.ok(outcomes.done > 250, `only ${outcomes.done} succeeded`)
    scene.proxy.plan = () => ({ mischief: 'pass', after: 0 })
    assert.is(await client.call('echo', { n: 1 }, { timeoutMs: 10_000 }), 'echo 1 x')
    await client.close()
    await scene.close()
  })

  test(`${revision}: what may not be repeated is done at most once, and says so when nobody knows`, async () => {
    const scene = await stage()
    const client = await scene.client({ revision, heal: HEAL })
    const next = random(11)
    scene.proxy.plan = () => ({ mischief: next() < 0.5 ? 'cut' : 'pass', after: Math.floor(next() * 600) })
    scene.proxy.cut()
    const unknown: number[] = []
    for (let n = 0; n < 150; n++) {
      try {
        assert.is(await client.call('pay', { n }, { timeoutMs: 5000 }), `paid ${n}`)
        assert.is(scene.paid.get(n), 1)
      } catch (cause) {
        assert.ok(OutcomeUnknown.is(cause) || ConnectionClosed.is(cause) || TimedOut.is(cause), String(cause))
        unknown.push(n)
      }
    }
    assert.ok([...scene.paid.values()].every(times => times === 1))
    assert.ok(unknown.length > 0 && unknown.length < 150, `${unknown.length} unknown`)
    await client.close()
    await scene.close()
  })

  test(`${revision}: 100 reconnects leave nothing behind`, async () => {
    const scene = await stage()
    const client = await scene.client({ revision, heal: HEAL })
    const subscription = client.listen({ tools: true })
    await subscription.ready
    for (let i = 0; i < 100; i++) {
      scene.proxy.cut()
      assert.is((await client.read('note://one', { timeoutMs: 5000, fresh: true }))[0]?.uri, 'note://one')
    }
    subscription.close()
    await client.close()
    // What fetch keeps open to use again.
    assert.ok(scene.proxy.open <= 3, `${scene.proxy.open} connections are left`)
    await scene.close()
  })

  test(`${revision}: a half-open connection is noticed by the timeout, and the next call fares well`, async () => {
    const scene = await stage()
    const client = await scene.client({ revision, heal: HEAL })
    await client.tools()
    scene.proxy.plan = () => ({ mischief: 'stall', after: 0 })
    scene.proxy.cut()
    const started = performance.now()
    let failed: unknown
    await client.call('echo', { n: 1 }, { timeoutMs: 300 }).catch((cause: unknown) => (failed = cause))
    assert.ok(TimedOut.is(failed) || ConnectionClosed.is(failed), String(failed))
    assert.ok(performance.now() - started < 1500)
    scene.proxy.plan = () => ({ mischief: 'pass', after: 0 })
    scene.proxy.cut()
    assert.is(await client.call('echo', { n: 2 }, { timeoutMs: 5000 }), 'echo 2 xx')
    await client.close()
    await scene.close()
  })
}

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
  const client = await scene.client({ revision: '2025-11-25', logLevel: 'debug', timeoutMs: 120_000 }, { clock, attempts: 50 })
  const seen: unknown[] = []
  let cuts = 0
  let until = 3
  client.on('log', ({ data }) => {
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
  await client.close()
  await scene.close()
})

test.run()
