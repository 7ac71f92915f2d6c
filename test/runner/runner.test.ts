/** The runner itself, on files that go wrong in each way that uvu alone would let pass. */
// not on Node 20: the runner itself needs Node 24
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const runner = suite('runner')

function run(folder: string, ...options: string[]): { code: number | null; output: string; last: string | undefined } {
  const args = ['test/runner/run.ts', `--root=test/runner/fixtures/${folder}`, ...options]
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', GRANDCHILD },
  })
  return { code: status, output: stdout + stderr, last: stdout.trimEnd().split('\n').at(-1) }
}

/** A killed process whose new parent has not collected it yet still answers to signals. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

const GRANDCHILD = join(mkdtempSync(join(tmpdir(), 'oarlock-runner-')), 'pid')

runner('a file whose suite is never run fails, and so does a file without a test', () => {
  const { code, output, last } = run('silent')
  assert.is(code, 1)
  assert.is(last, '0 passed, 2 failed, 0 skipped')
  assert.match(output, 'The suite "silent" has tests and is never run')
  assert.match(output, 'The file ran no test')
})

runner('a before hook that throws fails every test behind it and is told', () => {
  const { code, output, last } = run('before')
  assert.is(code, 1)
  assert.is(last, '0 passed, 2 failed, 0 skipped')
  assert.match(output, 'the database is away')
})

runner('a test that hangs fails by name, the next one runs, and its child processes are gone', () => {
  const { code, output, last } = run('hang', '--limit=3')
  assert.is(code, 1)
  assert.is(last, '1 passed, 1 failed, 0 skipped')
  assert.match(output, '"waits for what never comes" did not end within 2 s')
  assert.not.ok(isAlive(Number(readFileSync(GRANDCHILD, 'utf8'))))
})

runner('a file that blocks its process is killed at the limit', () => {
  const { code, output, last } = run('block', '--limit=1')
  assert.is(code, 1)
  assert.is(last, '0 passed, 1 failed, 0 skipped')
  assert.match(output, 'The file did not end within 1 s')
})

runner('a failing test is counted and shown with what was expected', () => {
  const { code, output, last } = run('mixed')
  assert.is(code, 1)
  assert.is(last, '1 passed, 1 failed, 0 skipped')
  assert.match(output, 'finds 3 where 4 should be')
  assert.match(output, /mixed\.test\.ts:7/)
})

runner('a file that leaves something open fails and names it', () => {
  const { code, output, last } = run('linger')
  assert.is(code, 1)
  assert.is(last, '1 passed, 1 failed, 0 skipped')
  assert.match(output, /something is still open: .*Timeout/)
})

runner('a test that ends the process fails', () => {
  const { code, last } = run('exit')
  assert.is(code, 1)
  assert.is(last, '0 passed, 1 failed, 0 skipped')
})

runner('what is skipped is told and counted, and fails where skipping is not allowed', () => {
  const { code, output, last } = run('skipped')
  assert.is(code, 0)
  assert.is(last, '0 passed, 0 failed, 1 skipped')
  assert.match(output, 'SKIPPED: the flux store, because there is no flux capacitor')
  const strict = run('skipped', '--no-skip')
  assert.is(strict.code, 1)
  assert.is(strict.last, '0 passed, 1 failed, 0 skipped')
})

runner('both decorator dialects run', () => {
  const { code, last } = run('fine')
  assert.is(code, 0)
  assert.is(last, '2 passed, 0 failed, 0 skipped')
})

runner('a filter that matches nothing is an error', () => {
  assert.is(run('fine', 'no-such-file').code, 1)
})

runner.run()
