/** Programs of these tests: where they are, and how to run one that has to end by itself. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import * as assert from 'uvu/assert'

export const fixture = (name: string): string => fileURLToPath(new URL(`./fixtures/${name}.ts`, import.meta.url))
const register = fileURLToPath(new URL('../runner/register.ts', import.meta.url))

/** Arguments of Node that run a fixture. */
export const run: readonly string[] = ['-C', '@oarlock/source', '--import', register]

/** Runs a fixture that has to end by itself soon after it said something; gives what it said. */
export async function endsByItself(name: string, args: readonly string[], limitMs: number): Promise<string> {
  const child = spawn(process.execPath, ['--expose-gc', ...run, fixture(name), ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const timer = setTimeout(() => child.kill('SIGKILL'), limitMs)
  const ended = once(child, 'exit')
  const [said] = (await Promise.race([once(child.stdout, 'data'), ended])) as [unknown]
  const when = performance.now()
  assert.equal(await ended, [0, null])
  assert.ok(performance.now() - when < 3000, `it took ${performance.now() - when} ms to end`)
  clearTimeout(timer)
  return String(said)
}
