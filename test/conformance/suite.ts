/** Runs the official suite in a process of its own and reads what it found. */

import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const PACKAGE = fileURLToPath(import.meta.resolve('@modelcontextprotocol/conformance/package.json'))
const PROGRAM = fileURLToPath(import.meta.resolve('@modelcontextprotocol/conformance/dist/index.js'))

/** What one scenario came to. */
export interface Scenario {
  readonly name: string
  readonly passed: number
  readonly failed: number
  readonly warnings: number
  /** Each check that failed or warned, with what the suite says about it. */
  readonly remarks: readonly string[]
}

/** What one run of the suite came to. */
export interface SuiteRun {
  /** The exit code, or why there is none. */
  readonly end: number | string
  readonly scenarios: readonly Scenario[]
  /** The suite's own total of passed checks, if it came that far. */
  readonly total: number | undefined
  /** Everything it printed. */
  readonly output: string
}

/** A check as the suite writes it down. */
interface Check {
  readonly id: string
  readonly status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'INFO' | 'SKIPPED'
  readonly description?: string
  readonly errorMessage?: string
  readonly details?: unknown
}

/** The version that is installed. */
export async function suiteVersion(): Promise<string> {
  return (JSON.parse(await readFile(PACKAGE, 'utf8')) as { version: string }).version
}

/** Runs it to its end; `stop` cuts it short, with the reason. */
export async function runSuite(args: readonly string[], stop: AbortSignal): Promise<SuiteRun> {
  const folder = await mkdtemp(join(tmpdir(), 'oarlock-conformance-'))
  try {
    const { end, output } = await execute([...args, '--output-dir', folder], stop)
    const summary = output.slice(Math.max(output.lastIndexOf('=== SUMMARY ==='), output.lastIndexOf('=== SUITE SUMMARY ===')))
    const total = /^Total: (\d+) passed/m.exec(summary)?.[1]
    return { end, output, total: total === undefined ? undefined : Number(total), scenarios: await scenariosOf(summary, folder) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function execute(args: readonly string[], stop: AbortSignal): Promise<{ readonly end: number | string; readonly output: string }> {
  const { promise, resolve } = Promise.withResolvers<{ end: number | string; output: string }>()
  // The suite starts clients by `node`, which is to be the one that runs this.
  const env = { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}` }
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  const kill = (): boolean => child.kill('SIGKILL')
  stop.addEventListener('abort', kill)
  process.once('exit', kill)
  child.once('error', error => resolve({ end: String(error), output }))
  child.once('close', code => {
    stop.removeEventListener('abort', kill)
    process.off('exit', kill)
    resolve({ end: stop.aborted ? (stop.reason as Error).message : (code ?? 'a signal'), output })
  })
  return promise
}

/** Reads what was written about each scenario of the summary. A run that was cut short has none, and its files may be half written. */
async function scenariosOf(summary: string, folder: string): Promise<Scenario[]> {
  const folders = (await readdir(folder, { recursive: true })).map(entry => entry.replaceAll('\\', '/'))
  const entries = new Map(folders.map(entry => [/^(?:server-)?([^.]+)-\d{4}-\d\d-\d\dT[^/]*$/.exec(entry)?.[1], entry]))
  const scenarios: Scenario[] = []
  for (const [, name, passed, failed] of summary.matchAll(/^[✓✗] (\S+): (\d+) passed, (\d+) failed$/gm)) {
    const checks = await checksIn(folder, entries.get(name))
    const remarks = checks.filter(({ status }) => status === 'FAILURE' || status === 'WARNING').map(remark)
    // A scenario that throws leaves no checks; the suite counts it as one failure.
    if (Number(failed) > 0 && remarks.length === 0) remarks.push('the scenario broke off: --verbose tells why')
    const warnings = checks.filter(({ status }) => status === 'WARNING').length
    scenarios.push({ name: String(name), passed: Number(passed), failed: Number(failed), warnings, remarks })
  }
  return scenarios
}

async function checksIn(folder: string, entry: string | undefined): Promise<readonly Check[]> {
  if (entry === undefined) return []
  return readFile(join(folder, entry, 'checks.json'), 'utf8').then(
    text => JSON.parse(text) as Check[],
    () => [],
  )
}

const MOST = 600

function remark({ id, status, description, errorMessage, details }: Check): string {
  const text = `${status === 'WARNING' ? 'warning: ' : ''}${id}: ${errorMessage ?? description ?? ''}`
  const more = details === undefined ? '' : ` ${JSON.stringify(details)}`
  return (text + more).slice(0, MOST)
}
