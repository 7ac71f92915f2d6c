/** Start-up: from the start of the process to the first `tools/list` answer over stdio, in turns: `node bench/start.ts [ROUNDS]`, after a build. */
import { once } from 'node:events'
import { commandOf, ENTRANTS, type Entrant } from './contenders.ts'
import { median } from './cpu.ts'
import { start } from './load/contender.ts'
import { Conversations } from './load/conversation.ts'
import { scenarioOf } from './scenarios.ts'

const rounds = Number(process.argv[2] ?? 15)
const listing = scenarioOf('tools/list, 103 tools')
const lean: Entrant = { name: 'Oarlock, by two doors of it', file: 'oarlock-lean', speeches: ['2026-07-28'], transports: ['stdio'] }
const [floorEntrant, everyday, ...peers] = ENTRANTS.filter(({ transports }) => transports.includes('stdio')) as [
  Entrant,
  Entrant,
  ...Entrant[],
]
const entrants = [floorEntrant, everyday, lean, ...peers]

async function startOf(entrant: Entrant): Promise<number> {
  const speech = entrant.speeches[0] as Entrant['speeches'][number]
  const begun = performance.now()
  const contender = await start(commandOf(entrant, 'stdio'), false)
  const [conversation] = await Conversations.stdio(contender, speech, listing, 1)
  const problem = await conversation?.ask()
  const took = performance.now() - begun
  contender.stop()
  await once(contender.child, 'exit')
  if (problem !== undefined) throw new Error(`${entrant.name}: ${problem}`)
  return took
}

const figures = new Map(entrants.map(entrant => [entrant, [] as number[]]))
for (let turn = -1; turn < rounds; turn += 1) {
  for (const entrant of entrants) {
    const took = await startOf(entrant)
    if (turn >= 0) figures.get(entrant)?.push(took)
  }
}
const floor = median(figures.get(floorEntrant) as number[])
console.log('| | ms to the first tools/list | of the floor |\n|---|---|---|')
for (const [{ name }, times] of figures) console.log(`| ${name} | ${median(times).toFixed(0)} | ${(median(times) / floor).toFixed(2)} |`)
process.exit()
