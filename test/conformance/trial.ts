/** Runs one leg: against the fixture server, which is watched before, during and after, or with the conformance client. */

import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FixtureServer } from './fixture-server.ts'
import { judge, type Verdict } from './gate.ts'
import type { Leg } from './legs.ts'
import { runSuite } from './suite.ts'

/** A leg that was run. */
export interface Trial {
  readonly verdict: Verdict
  readonly seconds: number
  /** Everything the suite printed. */
  readonly output: string
  /** What the server reported meanwhile on its error stream. */
  readonly errors: string
}

/** Runs a leg. Ends early, as a failure, when the server ends or the leg's time is over. */
export async function tryLeg(leg: Leg, server: FixtureServer): Promise<Trial> {
  const started = performance.now()
  const silence = [await server.silence()]
  const before = await server.requests()
  const run = await runWatched(leg, server)
  const after = await server.requests()
  silence.push(await server.silence())
  const verdict = judge(leg, run, {
    silence: silence.filter(text => text !== undefined),
    requests: before === undefined || after === undefined ? undefined : after - before,
  })
  return { verdict, seconds: (performance.now() - started) / 1000, output: run.output, errors: server.takeErrors() }
}

/** How the suite starts our client: as this process was started itself. It splits the command at spaces. */
const CLIENT_COMMAND = ['node', ...process.execArgv, relative('', fileURLToPath(new URL('client.ts', import.meta.url)))].join(' ')

/** Runs a leg of the client. */
export async function tryClientLeg(leg: Leg, command = CLIENT_COMMAND): Promise<Trial> {
  const started = performance.now()
  const stop = new AbortController()
  const late = setTimeout(() => stop.abort(new Error(`nothing: it took longer than ${leg.seconds} s`)), leg.seconds * 1000)
  try {
    const run = await runSuite(['client', ...leg.args, '--command', command], stop.signal)
    const verdict = judge(leg, run, { silence: [], requests: undefined })
    return { verdict, seconds: (performance.now() - started) / 1000, output: run.output, errors: '' }
  } finally {
    clearTimeout(late)
  }
}

async function runWatched(leg: Leg, server: FixtureServer): ReturnType<typeof runSuite> {
  const stop = new AbortController()
  const late = setTimeout(() => stop.abort(new Error(`nothing: it took longer than ${leg.seconds} s`)), leg.seconds * 1000)
  void server.ended.then(how => stop.abort(new Error(`nothing: ${how}`)))
  try {
    return await runSuite(['server', ...leg.args, '--url', server.address], stop.signal)
  } finally {
    clearTimeout(late)
  }
}
