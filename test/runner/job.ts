/** Runs one test file in a child process, within its time limit, and leaves none of its processes behind. */
import { spawn } from 'node:child_process'
import type { TestFile } from './discover.ts'
import { ROOT } from './place.ts'
import type { Report } from './report.ts'

export interface Result {
  readonly path: string
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  readonly milliseconds: number
  /** Everything that the process printed. */
  readonly output: string
}

/** A test file, and how to run it. */
export interface Task {
  readonly file: TestFile
  readonly node: string
  readonly args: readonly string[]
}

/** What one test may use, a moment less than its file: so that a test that hangs is told by name. */
const MOMENT = 1000

/** How long a process may take to end when its tests have. */
const CLOSING = 10_000

const groups = new Set<number>()

/** Kills what is still running when the runner itself is stopped: children lead process groups of their own, and hear no Ctrl-C. */
export function endAll(): void {
  for (const group of groups) endGroup(group)
}

export function runFile({ file: { path, limit }, node, args }: Task): Promise<Result> {
  const started = performance.now()
  const { promise, resolve } = Promise.withResolvers<Result>()
  const child = spawn(node, args, {
    cwd: ROOT,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: environment(limit),
  })
  const group = child.pid
  if (group !== undefined) groups.add(group)
  let output = ''
  let report: Report | undefined
  let late = false
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (output += text))
  child.on('error', error => (output += `\n  ${String(error)}\n`))
  const kill = () => {
    late = true
    if (group !== undefined) endGroup(group)
  }
  let timer = setTimeout(kill, limit)
  child.on('message', message => {
    report = message as Report
    clearTimeout(timer) // the tests are over; the child itself sees to it that nothing stays open
    timer = setTimeout(kill, CLOSING)
  })
  child.on('exit', () => {
    clearTimeout(timer)
    if (group === undefined) return
    endGroup(group)
    groups.delete(group)
  })
  child.on('close', code => {
    const [failed, reason] = judge(report, code, late ? limit : undefined)
    if (reason !== undefined) output += `\n  ${reason}\n`
    const milliseconds = performance.now() - started
    resolve({ path, passed: report?.passed ?? 0, failed, skipped: report?.skipped ?? 0, milliseconds, output })
  })
  return promise
}

/** How many failed, and why if the file as a whole did. */
function judge(report: Report | undefined, code: number | null, limit: number | undefined): [failed: number, reason?: string] {
  const failed = report === undefined ? 0 : report.total - report.passed
  const whole = (reason: string): [number, string] => [failed + 1, reason]
  if (limit !== undefined) return whole(`The file did not end within ${limit / 1000} s`)
  if (report === undefined) return whole(`The process ended with code ${code} before its tests did`)
  if (report.total === 0 && report.skipped === 0) return whole('The file ran no test: does it forget suite.run()?')
  return code === 0 || failed > 0 ? [failed] : whole(`The process ended with code ${code}`)
}

function environment(limit: number): NodeJS.ProcessEnv {
  const { NO_COLOR, FORCE_COLOR: _, ...rest } = process.env
  const plain = NO_COLOR !== undefined || !process.stdout.isTTY
  return { ...rest, ...(plain ? { NO_COLOR: '1' } : { FORCE_COLOR: '1' }), OARLOCK_TEST_LIMIT: String(Math.max(limit - MOMENT, limit / 2)) }
}

function endGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL')
  } catch {
    // nobody of the group is left
  }
}
