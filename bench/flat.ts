/**
 * Whether cost stays flat: the same call with 2 tools and with 1,000, and with 1 session and 10,000: `node bench/flat.ts [ROUNDS]`, after a build. Each pair runs in
 * turns against servers of its own.
 */
import { commandOf, ENTRANTS } from './contenders.ts'
import { race, type Runner } from './race.ts'
import { scenarioOf } from './scenarios.ts'

const rounds = Number(process.argv[2] ?? 9)
const oarlock = ENTRANTS.find(({ name }) => name === 'Oarlock') as (typeof ENTRANTS)[number]
const scenario = scenarioOf('echo')
const withEnv = (set: string): readonly string[] => ['env', set, ...commandOf(oarlock, 'http')]

const tools = (count: number): Runner => ({ name: `${count} tools`, command: withEnv(`BENCH_TOOLS=${count}`) })
const sessions = (count: number): Runner => ({ name: `${count} sessions`, command: withEnv(`BENCH_SESSIONS=${count}`) })

console.log('| | µs a request | of the first |\n|---|---|---|')
for (const speech of ['2026-07-28', '2025-11-25'] as const) {
  const pair = speech === '2026-07-28' ? [tools(2), tools(1000)] : [sessions(0), sessions(10_000)]
  for (const { name, cpu, ratio } of await race(pair, { transport: 'http', speech, scenario, connections: 32, rounds, seconds: 1 })) {
    console.log(`| ${speech}, ${name} | ${cpu.toFixed(1)} | ${ratio.toFixed(3)} |`)
  }
}
