/** The conformance gate itself: that it lets nothing through that it should hold. */
// not on Node 20: the official suite needs Node 22

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { FixtureServer } from './fixture-server.ts'
import { judge } from './gate.ts'
import type { Leg } from './legs.ts'
import type { Scenario, SuiteRun } from './suite.ts'
import { tryClientLeg, tryLeg } from './trial.ts'

const gate = suite('conformance gate')

const PINNED: Leg = {
  side: 'server',
  name: 'small',
  args: ['--suite', 'all', '--spec-version', '2025-03-26'],
  scenarios: 1,
  passed: 3,
  seconds: 30,
}
const SEEN = { silence: [], requests: 10 }

function scenario(name: string, passed: number, failed = 0, remarks: readonly string[] = []): Scenario {
  return { name, passed, failed, warnings: 0, remarks }
}

function ran(...scenarios: readonly Scenario[]): SuiteRun {
  return { end: 0, scenarios, total: scenarios.reduce((all, { passed }) => all + passed, 0), output: '' }
}

gate('holds where the suite finds exactly what is pinned', () => {
  assert.equal(judge(PINNED, ran(scenario('ping', 3)), SEEN).problems, [])
})

gate('fails on fewer passes, on more, and on a scenario that is gone', () => {
  assert.equal(judge(PINNED, ran(scenario('ping', 2)), SEEN).problems, ['2 checks passed, 3 are pinned'])
  assert.equal(judge(PINNED, ran(scenario('ping', 4)), SEEN).problems, ['4 checks passed, 3 are pinned'])
  assert.equal(judge({ ...PINNED, passed: 0 }, ran(), SEEN).problems, ['0 scenarios ran, 1 are pinned'])
})

gate('names the check that failed and what the suite says about it', () => {
  const { problems, failed } = judge(PINNED, { ...ran(scenario('ping', 3, 1, ['ping: no answer'])), end: 1 }, SEEN)
  assert.is(failed, 1)
  assert.equal(problems, ['ping › ping: no answer', 'the suite ended with 1'])
})

gate('does not count scenarios of extensions that are not offered', () => {
  const { problems, passed, failed, uncounted } = judge(PINNED, ran(scenario('ping', 3), scenario('tasks-lifecycle', 1, 8)), SEEN)
  assert.equal([problems, passed, failed, uncounted.length], [[], 3, 0, 1])
})

gate('fails where the scenarios and the total of the suite differ, and where there is no total', () => {
  assert.equal(judge(PINNED, { ...ran(scenario('ping', 3)), total: 4 }, SEEN).problems, ['the suite counts 4, its scenarios 3'])
  assert.match(judge(PINNED, { ...ran(), total: undefined }, SEEN).problems.join(), 'the suite counts nothing')
})

gate('fails where the suite passes without the server having seen it', () => {
  assert.equal(judge(PINNED, ran(scenario('ping', 3)), { silence: [], requests: 0 }).problems, ['the server saw 0 requests in 1 scenarios'])
})

gate('holds against a living server, and counts what reached it', async () => {
  const server = await FixtureServer.start()
  try {
    const { verdict } = await tryLeg(PINNED, server)
    assert.equal(verdict.problems, [])
    assert.ok(verdict.requests >= 3)
  } finally {
    await server.stop()
  }
})

gate('fails against a dead server, whatever the suite passes', async () => {
  const server = await FixtureServer.start()
  await server.stop()
  const { verdict } = await tryLeg({ ...PINNED, passed: 0 }, server)
  assert.is(verdict.problems.filter(text => text.startsWith('the server does not answer')).length, 2)
})

gate('stops as soon as the server ends in the middle of a leg', async () => {
  const server = await FixtureServer.start()
  const trial = tryLeg({ ...PINNED, args: ['--suite', 'active'] }, server)
  const requests = async (): Promise<number> => (await server.requests()) ?? 0
  while ((await requests()) < 10);
  await server.stop()
  const { verdict } = await trial
  assert.match(verdict.problems.join('\n'), /the suite ended with nothing: the server ended with/)
})

const CLIENT: Leg = { ...PINNED, side: 'client', args: ['--suite', 'metadata'], scenarios: 4, passed: 72, seconds: 60 }

gate('holds where the client tells every story, and counts every scenario of a client', async () => {
  const { verdict } = await tryClientLeg(CLIENT)
  assert.equal([verdict.problems, verdict.uncounted], [[], []])
})

gate('fails where there is no client to tell them', async () => {
  const { verdict } = await tryClientLeg(CLIENT, 'node --eval 0')
  assert.match(verdict.problems.join('\n'), 'the suite ended with 1')
  assert.match(verdict.problems.join('\n'), 'auth/metadata-var3 ›')
})

gate.run()
