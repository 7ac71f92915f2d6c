/** What the command compiled is kept for the next start: where, and where not. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import module from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { fixture, start } from './command.ts'

const test = suite('compile cache')

const folder = mkdtempSync(join(tmpdir(), 'oarlock-compiled-'))
test.after(() => rmSync(folder, { recursive: true, force: true }))

/** Serves a file over standard input and output until the input ends. */
async function serve(env: NodeJS.ProcessEnv, cwd = folder): Promise<void> {
  const { child, ended } = start(['run', fixture('fields.ts')], {
    cwd,
    env: { NODE_COMPILE_CACHE: undefined, NODE_DISABLE_COMPILE_CACHE: undefined, ...env },
  })
  child.stdin?.end()
  const { code, err } = await ended
  assert.is(code, 0, err)
}

/** Files that are kept in a folder and below it. */
const kept = (path: string): readonly string[] =>
  existsSync(path) ? readdirSync(path, { recursive: true, withFileTypes: true }).flatMap(file => (file.isFile() ? [file.name] : [])) : []

/** Whether this Node can keep any. */
const able = 'enableCompileCache' in module

test('in a folder of the person who runs it, served files included', async () => {
  const home = join(folder, 'home')
  await serve({ HOME: home, XDG_CACHE_HOME: undefined })
  assert.is(kept(join(home, '.cache', 'oarlock', 'compiled')).length > 0, able)
})

test('where the system says that caches belong', async () => {
  const cache = join(folder, 'cache')
  const home = join(folder, 'other-home')
  await serve({ HOME: home, XDG_CACHE_HOME: cache })
  assert.is(kept(join(cache, 'oarlock', 'compiled')).length > 0, able)
  assert.equal(kept(home), [])
})

test('a relative folder is not taken for one, and a relative home is none', async () => {
  const home = join(folder, 'third-home')
  const here = mkdtempSync(join(folder, 'here-'))
  await serve({ HOME: home, XDG_CACHE_HOME: 'relative-cache' }, here)
  assert.is(kept(join(home, '.cache', 'oarlock', 'compiled')).length > 0, able)
  for (const HOME of ['', 'relative-home']) await serve({ HOME, XDG_CACHE_HOME: undefined }, here)
  assert.equal(kept(here), [])
})

test('nowhere, when that is asked for', async () => {
  const cache = join(folder, 'unused')
  await serve({ XDG_CACHE_HOME: cache, NODE_DISABLE_COMPILE_CACHE: '1' })
  assert.equal(kept(cache), [])
})

test('where Node is told to', async () => {
  const cache = join(folder, 'passed-over')
  const own = join(folder, 'own')
  await serve({ XDG_CACHE_HOME: cache, NODE_COMPILE_CACHE: own })
  assert.equal(kept(cache), [])
  assert.is(kept(own).length > 0, able)
})

test('a folder that cannot be written keeps nobody from serving', async () => {
  await serve({ XDG_CACHE_HOME: '/dev/null' })
})

test.run()
