/** Runs every example's check: a folder with a `check.ts` that exits with 0. Ends with one line of counts. */

import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('.', import.meta.url))
const register = fileURLToPath(new URL('../test/runner/register.ts', import.meta.url))
const LIMIT_MS = 120_000

const stories = readdirSync(root, { withFileTypes: true })
  .filter(entry => entry.isDirectory() && existsSync(`${root}${entry.name}/check.ts`))
  .map(entry => entry.name)
  .filter(name => process.argv.length < 3 || process.argv.slice(2).some(word => name.includes(word)))

let failed = 0
for (const story of stories) {
  const started = performance.now()
  const code = await check(story)
  if (code !== 0) failed += 1
  console.log(`${code === 0 ? '✔' : '✘'} ${story}  ${Math.round(performance.now() - started)} ms`)
}
console.log(`\n${stories.length - failed} passed, ${failed} failed, 0 skipped`)
process.exitCode = failed === 0 && stories.length > 0 ? 0 : 1

/** Runs one check in a process of its own; its output is shown when it fails. What it started ends with it. */
function check(story: string): Promise<number> {
  const child = spawn(process.execPath, [...process.execArgv, '--import', register, `${root}${story}/check.ts`], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const end = (): void => endGroup(child.pid)
  process.once('exit', end)
  const timer = setTimeout(end, LIMIT_MS)
  // A server that a check left behind would hold its pipes open for ever.
  child.on('exit', end)
  return new Promise(resolve => {
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      process.off('exit', end)
      if (code !== 0) console.log(`${output}\n${story} ended with ${signal ?? code}`)
      resolve(code ?? 1)
    })
  })
}

/** Ends a process and all that it started. */
function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // All of it is over.
  }
}
