/** Builds the snapshot and talks to processes that start from it, in every revision. */

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { connect, REVISIONS } from 'oarlock'
import { snapshot } from './build.ts'

const folder = mkdtempSync(join(tmpdir(), 'oarlock-'))
const file = join(folder, 'words.snapshot')
const conditions = process.execArgv.flatMap((argument, at, all) => (argument === '-C' ? [all[at + 1] ?? ''] : []))

try {
  await snapshot(file, conditions)

  const program = { command: process.execPath, args: ['--snapshot-blob', file] }
  const places = new Set<string>()
  for (const revision of REVISIONS) {
    const asked: string[] = []
    const client = await connect(
      { ...program, env: { PLACE: revision } },
      { revision, answers: { elicit: ({ message }) => (asked.push(message), { action: 'accept', content: {} }) } },
    )
    const tools = await client.tools()
    assert.deepEqual(
      tools.map(({ name }) => name),
      ['count', 'where', 'forget'],
    )
    assert.deepEqual(await client.call('count', { text: 'one two three' }), { words: 3 })
    await assert.rejects(client.call('count', { text: 7 }), /expected string, found number/)
    const [about] = await client.read('words://about')
    assert.ok(about !== undefined && 'text' in about && about.text === 'Words, counted.')

    // The environment is that of the start, and so is the process.
    const [pid = '', place] = String(await client.call('where')).split(' ')
    assert.equal(place, revision)
    places.add(pid)

    // Keys of the server are made by the process that serves.
    if (revision >= '2025-06-18') {
      assert.equal(await client.call('forget'), 'Forgotten')
      assert.deepEqual(asked, ['Forget everything?'])
    }
    await client.close()
    console.log(`${revision}: listed, counted, refused, read`)
  }
  assert.equal(places.size, REVISIONS.length)

  // What somebody draws at random while it is built uses up nothing of what processes draw that start from it.
  const drawn = join(folder, 'drawn.cjs')
  await build({
    stdin: {
      contents: `import { randomId } from '@oarlock/protocol'
        const early = randomId()
        process.getBuiltinModule('node:v8').startupSnapshot.setDeserializeMainFunction(() => console.log(early, randomId(), randomId()))`,
      resolveDir: import.meta.dirname,
    },
    outfile: drawn,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    conditions,
  })
  const image = join(folder, 'drawn.snapshot')
  execFileSync(process.execPath, ['--snapshot-blob', image, '--build-snapshot', drawn])
  const ids = [0, 1].flatMap(() =>
    execFileSync(process.execPath, ['--snapshot-blob', image], { encoding: 'utf8' }).trim().split(' ').slice(1),
  )
  assert.equal(new Set(ids).size, 4, ids.join(' '))
  console.log('ids of two processes: all different')

  // What would be the same in every process is refused when the snapshot is built.
  const text = readFileSync(join(import.meta.dirname, 'server.ts'), 'utf8')
  for (const early of ['main()', "require('oarlock/http').toNode(server)"]) {
    const contents = text.replace('startupSnapshot.setDeserializeMainFunction(main)', early)
    assert.notEqual(contents, text)
    const outfile = join(folder, 'early.cjs')
    const stdin = { contents, resolveDir: import.meta.dirname, loader: 'ts' } as const
    await build({ stdin, outfile, bundle: true, platform: 'node', format: 'cjs', conditions })
    const command = ['--snapshot-blob', join(folder, 'early.snapshot'), '--build-snapshot', outfile]
    assert.throws(() => execFileSync(process.execPath, command, { stdio: 'pipe' }), /setDeserializeMainFunction takes/)
  }
  console.log('a snapshot of a server that listens already, or has an open door: refused')
} finally {
  rmSync(folder, { recursive: true })
}
