/** What is asked of the official suite, and what it has to count: the one table of the gate. */

/** The suite that the counts belong to; `test/package.json` pins it. */
export const SUITE_VERSION = '0.2.0-alpha.12'

/** One run of the suite. */
export interface Leg {
  readonly name: string
  /** Which side is ours. */
  readonly side: 'server' | 'client'
  /** What the suite is called with, but for the server's address or the client's command, and where to write. */
  readonly args: readonly string[]
  /** Scenarios that count. The suite runs more in some legs: those of extensions. */
  readonly scenarios: number
  /** Checks that pass in them; not one more, not one less. */
  readonly passed: number
  /** The most time it may take, many times what it takes. */
  readonly seconds: number
}

/** The runs against the fixture server. A frozen set also runs what it does not score; what we pass of it counts here. */
export const SERVER_LEGS: readonly Leg[] = [
  {
    side: 'server',
    name: 'all at 2026-07-28',
    args: ['--suite', 'all', '--spec-version', '2026-07-28'],
    scenarios: 40,
    passed: 152,
    seconds: 120,
  },
  { side: 'server', name: 'active', args: ['--suite', 'active'], scenarios: 31, passed: 73, seconds: 120 },
  {
    side: 'server',
    name: 'all at 2025-06-18',
    args: ['--suite', 'all', '--spec-version', '2025-06-18'],
    scenarios: 27,
    passed: 56,
    seconds: 120,
  },
  {
    side: 'server',
    name: 'all at 2025-03-26',
    args: ['--suite', 'all', '--spec-version', '2025-03-26'],
    scenarios: 1,
    passed: 3,
    seconds: 60,
  },
  { side: 'server', name: 'required by 2026-07-28', args: ['--requirements', '2026-07-28'], scenarios: 40, passed: 152, seconds: 120 },
  { side: 'server', name: 'required by 2025-11-25', args: ['--requirements', '2025-11-25'], scenarios: 33, passed: 84, seconds: 120 },
]

/** The runs of the conformance client, which speaks every extension that the suite has scenarios for. */
export const CLIENT_LEGS: readonly Leg[] = [
  { side: 'client', name: 'client all', args: ['--suite', 'all'], scenarios: 48, passed: 516, seconds: 240 },
  { side: 'client', name: 'client req. 2026-07-28', args: ['--requirements', '2026-07-28'], scenarios: 39, passed: 484, seconds: 240 },
  { side: 'client', name: 'client req. 2025-11-25', args: ['--requirements', '2025-11-25'], scenarios: 25, passed: 324, seconds: 240 },
]

const ABSENT_EXTENSION = /^(?:tasks|sep-2640)-/

/** Whether a scenario counts: those of extensions that the fixtures do not offer (Tasks, Skills) are told, not counted. */
export function counts({ side }: Leg, scenario: string): boolean {
  return side === 'client' || !ABSENT_EXTENSION.test(scenario)
}
