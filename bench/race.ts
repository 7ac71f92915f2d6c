/** Runs one scenario against several servers in turns, so that what the machine does meanwhile happens to all of them. */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { median } from './cpu.ts'
import type { Round } from './load/load.ts'
import type { Scenario, Speech } from './scenarios.ts'

const LOAD_CORE = 1

export interface Runner {
  readonly name: string
  readonly command: readonly string[]
}

export interface Race {
  readonly transport: 'http' | 'stdio' | 'ws'
  readonly speech: Speech
  readonly scenario: Scenario
  readonly connections: number
  readonly rounds: number
  readonly seconds: number
}

/** What a runner showed: the middle of its rounds. */
export interface Standing {
  readonly name: string
  /** Processor time of the server in microseconds a request. */
  readonly cpu: number
  /** The middle of the ratios to the first runner, round by round. */
  readonly ratio: number
  readonly perSecond: number
  readonly median: number
  readonly p99: number
  readonly resident: number
  /** Why it could not take part. */
  readonly fault: string | undefined
}

/** All runners, interleaved. The first is what the others are compared with. */
export async function race(runners: readonly Runner[], options: Race): Promise<readonly Standing[]> {
  const loads = await Promise.all(runners.map(runner => load(runner, options)))
  const rounds = runners.map((): Round[] => [])
  try {
    for (let turn = -1; turn < options.rounds; turn += 1) {
      for (const [index, child] of loads.entries()) {
        const round = await run(child, options.seconds)
        // The first turn warms everybody up.
        if (turn >= 0) rounds[index]?.push(round)
      }
    }
  } finally {
    for (const child of loads) if (child.connected) child.disconnect()
    await Promise.all(loads.map(async child => child.exitCode ?? once(child, 'exit')))
  }
  return runners.map(({ name }, index) => standing(name, rounds[index] as Round[], rounds[0] as Round[]))
}

function standing(name: string, rounds: readonly Round[], floor: readonly Round[]): Standing {
  const of = (figure: (round: Round) => number): number => median(rounds.map(figure))
  return {
    name,
    cpu: of(round => round.cpu),
    ratio: median(rounds.map((round, index) => round.cpu / (floor[index] as Round).cpu)),
    perSecond: of(round => round.requests / round.seconds),
    median: of(round => round.median),
    p99: of(round => round.p99),
    resident: of(round => round.resident),
    fault: rounds.find(round => round.wrong > 0)?.example,
  }
}

async function load({ command }: Runner, { transport, speech, scenario, connections }: Race): Promise<ChildProcess> {
  const args = [transport, speech, scenario.name, String(scenario.connections ?? connections), '--', ...command]
  const child = fork(fileURLToPath(new URL('load/load.ts', import.meta.url)), args, {
    execPath: 'taskset',
    execArgv: ['-c', String(LOAD_CORE), process.execPath],
  })
  await heard(child)
  return child
}

async function run(child: ChildProcess, seconds: number): Promise<Round> {
  child.send(seconds)
  return (await heard(child)) as Round
}

/** What a load says next. A load that ends instead has written why. */
async function heard(child: ChildProcess): Promise<unknown> {
  const over = new AbortController()
  const gone = once(child, 'exit', { signal: over.signal }).then(() =>
    Promise.reject(new Error(`The load ${child.spawnargs.join(' ')} ended early`)),
  )
  try {
    const [message] = (await Promise.race([once(child, 'message', { signal: over.signal }), gone])) as [unknown]
    return message
  } finally {
    gone.catch(() => undefined)
    over.abort()
  }
}
