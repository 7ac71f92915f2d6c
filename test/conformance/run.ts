/**
 * The conformance gate: `node test/conformance/run.ts [WORD…]` starts the fixtures and runs the official suite against them, then with
 * the conformance client, each leg whose name contains a word, or all. `--verbose` prints what the suite prints. What is tested are the built packages, or the sources when started
 * with `-C @oarlock/source --import ./test/runner/register.ts`.
 */

import { parseArgs } from 'node:util'
import { FixtureServer } from './fixture-server.ts'
import { CLIENT_LEGS, SERVER_LEGS, SUITE_VERSION, type Leg } from './legs.ts'
import { suiteVersion } from './suite.ts'
import { printHead, printTotal, printTrial } from './table.ts'
import { tryClientLeg, tryLeg, type Trial } from './trial.ts'
import type { Verdict } from './gate.ts'

const { values, positionals } = parseArgs({
  args: process.argv.slice(2).filter(arg => arg !== '--'),
  allowPositionals: true,
  options: { verbose: { type: 'boolean', default: false } },
})

// So that children are ended as well.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1))

const installed = await suiteVersion()
if (installed !== SUITE_VERSION) throw new Error(`The counts are those of suite ${SUITE_VERSION}, but ${installed} is installed`)
const ALL = [...SERVER_LEGS, ...CLIENT_LEGS]
const legs = ALL.filter(({ name }) => positionals.length === 0 || positionals.some(word => name.includes(word)))
if (legs.length === 0) throw new Error(`No leg matches ${positionals.join(' ')}: there are ${ALL.map(({ name }) => name).join(', ')}`)
process.exitCode = printTotal(await runAll(legs))

async function runAll(legs: readonly Leg[]): Promise<Verdict[]> {
  const server = legs.some(({ side }) => side === 'server') ? await FixtureServer.start() : undefined
  try {
    console.log(`Official conformance suite ${installed}, server at ${server?.address ?? 'none'}, Node ${process.version}\n`)
    printHead()
    const verdicts: Verdict[] = []
    for (const leg of legs) {
      const trial = await run(leg, server)
      if (values.verbose) console.log(`${trial.output}\n${trial.errors}`)
      printTrial(trial)
      verdicts.push(trial.verdict)
    }
    return verdicts
  } finally {
    await server?.stop()
  }
}

function run(leg: Leg, server: FixtureServer | undefined): Promise<Trial> {
  return leg.side === 'client' || server === undefined ? tryClientLeg(leg) : tryLeg(leg, server)
}
