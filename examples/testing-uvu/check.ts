/** Runs the tests as uvu does: once as they are, and once with a bug in the server, to see what a failure says. */

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const spec = fileURLToPath(new URL('./calculator.spec.ts', import.meta.url))

function run(env: Record<string, string> = {}): { readonly code: number | null; readonly output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...process.execArgv, spec], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
  })
  return { code: status, output: stdout + stderr }
}

const good = run()
assert.equal(good.code, 0, good.output)
assert.match(good.output, /Passed: +4/)

const bad = run({ CALCULATOR_BUG: '1' })
assert.equal(bad.code, 1, bad.output)
assert.match(bad.output, /Expected that tool add returns 3, but it returned 4/)
assert.match(bad.output, /came {2}\{.*"text":"4"/)
