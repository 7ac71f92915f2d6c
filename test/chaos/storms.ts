/** The storms that every transport has to come through: calls, payments and reconnects over a network that cuts, stalls and corrupts. */
import { OutcomeUnknown } from '@oarlock/client'
import { ConnectionClosed, TimedOut } from '@oarlock/protocol'
import type { Test } from 'uvu'
import * as assert from 'uvu/assert'
import { random, type Mischief } from '../proxy/proxy.ts'
import { stage, type Wire } from './serving.ts'

const HEAL = { firstWait: 5, longestWait: 50, attempts: 30 }
const REVISIONS = ['2025-11-25', '2026-07-28'] as const

/** Adds them to a suite. */
export function addStorms(test: Test, wire: Wire): void {
  for (const revision of REVISIONS) {
    manyCalls(test, wire, revision)
    payments(test, wire, revision)
    reconnects(test, wire, revision)
    halfOpen(test, wire, revision)
  }
}

type Revision = (typeof REVISIONS)[number]

function manyCalls(test: Test, wire: Wire, revision: Revision): void {
  test(`${wire}, ${revision}: 500 idempotent calls all succeed or fail within their timeout`, async () => {
    const scene = await stage(wire)
    const client = await scene.client({ revision, heal: HEAL })
    await client.tools()
    const next = random(7)
    const kinds: readonly Mischief[] = ['pass', 'cut', 'cut', 'stall', 'corrupt', 'refuse']
    scene.proxy.plan = () => ({ mischief: kinds[Math.floor(next() * kinds.length)] as Mischief, after: Math.floor(next() * 3000) })
    scene.proxy.cut()
    const timeout = 1500
    const outcomes = { done: 0, failed: 0 }
    const call = async (n: number): Promise<void> => {
      const started = performance.now()
      try {
        assert.is(await client.call('echo', { n }, { timeout }), `echo ${n} ${'x'.repeat(n % 700)}`)
        outcomes.done += 1
      } catch (cause) {
        assert.not.instance(cause, assert.Assertion)
        outcomes.failed += 1
      }
      assert.ok(performance.now() - started < timeout + 1500, `call ${n} took ${performance.now() - started} ms`)
    }
    for (let batch = 0; batch < 25; batch++) await Promise.all(Array.from({ length: 20 }, (_, i) => call(batch * 20 + i)))
    assert.is(outcomes.done + outcomes.failed, 500)
    assert.ok(outcomes.done > 250, `only ${outcomes.done} succeeded`)
    scene.proxy.plan = () => ({ mischief: 'pass', after: 0 })
    assert.is(await client.call('echo', { n: 1 }, { timeout: 10_000 }), 'echo 1 x')
    assert.equal(scene.odd, [])
    await client.close()
    await scene.close()
  })
}

function payments(test: Test, wire: Wire, revision: Revision): void {
  test(`${wire}, ${revision}: what may not be repeated is done at most once, and says so when nobody knows`, async () => {
    const scene = await stage(wire)
    const client = await scene.client({ revision, heal: HEAL })
    const next = random(11)
    scene.proxy.plan = () => ({ mischief: next() < 0.5 ? 'cut' : 'pass', after: Math.floor(next() * 600) })
    scene.proxy.cut()
    const unknown: number[] = []
    for (let n = 0; n < 150; n++) {
      try {
        assert.is(await client.call('pay', { n }, { timeout: 5000 }), `paid ${n}`)
        assert.is(scene.paid.get(n), 1)
      } catch (cause) {
        assert.ok(OutcomeUnknown.is(cause) || ConnectionClosed.is(cause) || TimedOut.is(cause), String(cause))
        unknown.push(n)
      }
    }
    assert.ok([...scene.paid.values()].every(times => times === 1))
    assert.ok(unknown.length > 0 && unknown.length < 150, `${unknown.length} unknown`)
    assert.equal(scene.odd, [])
    await client.close()
    await scene.close()
  })
}

function reconnects(test: Test, wire: Wire, revision: Revision): void {
  test(`${wire}, ${revision}: 100 reconnects leave nothing behind`, async () => {
    const scene = await stage(wire)
    const client = await scene.client({ revision, heal: HEAL })
    const subscription = client.listen({ tools: true })
    await subscription.ready
    for (let i = 0; i < 100; i++) {
      scene.proxy.cut()
      assert.is((await client.read('note://one', { timeout: 5000, fresh: true }))[0]?.uri, 'note://one')
    }
    subscription.close()
    await client.close()
    // What fetch keeps open to use again.
    assert.ok(scene.proxy.open <= 3, `${scene.proxy.open} connections are left`)
    await scene.close()
  })
}

function halfOpen(test: Test, wire: Wire, revision: Revision): void {
  test(`${wire}, ${revision}: a half-open connection is noticed by the timeout, and the next call fares well`, async () => {
    const scene = await stage(wire)
    const client = await scene.client({ revision, heal: HEAL })
    await client.tools()
    scene.proxy.plan = () => ({ mischief: 'stall', after: 0 })
    scene.proxy.cut()
    const started = performance.now()
    let failed: unknown
    await client.call('echo', { n: 1 }, { timeout: 300 }).catch((cause: unknown) => (failed = cause))
    assert.ok(TimedOut.is(failed) || ConnectionClosed.is(failed), String(failed))
    assert.ok(performance.now() - started < 1500)
    scene.proxy.plan = () => ({ mischief: 'pass', after: 0 })
    scene.proxy.cut()
    assert.is(await client.call('echo', { n: 2 }, { timeout: 5000 }), 'echo 2 xx')
    assert.equal(scene.odd, [])
    await client.close()
    await scene.close()
  })
}
