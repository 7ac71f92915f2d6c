/** TypeScript and modules that a person wrote: what runs, with what, and what is said of the rest. */
// time limit: 120 s
import { cpSync, mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { connect } from 'oarlock'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { findNode20 } from '../../../test/runner/node20/find.ts'
import { child, fixture, oarlock } from './command.ts'

const test = suite('import module')

test('decorators without a compiler are explained', async () => {
  const { code, err } = await oarlock('run', fixture('decorated.ts'))
  assert.is(code, 1)
  assert.match(err, 'decorated.ts uses decorators, which Node cannot run by itself. Install tsx beside it (npm install --save-dev tsx)')
  assert.not.match(err, /\n {4}at /)
})

test('other TypeScript that needs a compiler is explained too', async () => {
  const { code, err } = await oarlock('run', fixture('enum.ts'))
  assert.is(code, 1)
  assert.match(err, 'Node cannot run enum.ts by stripping its types')
  assert.match(err, 'Install tsx')
})

/** A folder of a person's own, with tsx and oarlock installed. */
function project(manifest: string): string {
  const root = fileURLToPath(new URL('../../../', import.meta.url))
  const folder = mkdtempSync(join(tmpdir(), 'oarlock-'))
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(realpathSync(join(root, 'test/node_modules/tsx')), join(folder, 'node_modules/tsx'))
  symlinkSync(join(root, 'packages/oarlock'), join(folder, 'node_modules/oarlock'))
  writeFileSync(join(folder, 'package.json'), manifest)
  cpSync(fixture('decorated.ts'), join(folder, 'decorated.ts'))
  return folder
}

const BUILT = fileURLToPath(new URL('../dist/bin.js', import.meta.url))

test('decorators run where tsx is installed beside the file', async () => {
  const client = await connect(child(join(project('{"name":"mine","version":"3.2.1","type":"module"}'), 'decorated.ts')))
  assert.is(await client.call('next', { a: 1 }), 2)
  assert.equal([client.server?.info?.name, client.server?.info?.version], ['mine', '3.2.1'])
  await client.close()
})

for (const manifest of ['{"type":"module"}', '{}']) {
  test(`the built command runs TypeScript on Node 20, with tsx, where package.json is ${manifest}`, async () => {
    const folder = project(manifest)
    writeFileSync(
      join(folder, 'exported.ts'),
      "import { Server } from 'oarlock'\nconst server: Server = new Server({ name: 'mine', version: '1.0.0' })\nexport default server\n",
    )
    for (const [file, name] of [
      ['decorated.ts', 'decorated'],
      ['exported.ts', 'mine'],
    ] as const) {
      const command = { command: findNode20().path, args: [BUILT, 'run', join(folder, file)], stderr: 'ignore' as const }
      const client = await connect(command)
      assert.is(client.server?.info?.name, name)
      await client.close()
    }
  })
}

test('an ES module that is read as CommonJS is explained', async () => {
  const folder = project('{"type":"commonjs"}')
  for (const [name, better] of [
    ['waits.ts', 'waits.mts'],
    ['waits.js', 'waits.mjs'],
  ] as const) {
    writeFileSync(join(folder, name), "import { Server } from 'oarlock'\nawait 1\nexport default Server\n")
    const { code, err } = await oarlock('run', join(folder, name))
    assert.is(code, 1)
    assert.match(
      err,
      `${name} is read as CommonJS, and is an ES module: name it ${better}, or set "type": "module" in its package.json.\n(`,
    )
    assert.not.match(err, /\n {4}at /)
  }
})

test.run()
