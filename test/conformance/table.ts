/** How the legs look when they are told. */

import { styleText } from 'node:util'
import type { Verdict } from './gate.ts'
import type { Trial } from './trial.ts'

const MOST_REPORTS = 5
const WIDTH = 400
const COLUMNS = ['passed', 'failed', 'warnings', 'requests', 'seconds']

/** The head of the table. */
export function printHead(): void {
  console.log(styleText('dim', `  ${line('leg', COLUMNS)}`))
}

/** One leg: a line, and below it whatever is wrong and what the server said to it. */
export function printTrial({ verdict, seconds, errors }: Trial): void {
  const { leg, passed, failed, warnings, requests, problems } = verdict
  const mark = problems.length === 0 ? styleText('green', '✔') : styleText('red', '✘')
  console.log(`${mark} ${line(leg.name, [passed, failed, warnings, requests, seconds.toFixed(1)])}`)
  for (const problem of problems) console.log(problem.replace(/^/gm, '    '))
  const reports = problems.length === 0 ? [] : errors.trimEnd().split('\n').slice(-MOST_REPORTS)
  if (reports.length > 0) console.log(`    The server's last words:\n${reports.map(text => `      ${text.slice(0, WIDTH)}`).join('\n')}`)
}

/** What ran and does not count, then the closing line. Returns the exit code. */
export function printTotal(verdicts: readonly Verdict[]): number {
  const uncounted = new Map(verdicts.flatMap(verdict => verdict.uncounted.map(scenario => [scenario.name, scenario] as const)))
  if (uncounted.size > 0) {
    const of = (key: 'passed' | 'failed'): number => total([...uncounted.values()].map(scenario => scenario[key]))
    console.log(
      `\nNot counted: ${uncounted.size} scenarios of extensions that are not offered (${of('passed')} passed, ${of('failed')} failed)`,
    )
  }
  // Whatever breaks the gate counts as failed, also where no check did.
  const failed = total(verdicts.map(verdict => Math.max(verdict.failed, verdict.problems.length)))
  console.log(`\n${total(verdicts.map(({ passed }) => passed))} passed, ${failed} failed, 0 skipped`)
  return failed === 0 ? 0 : 1
}

function line(name: string, cells: readonly (string | number)[]): string {
  return name.padEnd(24) + cells.map(cell => String(cell).padStart(10)).join('')
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((all, each) => all + each, 0)
}
