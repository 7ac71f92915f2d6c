/** Checks the packages as they would be published: publint, attw, knip, size-limit. Prints what each says, and fails if one fails. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { packAll } from './tarballs.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

let passed = 0
let failed = 0

function check(title: string, tool: string, ...args: string[]): void {
  const { status, stdout, stderr } = spawnSync(`${ROOT}node_modules/.bin/${tool}`, args, { cwd: ROOT, encoding: 'utf8' })
  const fine = status === 0
  if (fine) passed += 1
  else failed += 1
  console.log(`${fine ? '✔' : '✘'} ${title}`)
  if (!fine || tool === 'size-limit') console.log(`${stdout}${stderr}`.replace(/^/gm, '    '))
}

for (const [name, tarball] of packAll(`${ROOT}.cache/tarballs`)) {
  check(`publint ${name}`, 'publint', 'run', tarball, '--strict')
  check(`attw ${name}`, 'attw', tarball, '--profile', 'esm-only', '--no-color', '--no-emoji')
}
check('knip: nothing unused, nothing undeclared', 'knip', '--no-progress')
check('size-limit', 'size-limit')
console.log(`\n${passed} passed, ${failed} failed, 0 skipped`)
process.exitCode = failed > 0 ? 1 : 0
