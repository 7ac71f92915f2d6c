/**
 * The conformance gate: `node test/conformance/run.ts [WORD…]` starts the fixtures and runs the official suite against them, each leg whose
 * name contains a word, or all. `--verbose` prints what the suite prints. What is tested are the built packages, or the sources when started
 * with `-C @oarlock/source --import ./test/runner/register.ts`.
 */

import { parseArgs } from 'node:util'
import { FixtureServer } from './fixture-server.ts'
import { SERVER_LEGS, SUITE_VERSION, type Leg } from './legs.ts'
import { suiteVersion } from './suite.ts'
import { printHead, printTotal, printTrial } from './table.ts'
import { tryLeg } from './trial.ts'
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
const legs = SERVER_LEGS.filter(({ name }) => positionals.length === 0 || positionals.some(word => name.includes(word)))
if (legs.length === 0)
  throw new Error(`No leg matches ${positionals.join(' ')}: there are ${SERVER_LEGS.map(({ name }) => name).join(', ')}`)
process.exitCode = printTotal(await runAll(legs))

async function runAll(legs: readonly Leg[]): Promise<Verdict[]> {
  const server = await FixtureServer.start()
  try {
    console.log(`Official conformance suite ${installed}, server at ${server.address}, Node ${process.version}\n`)
    printHead()
    const verdicts: Verdict[] = []
    for (const leg of legs) {
      const trial = await tryLeg(leg, server)
      if (values.verbose) console.log(`${trial.output}\n${trial.errors}`)
      printTrial(trial)
      verdicts.push(trial.verdict)
    }
    return verdicts
  } finally {
    await server.stop()
  }
}
