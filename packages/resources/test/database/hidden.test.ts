/** What a caller may not read, or nobody: it is nowhere, whichever way it is asked for. */
// time limit: 240 s

import { rules } from '@oarlock/resources'
import { connected, raw } from '@oarlock/testing'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { skip } from '../../../../test/runner/skip.ts'
import { ENGINES, stopEngines, type TestDatabase } from './engines.ts'
import { json, library, refusal, serving } from './offered.ts'
import { QUERIES } from './samples.ts'

for (const engine of ENGINES) {
  const test = suite(`hidden, ${engine.name}`)
  let db: TestDatabase
  const offered = (more: object = {}) => serving(library({ source: db.source(), select: true, queries: QUERIES, ...more }))

  test.before(async () => {
    db = await engine.open()
  })
  test.after(() => db.close())

  test('row 17: one rule hides a table: from lists, completion, reading, following and the tool', async () => {
    const access = rules([{ uri: 'db://library/tables/secrets', subjects: ['boss'] }, { uri: '**' }])
    const server = offered({ access })
    const peer = raw(server)
    await peer.request('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'c', version: '1' } })
    assert.not.match(JSON.stringify(await peer.request('resources/list')), /secrets/)
    for (const uri of [
      'db://library/tables/secrets',
      'db://library/tables/secrets/rows',
      'db://library/tables/secrets/rows?limit=5',
      'db://library/tables/%73ecrets/rows',
      'db://library/tables/secrets/cell?key=WyJpMSJd&column=word',
    ])
      for (const method of ['resources/read', 'resources/subscribe'])
        assert.match((await peer.request(method, { uri })).error?.message ?? '', /not found/i, `${method} ${uri}`)
    assert.not.match(JSON.stringify(await peer.request('resources/read', { uri: 'db://library/schema' })), /secrets/)
    const ref = { type: 'ref/resource', uri: 'db://library/tables/{table}{?offset,length}' }
    assert.not.match(
      JSON.stringify(await peer.request('completion/complete', { ref, argument: { name: 'table', value: 'se' } })),
      /secrets/,
    )
    for (const sql of ['SELECT * FROM secrets', 'SELECT * FROM books WHERE EXISTS (SELECT * FROM secrets)'])
      assert.match(JSON.stringify(await peer.request('tools/call', { name: 'library_select', arguments: { sql } })), /no table or view/)
    await server.close()
  })

  test('row 17: the schema names no query that its caller may not read, and a table no table', async () => {
    const access = rules([
      { uri: 'db://library/queries/count', subjects: ['boss'] },
      { uri: 'db://library/tables/authors', subjects: ['boss'] },
      { uri: '**' },
    ])
    await using pair = await connected(offered({ access }))
    const { queries } = await json<{ queries: readonly { query: string }[] }>(pair.client, 'db://library/schema')
    assert.equal(
      queries.map(({ query }) => query),
      ['byAuthor', 'numbered', 'twice'],
    )
    const books = await json(pair.client, 'db://library/tables/books')
    assert.equal(books['foreignKeys'], [])
    await using all = await connected(offered())
    assert.is(((await json(all.client, 'db://library/tables/books'))['foreignKeys'] as unknown[]).length, 1)
  })

  test('what is not shown is not there', async () => {
    await using pair = await connected(offered({ tables: ['books'] }))
    assert.equal(
      (await pair.client.resources()).filter(({ uri }) => uri.includes('/tables/')).map(({ name }) => name),
      ['books', 'books rows'],
    )
    assert.match(await refusal(pair.client, 'db://library/tables/authors'), /not found/i)
    const result = await pair.client.callRaw('library_select', { sql: 'SELECT * FROM authors' })
    assert.match(JSON.stringify(result.content), /no table or view/)
  })

  if (engine.name === 'SQLite of Node')
    test('T21: SQLite itself is told what a statement of the tool may use, should the gate ever let more through', async () => {
      const source = db.source()
      const run = (sql: string) =>
        source
          .run({ sql, values: [], rows: 5, bytes: 5_000, timeout: '5s', reads: ['books', 'titles'], views: ['titles'], functions: [] })
          .then(({ rows }) => rows.length, String)
      assert.is(
        await run('WITH c AS (SELECT id FROM books) SELECT * FROM (SELECT lower(title) FROM titles) WHERE 1 IN (SELECT id FROM c)'),
        5,
      )
      assert.is(await run('SELECT count(*) FROM titles'), 1)
      for (const sql of [
        'SELECT * FROM secrets',
        'SELECT name FROM authors',
        'SELECT * FROM sqlite_schema',
        'SELECT 1 WHERE 1 IN secrets',
        'WITH titles2 AS (SELECT * FROM secrets) SELECT * FROM titles2',
      ])
        assert.match(String(await run(sql)), /prohibited|not authorized/, sql)
      for (const sql of ['SELECT zeroblob(9)', 'SELECT * FROM pragma_table_list', 'PRAGMA table_list', "SELECT load_extension('x')"])
        assert.match(String(await run(sql)), /not authorized|prohibited|no such function/, sql)
    })

  if (engine.missing === undefined) test.run()
  else skip(`hidden with ${engine.name}`, engine.missing)
}

const end = suite('engines')
end('they stop', stopEngines)
end.run()
