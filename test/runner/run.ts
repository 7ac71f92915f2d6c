/**
 * The test runner: `node test/runner/run.ts [WORD…]` runs the test files whose path contains a word, each in a process of its own.
 * Options: `--limit=60` seconds per file, `--jobs=2`, `--no-skip` counts what is skipped as failed, `--root=FOLDER` looks there only,
 * `--except=WORD` leaves files out, `--node20` runs what it can on the built packages and the machine's Node 20, `--verbose`.
 */
import { parseArgs } from 'node:util'
import { discover } from './discover.ts'
import { endAll, runFile, type Result, type Task } from './job.ts'
import { forNode20 } from './node20/leg.ts'
import { print, printTotal } from './print.ts'

const { values, positionals } = parseArgs({
  args: process.argv.slice(2).filter(arg => arg !== '--'),
  allowPositionals: true,
  options: {
    limit: { type: 'string', default: '60' },
    jobs: { type: 'string', default: '2' },
    root: { type: 'string', multiple: true, default: ['packages', 'test', 'examples'] },
    except: { type: 'string', multiple: true, default: [] },
    'no-skip': { type: 'boolean', default: false },
    node20: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
})

process.on('exit', endAll)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1))

const FROM_SOURCE = ['-C', '@oarlock/source', '--enable-source-maps', '--import', './test/runner/register.ts', 'test/runner/child.ts']

const files = discover(values.root, positionals, Number(values.limit) * 1000).filter(
  ({ path }) => !values.except.some(word => path.includes(word)),
)
const tasks = values.node20 ? forNode20(files) : files.map(file => ({ file, node: process.execPath, args: [...FROM_SOURCE, file.path] }))
if (tasks.length === 0) {
  console.error(`No test file matches ${positionals.join(' ')}`)
  process.exit(1)
}
const results = await runAll(tasks, Number(values.jobs))
process.exitCode = printTotal(results, values['no-skip'])

async function runAll(waiting: readonly Task[], jobs: number): Promise<Result[]> {
  const done: Result[] = []
  const next = waiting.values()
  const work = async () => {
    for (const task of next) {
      const result = await runFile(task)
      print(result, values.verbose)
      done.push(result)
    }
  }
  await Promise.all(Array.from({ length: jobs }, work))
  return done
}
