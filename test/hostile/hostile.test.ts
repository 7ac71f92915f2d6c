/** Everything hostile that we could think of, from outside, against a house in a process of its own: each case is refused, and nobody else notices. */
// time limit: 300 s
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Bystander } from './bystander.ts'
import type { Case, Way } from './case.ts'
import { FAMILIES } from './families.ts'
import { judge } from './judge.ts'
import { House } from './process.ts'
import { Trials } from './trials.ts'

const test = suite('hostile')

/** A case over one of its ways. */
interface Trial {
  readonly name: string
  readonly each: Case
  readonly way: Way | undefined
}

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

let house: House
let bystander: Bystander
let tried: Trials

test.before(async () => {
  house = await House.open()
  bystander = await Bystander.enter(house)
  tried = new Trials(house)
  // What takes its time is begun at once.
  for (const { each, way } of trials) if (each.kind !== 'talk') tried.begin(each, way)
})

test.after(async () => {
  bystander.leave()
  await tried.end()
  assert.is(await house.close(), 0)
})

/** So many are under way when the first of them is judged. */
const AHEAD = 8

/** So often the memory is judged too, and so many bytes may be held besides what the house itself takes: what is under way, and what is kept for a while. */
const LOOK_EVERY = 200
const MOST_HELD = 32 * 2 ** 20
let empty: number | undefined

async function judgeMemory(): Promise<void> {
  const { heap } = await house.held()
  empty ??= heap
  assert.ok(heap - empty < MOST_HELD, `${heap - empty} bytes more are held than at the beginning`)
}

for (const [index, { name, each, way }] of trials.entries()) {
  test(name, async () => {
    for (const next of trials.slice(index, index + AHEAD)) tried.begin(next.each, next.way)
    judge(each, way, await tried.run(each, way))
    await bystander.ask()
    if (index % LOOK_EVERY === 0) await judgeMemory()
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
  const again = trials.filter(({ each }, index) => each.kind === 'talk' && index % 12 === 0)
  const held: number[] = []
  for (let round = 0; round < 4; round++) {
    for (const { each, way } of again) await tried.run(each, way)
    held.push((await house.held()).heap)
  }
  const { rss } = await house.held()
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
