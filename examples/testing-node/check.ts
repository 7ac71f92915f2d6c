/** Runs the tests as `node --test` does: once as they are, and once with a bug in the program. */

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const spec = fileURLToPath(new URL('./clock.spec.ts', import.meta.url))

function run(bug: Record<string, string> = {}): { readonly code: number | null; readonly output: string } {
  const { NODE_TEST_CONTEXT: _, ...env } = { ...process.env, ...bug }
  const args = [...process.execArgv, '--test', '--test-reporter=spec', spec]
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' })
  return { code: status, output: stdout + stderr }
}

const good = run()
assert.equal(good.code, 0, good.output)
assert.match(good.output, /pass 3/)

const bad = run({ CLOCK_BUG: '1' })
assert.equal(bad.code, 1, bad.output)
assert.match(bad.output, /Expected that tool wait returns "waited 3", but it returned "waited 4"/)
