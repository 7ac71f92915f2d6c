/** How the runner's results look. */
import { styleText } from 'node:util'
import type { Result } from './job.ts'

/** One line for a file that passed; all that it printed for one that did not. What was skipped is told in both cases. */
export function print({ path, passed, failed, skipped, milliseconds, output }: Result, verbose: boolean): void {
  const mark = failed > 0 ? styleText('red', '✘') : styleText('green', '✔')
  const counts = [
    `${passed} passed`,
    failed > 0 ? styleText('red', `${failed} failed`) : '',
    skipped > 0 ? styleText('yellow', `${skipped} skipped`) : '',
  ]
  console.log(`${mark} ${path}  ${counts.filter(Boolean).join(', ')}  ${styleText('dim', `${milliseconds.toFixed(0)} ms`)}`)
  if (failed > 0 || verbose) return console.log(output.replace(/^/gm, '    '))
  for (const [line] of output.matchAll(/^SKIPPED: .*$/gm)) console.log(`    ${styleText('yellow', line)}`)
}

/** Names what failed once more, writes the closing line, and returns the exit code. */
export function printTotal(results: readonly Result[], skipFails: boolean): number {
  const sum = (key: 'passed' | 'failed' | 'skipped') => results.reduce((all, result) => all + result[key], 0)
  const broken = results.filter(({ failed }) => failed > 0).map(({ path }) => path)
  const skipped = sum('skipped')
  const failed = sum('failed') + (skipFails ? skipped : 0)
  if (broken.length > 0) console.log(`\n${styleText('red', 'Failed:')}\n  ${broken.sort().join('\n  ')}`)
  if (skipFails && skipped > 0) console.log('\nSkipping is not allowed in this run; what was skipped counts as failed.')
  console.log(`\n${sum('passed')} passed, ${failed} failed, ${skipFails ? 0 : skipped} skipped`)
  return failed > 0 ? 1 : 0
}
