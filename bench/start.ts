/** Start-up: from the start of the process to the first `tools/list` answer over stdio, in turns: `node bench/start.ts [ROUNDS]`, after a build. */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
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
/** Its code as Node kept it from the start before. */
const kept: Entrant = { ...lean, name: 'Oarlock, by two doors, with NODE_COMPILE_CACHE' }
const snapshot: Entrant = { ...lean, name: 'Oarlock, by two doors, from a startup snapshot' }
const entrants = [floorEntrant, everyday, lean, ...peers, kept, snapshot]
const cache = mkdtempSync(join(tmpdir(), 'oarlock-bench-'))
const image = join(cache, 'oarlock.snapshot')

/** As examples/snapshot does. */
async function buildSnapshot(): Promise<void> {
  const entry = fileURLToPath(new URL('servers/oarlock-snapshot.ts', import.meta.url))
  const script = `${image}.cjs`
  await build({ entryPoints: [entry], outfile: script, bundle: true, platform: 'node', format: 'cjs', minify: true })
  execFileSync(process.execPath, ['--snapshot-blob', image, '--build-snapshot', script])
}

async function startOf(entrant: Entrant): Promise<number> {
  const speech = entrant.speeches[0] as Entrant['speeches'][number]
  if (entrant === kept) process.env['NODE_COMPILE_CACHE'] = cache
  const begun = performance.now()
  const command = entrant === snapshot ? [process.execPath, '--snapshot-blob', image] : commandOf(entrant, 'stdio')
  const contender = await start(command, false)
  delete process.env['NODE_COMPILE_CACHE']
  const [conversation] = await Conversations.stdio(contender, speech, listing, 1)
  const problem = await conversation?.ask()
  const took = performance.now() - begun
  const ended = once(contender.child, 'exit')
  // Node keeps the code of a process that ends by itself.
  if (entrant === kept) contender.child.stdin.end()
  else contender.stop()
  await ended
  if (problem !== undefined) throw new Error(`${entrant.name}: ${problem}`)
  return took
}

await buildSnapshot()
const figures = new Map(entrants.map(entrant => [entrant, [] as number[]]))
for (let turn = -1; turn < rounds; turn += 1) {
  for (const entrant of entrants) {
    const took = await startOf(entrant)
    if (turn >= 0) figures.get(entrant)?.push(took)
  }
}
const floor = median(figures.get(floorEntrant) as number[])
console.log('| | ms to the first tools/list | of the floor |\n|---|---|---|')
for (const [entrant, times] of figures) {
  const { name } = entrant
  // Peers may have Node do this for them as well: another table, so that nobody compares what is not alike.
  if (entrant === kept) console.log('\nHelped by Node:\n\n| | ms to the first tools/list | of the floor |\n|---|---|---|')
  console.log(`| ${name} | ${median(times).toFixed(0)} | ${(median(times) / floor).toFixed(2)} |`)
}
rmSync(cache, { recursive: true })
process.exit()
