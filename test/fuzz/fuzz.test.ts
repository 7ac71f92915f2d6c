/** The short run: every target is explored a little, the same way each time. The long run is `pnpm fuzz [target] [seconds]`. */
// time limit: 240 s
// not on Node 20: what is counted is our sources, which Node 20 cannot load
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { TARGETS, textOf, type TargetName } from './engine/target.ts'
import { watch, watchModule } from './engine/watch.ts'

const test = suite('fuzz')

/** Inputs for each: about two seconds. */
const RUNS: Readonly<Record<TargetName, number>> = {
  message: 5000,
  classify: 10_000,
  uri: 6000,
  sse: 3000,
  lines: 2500,
  state: 8000,
  prompt: 1200,
  header: 8000,
}

for (const name of TARGETS) {
  test(`${RUNS[name]} inputs made for ${name} break nothing`, async () => {
    const { runs, corpus, seen, found } = await watch(name, { seed: 1, runs: RUNS[name], ms: 25_000 })
    if (found !== undefined) {
      const say = `pnpm fuzz ${name} 60 1 finds it again, and keeps it for good`
      assert.unreachable(`${name} breaks on ${JSON.stringify(textOf(found.input))} (${say}): ${found.why}`)
    }
    assert.ok(runs > 0 && seen > 0 && corpus.length > 1, `${runs} runs, ${seen} places, ${corpus.length} inputs`)
  })
}

test('the loop finds what lies behind three bytes, since each that is right leads further', async () => {
  const { found, runs } = await watchModule('../fixtures/deep.ts', ['some text'], { seed: 1, runs: 300_000, ms: 25_000 })
  assert.is(found && textOf(found.input), 'f{z', `${runs} runs`)
})

test('an input that never ends is stopped and told', async () => {
  const { found } = await watchModule('../fixtures/endless.ts', ['on'], { seed: 1, runs: 10, ms: 25_000, endlessMs: 1000 })
  assert.is(found && textOf(found.input), 'on')
  assert.match(found?.why ?? '', /takes more than/)
})

test.run()
