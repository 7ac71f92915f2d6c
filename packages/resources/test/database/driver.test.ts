/** A driver that is missing or cannot be used: told when the server starts, once, with what to install; and nobody is told to try again. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { register } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { database, type DatabaseFailure, postgres, sqlite, type DatabaseSource } from '@oarlock/resources/database'
import { connected } from '@oarlock/testing'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { checkVersion } from '../../src/database/postgres/driver.ts'
import { sqliteOptions } from './engines.ts'
import { library, refusal, serving } from './offered.ts'

// For this process pg is not installed: it is looked for where there is none.
const elsewhere = `export const resolve = (name, context, next) => next(name, name === 'pg' ? { ...context, parentURL: 'file:///nowhere/x.js' } : context)`
register(`data:text/javascript,${encodeURIComponent(elsewhere)}`)

const test = suite('drivers of databases')

/** A package like better-sqlite3, the binary of which was built for another Node. */
async function unloadable(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'oarlock-driver-'))
  await writeFile(join(folder, 'package.json'), '{ "name": "built-elsewhere", "version": "1.0.0", "main": "index.cjs" }')
  await writeFile(
    join(folder, 'index.cjs'),
    "module.exports = class { constructor() { throw new Error('NODE_MODULE_VERSION 1\\n at x') } }",
  )
  return folder
}

const MISSING: readonly (readonly [string, () => DatabaseSource, RegExp])[] = [
  ['SQLite', () => sqlite('/nowhere/at-all.db', { module: 'better-sqlite3-absent' }), /: npm install better-sqlite3-absent$/],
  ['PostgreSQL', () => postgres({ host: '127.0.0.1', port: 1 }), /PostgreSQL needs the package pg: npm install pg$/],
]

for (const [engine, source, said] of MISSING) {
  test(`check() says what to install for ${engine}, without any query`, async () => {
    const problems = await library({ source: source() }).check()
    assert.is(problems.length, 1)
    assert.match(problems[0] as string, said)
  })

  test(`server.check() says what to install for ${engine} too`, async () => {
    const server = serving(library({ source: source(), onError: () => {} }))
    const told = (await server.check()).find(({ where }) => where === 'library')
    assert.is(told?.severity, 'error')
    assert.match(told?.message as string, said)
    await server.close()
  })

  test(`a missing driver of ${engine} is told at the start, once, and no caller is told to come back`, async () => {
    const heard: unknown[] = []
    const provider = library({ source: source(), select: true, onError: cause => heard.push(cause) })
    const server = serving(provider)
    const logged: unknown[] = []
    server.on('error.reported', ({ cause }) => logged.push(cause))
    await using pair = await connected(server)
    // Nobody has read anything.
    while (heard.length === 0) await new Promise(setImmediate)
    assert.match(String(heard[0]), said)
    await pair.client.resources()
    for (const uri of ['db://library/schema', 'db://library/tables/a', 'db://library/schema']) {
      const answer = await refusal(pair.client, uri)
      assert.match(answer, /operator/)
      assert.not.match(answer, /later|npm|now$/)
    }
    for (let calls = 0; calls < 2; calls += 1) {
      const { isError, content } = await pair.client.callRaw('library_select', { sql: 'SELECT 1' })
      assert.is(isError, true)
      assert.match(JSON.stringify(content), /operator.*does not help/)
      assert.not.match(JSON.stringify(content), /later|npm/)
    }
    assert.is(heard.length, 1)
    assert.equal(logged, [])
  })
}

test('without onError the server reports it, so that its log has it', async () => {
  const server = serving(database({ name: 'library', source: postgres() }))
  const reported = new Promise<string>(resolve => server.on('error.reported', ({ where, cause }) => resolve(`${where}: ${String(cause)}`)))
  assert.is(await reported, 'library: driver: DatabaseFailure: PostgreSQL needs the package pg: npm install pg')
  await server.close()
})

test('a library that is there and cannot be loaded is a missing driver, whatever the file', async () => {
  const folder = await unloadable()
  const problems = await library({ source: sqlite('/nowhere/at-all.db', { module: folder }) }).check()
  assert.match(problems.join(), /^\/.*index\.cjs cannot be loaded by Node v\d+.*npm rebuild.*\(NODE_MODULE_VERSION 1\)$/)
  await rm(folder, { recursive: true })
})

test('check() says that the database is not there, without any query', async () => {
  const [problem] = await library({ source: sqlite('/nowhere/at-all.db', sqliteOptions) }).check()
  assert.match(problem as string, /^cannot open/)
})

test('a pg that would not hold statements apart is refused', () => {
  for (const version of ['7.18.2', '8.15.6', '8.2.0'])
    assert.throws(
      () => checkVersion(version),
      (thrown: DatabaseFailure) => thrown.kind === 'driver' && thrown.message.endsWith('needs 8.16 or newer: npm install pg@8'),
    )
  for (const version of ['8.16.0', '8.23.1', '9.0.0', undefined]) checkVersion(version)
})

test.run()
