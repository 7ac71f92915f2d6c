/** Everything hostile that we could think of, from outside, against a house in a process of its own: each case is refused, and nobody else notices. */
// time limit: 300 s
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Bystander } from './bystander.ts'
import type { Way } from './case.ts'
import { FAMILIES } from './families.ts'
import { judge } from './judge.ts'
import { House } from './process.ts'
import { Scales, type Trial } from './scales.ts'
import { Trials } from './trials.ts'

const test = suite('hostile')

const trials: readonly Trial[] = [...FAMILIES].flatMap(([family, cases]) =>
  cases.flatMap(each => {
    const ways: readonly (Way | undefined)[] = each.kind === 'talk' ? each.over : [undefined]
    return ways.map(way => ({
      name: `${family}: ${each.name} (${way ?? (each.kind === 'bytes' ? each.door : 'stdio')}; ${each.rule})`,
      each,
      way,
    }))
  }),
)

/** So many are under way when the first of them is judged. */
const AHEAD = 8

/** Some of everything. */
const SOME = trials.filter(({ each }, index) => each.kind === 'talk' && index % 12 === 0)

let house: House
let bystander: Bystander
let tried: Trials
let scales: Scales

test.before(async () => {
  house = await House.open()
  bystander = await Bystander.enter(house)
  tried = new Trials(house)
  scales = new Scales(tried, trials)
  // Code that runs for the first time, and what is made once, stays.
  for (const [index, { each, way }] of SOME.entries()) {
    for (const next of SOME.slice(index, index + AHEAD)) tried.begin(next.each, next.way)
    await tried.run(each, way)
  }
  // What takes its time is begun at once.
  for (const { each, way } of trials) if (each.kind !== 'talk') tried.begin(each, way)
})

test.after(async () => {
  bystander.leave()
  await tried.end()
  assert.is(await house.close(), 0)
})

for (const [index, trial] of trials.entries()) {
  test(trial.name, async () => {
    for (const { each, way } of trials.slice(index, index + AHEAD)) tried.begin(each, way)
    judge(trial.each, trial.way, await tried.run(trial.each, trial.way))
    await bystander.ask()
    await scales.weigh(trial)
  })
}

test('no two cases have the same name, and each says what it rests on', () => {
  const names = trials.map(({ name }) => name)
  assert.equal(
    names.filter((name, index) => names.indexOf(name) !== index),
    [],
  )
  const rule =
    /^(?:S-[A-Z]+-\d\d|T\d+|row \d+|RFC \d+(?: section [\d.]+)?|plain sense: .{10,}|DIGEST [\d.]+)(?:, (?:S-[A-Z]+-\d\d|T\d+|row \d+|RFC \d+ section [\d.]+))*$/
  assert.equal(
    [...FAMILIES.values()]
      .flat()
      .filter(each => !rule.test(each.rule))
      .map(each => `${each.name}: ${each.rule}`),
    [],
  )
})

test('the house has printed nothing, and its memory comes to rest', async () => {
  const held: number[] = []
  for (let round = 0; round < 4; round++) {
    for (const { each, way } of SOME) await tried.run(each, way)
    held.push((await house.memory.held()).heap)
  }
  const { rss } = await house.memory.held()
  const [first, last] = [Math.min(...held.slice(0, 2)), Math.min(...held.slice(2))]
  assert.ok(last - first < 2 * 2 ** 20, `the heap grew from round to round: ${held.join(', ')}`)
  assert.ok(rss < 400 * 1024 * 1024, `it takes ${rss} bytes`)
  assert.is(house.printed, '')
  const rows = [...FAMILIES].map(([family, { length }]) => `${family} ${length}`)
  console.log(`\n  ${[...FAMILIES.values()].flat().length} cases, ${trials.length} trials: ${rows.join(', ')}`)
  console.log(
    `  heap after each round: ${held.map(each => `${(each / 2 ** 20).toFixed(1)} MiB`).join(', ')}; resident ${(rss / 2 ** 20).toFixed(0)} MiB`,
  )
})

test.run()
