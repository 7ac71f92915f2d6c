/** Changes that others make are told to those who follow documents. */
// time limit: 120 s

import { changeTrigger, type DatabaseSource } from '@oarlock/resources/database'
import { connected } from '@oarlock/testing'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { skip } from '../../../../test/runner/skip.ts'
import { ENGINES, runningPostgres, stopEngines } from './engines.ts'
import { library, serving } from './offered.ts'

const BOOKS = 'db://library/tables/books/rows'
const AUTHORS = 'db://library/tables/authors'
const QUERIES = {
  authors: { sql: 'SELECT count(*) FROM authors', tables: ['authors'] },
  anything: { sql: 'SELECT count(*) FROM books' },
}

for (const engine of ENGINES) {
  const test = suite(`following, ${engine.name}`)

  test('a change by another connection is told', async () => {
    const db = await engine.open()
    if (engine.dialect === 'postgres') await db.write(changeTrigger({ table: 'books' }))
    for (const revision of ['2025-06-18', '2026-07-28'] as const) {
      const source = db.source({ poll: 20 })
      const following = nowFollowing(source)
      await using pair = await connected(serving(library({ source })), { revision })
      const changes = pair.client.listen({ resources: [BOOKS] })
      await changes.ready
      await following
      await db.write('UPDATE books SET year = year + 1 WHERE id = 1')
      assert.equal((await changes.next()).value, { kind: 'resource', uri: BOOKS })
      changes.close()
    }
    await db.close()
  })

  test('following ends with the last follower, and begins anew with the next', async () => {
    const db = await engine.open()
    const source = db.source({ poll: 20 })
    const log: string[] = []
    const { follow } = source
    source.follow = async (...args) => {
      log.push('begins')
      const end = await follow.apply(source, args)
      return () => {
        log.push('ends')
        end()
      }
    }
    const provider = library({ source })
    await using pair = await connected(serving(provider))
    for (let round = 0; round < 2; round += 1) {
      const first = pair.client.listen({ resources: [BOOKS] })
      const second = pair.client.listen({ resources: [AUTHORS] })
      await Promise.all([first.ready, second.ready])
      while (log.length < 1 + round * 2) await new Promise(resolve => setImmediate(resolve))
      first.close()
      second.close()
      while (log.length < 2 + round * 2) await new Promise(resolve => setImmediate(resolve))
    }
    assert.equal(log, ['begins', 'ends', 'begins', 'ends'])
    await db.close()
  })

  test('a source that could not be followed is asked again by the next follower, and nothing is left unhandled', async () => {
    const db = await engine.open()
    const source = db.source({ poll: 20 })
    const { follow } = source
    let tries = 0
    source.follow = (...args) => ((tries += 1) === 1 ? Promise.reject(new Error('away')) : follow.apply(source, args))
    const unhandled: unknown[] = []
    const hear = (cause: unknown) => void unhandled.push(cause)
    process.on('unhandledRejection', hear)
    const server = serving(library({ source }))
    const reported = new Promise(resolve => server.on('error.reported', resolve))
    {
      await using pair = await connected(server)
      const first = pair.client.listen({ resources: [BOOKS] })
      await first.ready
      await reported
      first.close()
      const following = nowFollowing(source)
      const second = pair.client.listen({ resources: [BOOKS] })
      await second.ready
      await following
      second.close()
    }
    assert.is(tries, 2)
    await db.close()
    process.off('unhandledRejection', hear)
    assert.equal(unhandled, [])
  })

  if (engine.missing === undefined) test.run()
  else skip(`following with ${engine.name}`, engine.missing)
}

/** Resolves when the source misses nothing any more. */
function nowFollowing(source: DatabaseSource): Promise<void> {
  return new Promise(resolve => {
    const { follow } = source
    source.follow = async (...args) => {
      const end = await follow.apply(source, args)
      resolve()
      return end
    }
  })
}

const named = suite('following, tables by name')
const pg = ENGINES.find(({ dialect }) => dialect === 'postgres')

named('PostgreSQL names the table: only what it concerns is told, and a cut connection comes back', async () => {
  const db = await (pg as NonNullable<typeof pg>).open()
  await db.write(changeTrigger({ table: 'books' }) + changeTrigger({ table: 'authors' }))
  const { query } = await runningPostgres()
  const errors: string[] = []
  await using pair = await connected(serving(library({ source: db.source(), queries: QUERIES, onError: (_, where) => errors.push(where) })))
  const changes = pair.client.listen({ resources: [BOOKS, AUTHORS, 'db://library/queries/authors', 'db://library/queries/anything'] })
  await changes.ready
  const listeners = "SELECT pid FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND state = 'idle'"
  const listening = async (): Promise<void> => {
    while ((await query('postgres', listeners)).length === 0) await new Promise(resolve => setImmediate(resolve))
  }
  // One document can be told twice; what is not among them must not be told at all.
  const told = async (...uris: readonly string[]): Promise<void> => {
    const missing = new Set(uris)
    while (missing.size > 0) {
      const { uri } = (await changes.next()).value as { uri: string }
      assert.ok(uris.includes(uri), uri)
      missing.delete(uri)
    }
  }
  const ofAuthors = 'db://library/queries/authors'
  const ofAny = 'db://library/queries/anything'
  await listening()
  await db.write('UPDATE books SET year = year + 1')
  await told(ofAny, BOOKS)
  await db.write("UPDATE authors SET name = 'x' WHERE id = 3; TRUNCATE loans")
  await told(ofAny, ofAuthors, AUTHORS)
  await query('postgres', `SELECT pg_terminate_backend(pid) FROM (${listeners}) AS l`)
  // It says that anything may have changed meanwhile, and listens on.
  await told(ofAny, ofAuthors, AUTHORS, BOOKS)
  assert.equal(errors, ['following changes'])
  await db.write("NOTIFY oarlock, 'no table of ours'")
  await told(ofAny, ofAuthors, AUTHORS, BOOKS)
  changes.close()
  await db.close()
})

named('a view is told of each change: what it is made of, only its database knows; and so is a materialized view', async () => {
  const db = await (pg as NonNullable<typeof pg>).open()
  await db.write(
    `${changeTrigger({ table: 'books' })} CREATE MATERIALIZED VIEW kept AS SELECT title FROM books; CREATE TABLE "a.b" (id int); ${changeTrigger({ table: 'a.b' })}`,
  )
  const source = db.source()
  const following = nowFollowing(source)
  const uris = ['titles/rows', 'kept', 'authors', '%22a.b%22/rows'].map(each => `db://library/tables/${each}`)
  await using pair = await connected(serving(library({ source })))
  const changes = pair.client.listen({ resources: uris })
  await changes.ready
  await following
  const heard = async (count: number): Promise<readonly string[]> => {
    const found: string[] = []
    while (found.length < count) found.push(((await changes.next()).value as { uri: string }).uri)
    return found.toSorted()
  }
  const views = [uris[1] as string, uris[0] as string]
  await db.write('UPDATE books SET year = year + 1')
  assert.equal(await heard(2), views)
  await db.write('INSERT INTO "a.b" VALUES (1)')
  assert.equal(await heard(3), [uris[3], ...views])
  changes.close()
  await db.close()
})

named('the trigger of a table with a hostile name is on that table', async () => {
  const db = await (pg as NonNullable<typeof pg>).open()
  const name = `x"; DROP TABLE books; --`
  await db.write(`CREATE TABLE "${name.replaceAll('"', '""')}" (id int); ${changeTrigger({ table: name }, "it's")}`)
  await db.write('SELECT * FROM books')
  await db.close()
})

named('the engines stop', stopEngines)

if (pg?.missing === undefined) named.run()
else skip('following tables by name', pg.missing)
