/** Decides whether a run of the suite may pass: what it found, and whether a living server was there to be found. */

import { counts, type Leg } from './legs.ts'
import type { Scenario, SuiteRun } from './suite.ts'

/** What was seen of the server around a run. */
export interface Sighting {
  /** Why it did not answer before or after. */
  readonly silence: readonly string[]
  /** HTTP requests that reached it during the run; undefined when it could not be asked. */
  readonly requests: number | undefined
}

/** What the gate says. */
export interface Verdict {
  readonly leg: Leg
  readonly passed: number
  readonly failed: number
  readonly warnings: number
  readonly requests: number
  /** Everything that is wrong; empty for a leg that holds. */
  readonly problems: readonly string[]
  /** Scenarios that ran and do not count. */
  readonly uncounted: readonly Scenario[]
}

/** Judges a run. A count above the pinned one is a problem as well: unless it is pinned, what was won could be lost again unseen. */
export function judge(leg: Leg, run: SuiteRun, { silence, requests = 0 }: Sighting): Verdict {
  const counted = run.scenarios.filter(({ name }) => counts(leg, name))
  const uncounted = run.scenarios.filter(({ name }) => !counts(leg, name))
  const passed = sum(counted, 'passed')
  const all = sum(run.scenarios, 'passed')
  const problems = [...silence, ...counted.flatMap(({ name, remarks }) => remarks.map(text => `${name} › ${text}`))]
  if (run.end !== 0) problems.push(`the suite ended with ${run.end}`)
  if (run.total !== all) problems.push(`the suite counts ${run.total ?? 'nothing'}, its scenarios ${all}`)
  if (counted.length !== leg.scenarios) problems.push(`${counted.length} scenarios ran, ${leg.scenarios} are pinned`)
  if (passed !== leg.passed) problems.push(`${passed} checks passed, ${leg.passed} are pinned`)
  // A client that is not there fails every scenario; a server that is not there passes some.
  if (leg.side === 'server' && requests < leg.scenarios) problems.push(`the server saw ${requests} requests in ${leg.scenarios} scenarios`)
  return { leg, passed, failed: sum(counted, 'failed'), warnings: sum(counted, 'warnings'), requests, problems, uncounted }
}

function sum(scenarios: readonly Scenario[], key: 'passed' | 'failed' | 'warnings'): number {
  return scenarios.reduce((all, scenario) => all + scenario[key], 0)
}
