/** Runs one leg against the fixture server and watches the server before, during and after. */

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
