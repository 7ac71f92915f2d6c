/** Runs the tests as `vitest run` does: once as they are, and once with a bug in the server. */

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs')
const cwd = fileURLToPath(new URL('.', import.meta.url))
// What compiles the other examples would only be in vitest's way.
const conditions = process.execArgv.includes('@oarlock/source') ? ['-C', '@oarlock/source'] : []

function run(env: Record<string, string> = {}): { readonly code: number | null; readonly output: string } {
  const args = [...conditions, vitest, 'run', '--no-color']
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd,
    env: { ...process.env, ...env, NO_COLOR: '1' },
    encoding: 'utf8',
  })
  return { code: status, output: stdout + stderr }
}

const good = run()
assert.equal(good.code, 0, good.output)
assert.match(good.output, /Tests +4 passed/)

const bad = run({ WEATHER_BUG: '1' })
assert.equal(bad.code, 1, bad.output)
assert.match(bad.output, /Expected that tool forecast returns 4, but it returned 5/)
assert.match(bad.output, /weather\.spec\.ts:\d+/)
