/**
 * The race of all scenarios: `node bench/run.ts [WORD…] [--rounds=7] [--seconds=1] [--only=NAME,…]`, after a build. A word picks scenarios, transports
 * or conversations. Prints a table for each; in the end all of them in one, and as a plot.
 */
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { commandOf, ENTRANTS } from './contenders.ts'
import { plot } from './plot.ts'
import { race, type Standing } from './race.ts'
import { SCENARIOS, type Scenario, type Speech } from './scenarios.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '7' }, seconds: { type: 'string', default: '1' }, only: { type: 'string' } },
})
const rounds = Number(values.rounds)
const seconds = Number(values.seconds)
const only = values.only?.split(',')

interface Event {
  readonly transport: 'http' | 'stdio' | 'ws'
  readonly speech: Speech
  readonly scenario: Scenario
  readonly connections: number
}

const [echo] = SCENARIOS as [Scenario]
const SPEECHES: readonly Speech[] = ['2026-07-28', '2025-11-25']
const EVENTS: readonly Event[] = [
  ...SCENARIOS.flatMap(scenario => SPEECHES.map(speech => ({ transport: 'http' as const, speech, scenario, connections: 32 }))),
  ...SPEECHES.map(speech => ({ transport: 'stdio' as const, speech, scenario: { ...echo, atMost: 1.2 }, connections: 64 })),
  { transport: 'ws', speech: '2026-07-28', scenario: echo, connections: 1000 },
]

function nameOf({ transport, speech, scenario }: Event): string {
  return `${scenario.name}, ${transport}, ${speech}`
}

console.log(`Node ${process.versions.node}, ${cpus()[0]?.model.trim()}, ${cpus().length} cores, ${rounds} rounds of ${seconds} s\n`)
const plots: string[] = []
const rows: (readonly [event: string, goal: number | undefined, standings: readonly Standing[]])[] = []
for (const event of EVENTS) {
  const name = nameOf(event)
  if (positionals.length > 0 && !positionals.every(word => name.includes(word))) continue
  const { transport, speech, scenario } = event
  const entrants = ENTRANTS.filter(
    entrant =>
      entrant.transports.includes(transport) &&
      entrant.speeches.includes(speech) &&
      (only === undefined || entrant.name === 'floor' || only.includes(entrant.name)),
  )
  const runners = entrants.map(entrant => ({ name: entrant.name, command: commandOf(entrant, ...argumentsOf(event)) }))
  const whole = entrants.find(({ name }) => name === 'Oarlock')
  if (whole !== undefined && scenario === echo && transport === 'http')
    runners.push({ name: 'Oarlock, with all around it', command: commandOf(whole, transport, 'whole') })
  const standings = await race(runners, { transport, speech, scenario, connections: event.connections, rounds, seconds })
  print(name, scenario, standings)
  plots.push(plot(name, standings, scenario.atMost))
  rows.push([name, scenario.atMost, standings])
}
summary()
console.log(`\nMultiples of the floor, on a logarithmic scale:\n\n\`\`\`text\n${plots.join('\n')}\n\`\`\``)

/** Peers answer in JSON where they can be told to, since it is cheaper; where progress is told they cannot. */
function argumentsOf({ transport, scenario }: Event): readonly string[] {
  return scenario.progress === true ? [transport, 'sse'] : [transport]
}

function print(name: string, { atMost }: Scenario, standings: readonly Standing[]): void {
  console.log(`\n### ${name}${atMost === undefined ? '' : ` (goal: at most ${atMost} of the floor)`}\n`)
  console.log('| | µs a request | of the floor | requests a second | median ms | 99 % ms | MB |\n|---|---|---|---|---|---|---|')
  for (const { name, cpu, ratio, perSecond, median, p99, resident, fault } of standings) {
    const figures =
      fault === undefined
        ? [cpu.toFixed(1), ratio.toFixed(2), perSecond.toFixed(0), median.toFixed(2), p99.toFixed(2), resident.toFixed(0)]
        : [`cannot: ${fault.replaceAll('|', '\\|')}`, '', '', '', '', '']
    console.log(`| ${[name, ...figures].join(' | ')} |`)
  }
}

/** All events in one table: processor time of the floor, and the multiples of the others. */
function summary(): void {
  const names = [...new Set(rows.flatMap(([, , standings]) => standings.slice(1).map(({ name }) => name)))]
  console.log(`\n| processor time a request | floor, µs | goal | ${names.join(' | ')} |\n|---|---|---|${names.map(() => '---|').join('')}`)
  for (const [event, goal, standings] of rows) {
    const cells = names.map(name => {
      const found = standings.find(each => each.name === name)
      return found === undefined ? '' : found.fault === undefined ? found.ratio.toFixed(2) : 'cannot'
    })
    console.log(
      `| ${[event, standings[0]?.fault === undefined ? standings[0]?.cpu.toFixed(1) : 'cannot', goal ?? '', ...cells].join(' | ')} |`,
    )
  }
}
