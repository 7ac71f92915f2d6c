/** What happens when the database is away, or goes away. */
// time limit: 180 s

import { readdirSync, readFileSync } from 'node:fs'
import { connected } from '@oarlock/testing'
import { DatabaseFailure, postgres, sqlite } from '@oarlock/resources/database'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { skip } from '../../../../test/runner/skip.ts'
import { Slots } from '../../src/database/slots.ts'
import { ENGINES, runningPostgres, sqliteOptions, stopEngines } from './engines.ts'
import { allRows, library, refusal, serving } from './offered.ts'

const ENDLESS = 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c'

const text = (result: { content?: unknown }) => JSON.stringify(result.content)

const sqliteEngine = ENGINES.find(({ dialect }) => dialect === 'sqlite')

/** Processes of this one that hold a SQLite file. */
function sqliteProcesses(): readonly number[] {
  const numbers = readdirSync('/proc').filter(name => /^\d+$/.test(name))
  return numbers.map(Number).filter(pid => {
    try {
      const parent = / \w (\d+) /.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1]
      return Number(parent) === process.pid && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--oarlock-sqlite')
    } catch {
      // It ended meanwhile.
      return false
    }
  })
}

const away = suite('a database that is away')

away('a server starts, and lists what it has, without any database', async () => {
  for (const source of [postgres({ host: '127.0.0.1', port: 1, connectTimeout: '1s' }), sqlite('/nowhere/at-all.db', sqliteOptions)]) {
    const heard: string[] = []
    await using pair = await connected(serving(library({ source, select: true, onError: (_, where) => heard.push(where) })))
    assert.equal(
      (await pair.client.resources()).map(({ uri }) => uri),
      ['db://library/schema'],
    )
    assert.equal(heard, ['list'])
    assert.match(await refusal(pair.client, 'db://library/schema'), /cannot be reached/)
    const result = await pair.client.callRaw('library_select', { sql: 'SELECT 1' })
    assert.match(text(result), /cannot be reached/)
    assert.not.match(text(result), /nowhere|ECONN|127/)
  }
})

if (process.platform === 'linux' && sqliteEngine?.missing === undefined)
  away('a SQLite process that is gone is replaced', async () => {
    const db = await (sqliteEngine as NonNullable<typeof sqliteEngine>).open()
    await using pair = await connected(serving(library({ source: db.source({ connections: 1 }) })))
    const read = () => allRows(pair.client, 'db://library/tables/books/rows').then(({ rows }) => rows.length)
    assert.is(await read(), 5)
    const [pid] = sqliteProcesses()
    process.kill(pid as number, 'SIGKILL')
    while (sqliteProcesses().includes(pid as number)) await new Promise(resolve => setImmediate(resolve))
    assert.is(await read(), 5)
    await db.close()
  })

if (process.platform === 'linux' && sqliteEngine?.missing === undefined)
  away('closing refuses what waits, and no process is left or comes anew', async () => {
    const db = await (sqliteEngine as NonNullable<typeof sqliteEngine>).open()
    const source = db.source({ connections: 1 })
    const run = (sql: string) =>
      source.run({ sql, values: [], rows: 1, bytes: 1_000, timeout: '1m' }).then(
        ({ rows }) => rows[0]?.[0],
        (cause: unknown) => (DatabaseFailure.is(cause) ? cause.kind : cause),
      )
    assert.is(await run('SELECT 1'), '1')
    const before = sqliteProcesses()
    assert.is(before.length, 1)
    const statements = [run(ENDLESS), run('SELECT 2'), run('SELECT 3')]
    await source.close()
    assert.equal(await Promise.all(statements), ['connection', 'connection', 'connection'])
    while (sqliteProcesses().includes(before[0] as number)) await new Promise(resolve => setImmediate(resolve))
    assert.equal(sqliteProcesses(), [])
    // The place is free again for whoever comes later.
    assert.is(await run('SELECT 4'), '4')
    await db.close()
  })

away('a failure of another copy of the package is one', () => {
  const foreign = Object.assign(new Error('x'), { [Symbol.for('oarlock.database-failure')]: true })
  assert.ok(DatabaseFailure.is(foreign) && DatabaseFailure.is(new DatabaseFailure('busy', 'x')))
  assert.not.ok(DatabaseFailure.is(new Error('x')) || DatabaseFailure.is(undefined))
})

if (Number(process.versions.node.split('.')[0]) < 22)
  away('a better-sqlite3 that would crash this Node is not loaded', async () => {
    const source = sqlite('/nowhere/at-all.db', { module: 'better-sqlite3' })
    const thrown = await source.relations().then(String, String)
    assert.match(thrown, /needs Node 22, and this is v20\S+: install an older one, such as better-sqlite3@12/)
  })

away('memory is no file', () => {
  assert.throws(() => sqlite(':memory:'), /none/)
  assert.throws(() => sqlite('file:x?mode=rw'), /none/)
})

away('places are given in turn, and only so many wait', async () => {
  const slots = new Slots([undefined], 2)
  const order: string[] = []
  let free = () => {}
  const first = slots.with(undefined, () => new Promise<void>(resolve => (free = resolve)))
  const leave = new AbortController()
  const gone = slots
    .with(leave.signal, async () => order.push('gone'))
    .then(
      () => assert.unreachable(),
      (thrown: DatabaseFailure) => assert.is(thrown.kind, 'cancelled'),
    )
  const second = slots.with(undefined, async () => order.push('second'))
  await slots
    .with(undefined, async () => order.push('too many'))
    .then(
      () => assert.unreachable(),
      (thrown: DatabaseFailure) => assert.is(thrown.kind, 'busy'),
    )
  leave.abort()
  await gone
  const third = slots.with(undefined, async () => order.push('third'))
  free()
  await Promise.all([first, second, third])
  assert.equal(order, ['second', 'third'])
  // What waits when it is closed is refused; what comes later is let in.
  const blocking = slots.with(undefined, () => new Promise<void>(resolve => (free = resolve)))
  const late = slots
    .with(undefined, async () => order.push('late'))
    .then(
      () => assert.unreachable(),
      (thrown: DatabaseFailure) => assert.is(thrown.kind, 'connection'),
    )
  slots.close()
  free()
  await Promise.all([blocking, late])
  await slots.with(undefined, async () => order.push('anew'))
  assert.equal(order, ['second', 'third', 'anew'])
})
away.run()

const lost = suite('connections that break')
const pg = ENGINES.find(({ dialect }) => dialect === 'postgres')

lost('idle connections that were cut are replaced unseen; a crash is said, and over when the server is back', async () => {
  const db = await (pg as NonNullable<typeof pg>).open()
  const server = await runningPostgres()
  await using pair = await connected(serving(library({ source: db.source(), select: true })))
  const { client } = pair
  const read = () => allRows(client, 'db://library/tables/books/rows').then(({ rows }) => rows.length)
  assert.is(await read(), 5)
  await server.query(
    'postgres',
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'",
  )
  assert.is(await read(), 5)
  await server.crash()
  assert.match(await read().then(String, String), /cannot be reached/)
  assert.match(text(await client.callRaw('library_select', { sql: 'SELECT 1' })), /cannot be reached/)
  await server.restart()
  assert.is(await read(), 5)
  await db.close()
})

lost('more callers than connections all get their answer', async () => {
  const db = await (pg as NonNullable<typeof pg>).open()
  await using pair = await connected(serving(library({ source: db.source({ connections: 2 }), select: true })))
  const counts = await Promise.all(
    Array.from({ length: 60 }, () => pair.client.call<{ count: number }>('library_select', { sql: 'SELECT * FROM books' })),
  )
  assert.ok(counts.every(({ count }) => count === 5))
  const server = await runningPostgres()
  const [row] = await server.query('postgres', "SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'oarlock'")
  assert.ok((row as { n: number }).n <= 2)
  await db.close()
})

lost('the engines stop', stopEngines)

if (pg?.missing === undefined) lost.run()
else skip('connections that break', pg.missing)
