/** Schema, pages, values and queries of real databases, over a real server and client. */
// time limit: 240 s

import { connected, matrix } from '@oarlock/testing'
import { Type } from 'typebox'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { skip } from '../../../../test/runner/skip.ts'
import { ENGINES, stopEngines, type TestDatabase } from './engines.ts'
import { allRows, json, library, refusal, serving, type PageText } from './offered.ts'
import { COMMON_KINDS, HOSTILE, KINDS, POSTGRES_KINDS, QUERIES, quote } from './samples.ts'

const REVISIONS = ['2024-11-05', '2026-07-28'] as const
for (const engine of ENGINES) {
  const test = suite(`reading, ${engine.name}`)
  let db: TestDatabase
  const offered = (more: object = {}) => serving(library({ source: db.source(), select: true, queries: QUERIES, ...more }))

  test.before(async () => {
    db = await engine.open()
    await db.write(KINDS[engine.dialect])
    await db.write(
      HOSTILE.map(
        name => `CREATE TABLE ${quote(name)} (${quote(name)} TEXT, id INTEGER PRIMARY KEY); INSERT INTO ${quote(name)} VALUES ('found', 1)`,
      ).join(';'),
    )
  })
  test.after(() => db.close())

  matrix({ revisions: REVISIONS, transports: ['stdio', 'http'] }, ({ name, connect }) => {
    test(`tables are listed, described and read page by page: ${name}`, async () => {
      await using pair = await connect(offered())
      const { client } = pair
      const listed = new Set((await client.resources()).map(({ uri }) => uri))
      assert.ok(
        listed.has('db://library/tables/books') &&
          listed.has('db://library/tables/titles/rows') &&
          listed.has('db://library/queries/count'),
      )
      const { tables } = await json<{ tables: readonly Record<string, unknown>[] }>(client, 'db://library/schema')
      assert.equal(tables.find(({ table }) => table === 'books')?.['rows'], { count: 5, exact: true })
      const books = await json(client, 'db://library/tables/books')
      assert.equal(books['primaryKey'], ['id'])
      assert.equal(books['foreignKeys'], [
        {
          columns: ['author_id'],
          table: 'authors',
          references: ['id'],
          onUpdate: 'NO ACTION',
          onDelete: 'CASCADE',
        },
      ])
      assert.equal(
        (books['indexes'] as { name: string; unique: boolean; columns: string[] }[]).find(index => index.name === 'books_by_author'),
        { name: 'books_by_author', unique: false, partial: false, columns: ['author_id', 'year'] },
      )
      assert.equal(
        (books['columns'] as { name: string; nullable: boolean }[]).map(column => [column.name, column.nullable]),
        [
          ['id', false],
          ['title', false],
          ['author_id', false],
          ['year', true],
          ['price', true],
        ],
      )
      const first = await json<PageText>(client, 'db://library/tables/books/rows?limit=2')
      assert.equal(
        first.rows.map(row => row['id']),
        [1, 2],
      )
      const { rows, pages } = await allRows(client, 'db://library/tables/books/rows?limit=2')
      assert.equal(
        rows.map(row => row['id']),
        [1, 2, 3, 4, 5],
      )
      assert.is(pages, 3)
      assert.is((await allRows(client, 'db://library/tables/loans/rows?limit=1')).rows.length, 3)
      assert.is((await allRows(client, 'db://library/tables/titles/rows?limit=2')).rows.length, 5)
      assert.match((await json<PageText>(client, 'db://library/tables/titles/rows')).paged ?? '', /by position/)
    })

    test(`queries bind what the URI says, and the tool answers structured content: ${name}`, async () => {
      await using pair = await connect(offered())
      const { client } = pair
      assert.equal((await json(client, 'db://library/queries/byAuthor?author=1'))['rows'], [
        { title: 'The Lathe of Heaven', year: 1971 },
        { title: 'The Dispossessed', year: 1974 },
      ])
      assert.is((await json(client, 'db://library/queries/byAuthor?author=1&since=1972&limit=1'))['count'], 1)
      assert.equal((await json(client, 'db://library/queries/numbered?first=a&second=b'))['rows'], [{ both: 'ba' }])
      assert.equal((await json(client, 'db://library/queries/count'))['rows'], [{ n: 5 }])
      await client.read('db://library/queries/byAuthor?author=x').then(
        () => assert.unreachable(),
        (thrown: Error) => assert.match(thrown.message, /author/),
      )
      assert.equal(
        (
          await client.complete(
            { type: 'ref/resource', uri: 'db://library/queries/byAuthor{?author,since,limit}' },
            { name: 'author', value: '' },
          )
        ).values,
        ['1', '2', '3'],
      )
      const selected = await client.call<{ rows: unknown[] }>('library_select', {
        sql: "SELECT title FROM titles WHERE author LIKE '%Lem' ORDER BY 1",
      })
      assert.equal(selected.rows, [{ title: 'Solaris' }, { title: 'The Cyberiad' }])
    })
  })

  test('every kind of value comes as it is', async () => {
    await using pair = await connected(offered())
    const { rows } = await allRows(pair.client, 'db://library/tables/kinds/rows')
    assert.equal(
      rows,
      engine.dialect === 'sqlite' ? COMMON_KINDS : COMMON_KINDS.map((row, index) => ({ ...row, ...POSTGRES_KINDS[index] })),
    )
    assert.is((await allRows(pair.client, 'db://library/tables/kinds/rows?limit=1')).rows.length, 2)
  })

  test('the tool counts the rows of a view', async () => {
    await using pair = await connected(offered({ tables: ['titles'] }))
    const { rows } = await pair.client.call<{ rows: unknown[] }>('library_select', {
      sql: 'SELECT count(*) AS n FROM titles AS t, titles AS u',
    })
    assert.equal(rows, [{ n: 25 }])
  })

  if (engine.dialect === 'sqlite')
    test('full-text search works in the tool and in pages, and keeps its own tables to itself', async () => {
      await db.write("CREATE VIRTUAL TABLE notes USING fts5(body); INSERT INTO notes VALUES ('a quick fox'), ('a slow snail')")
      await using pair = await connected(offered({ tables: ['notes'] }))
      const { client } = pair
      const sql = "SELECT body, bm25(notes) < 0 AS ranked FROM notes WHERE notes MATCH 'fox'"
      assert.equal((await client.call<{ rows: unknown[] }>('library_select', { sql })).rows, [{ body: 'a quick fox', ranked: 1 }])
      assert.equal((await allRows(client, 'db://library/tables/notes/rows?limit=1')).rows, [
        { body: 'a quick fox' },
        { body: 'a slow snail' },
      ])
      assert.match(JSON.stringify(await client.callRaw('library_select', { sql: 'SELECT * FROM notes_data' })), /no table or view/)
      await db.write('DROP TABLE notes')
    })

  if (engine.dialect === 'postgres')
    test('other schemas go by their name, and a role reads what it was granted', async () => {
      await db.write(`CREATE SCHEMA archive; CREATE TABLE archive.books (id int PRIMARY KEY, title text); INSERT INTO archive.books VALUES (7, 'Old');
        CREATE TABLE archive."a.b" (id int PRIMARY KEY, seen text, unseen text); INSERT INTO archive."a.b" VALUES (1, 'yes', 'no');
        CREATE ROLE clerk; GRANT USAGE ON SCHEMA archive TO clerk; GRANT SELECT ON books, archive.books, archive."a.b" TO clerk`)
      await using pair = await connected(offered({ source: db.source({ schemas: ['public', 'archive'], role: 'clerk' }), queries: {} }))
      const { client } = pair
      const listed = (await client.resources()).map(({ name }) => name).filter(name => !name.endsWith(' rows'))
      assert.equal(listed, ['library-schema', 'archive."a.b"', 'archive.books', 'books'])
      assert.equal((await allRows(client, 'db://library/tables/archive.books/rows')).rows, [{ id: 7, title: 'Old' }])
      assert.equal((await allRows(client, 'db://library/tables/archive.%22a.b%22/rows')).rows, [{ id: 1, seen: 'yes', unseen: 'no' }])
      const { rows } = await client.call<{ rows: unknown[] }>('library_select', {
        sql: 'SELECT o.title, count(*) AS n FROM archive.books o, books GROUP BY 1',
      })
      assert.equal(rows, [{ title: 'Old', n: 5 }])
      const refused = await pair.client.callRaw('library_select', { sql: 'SELECT * FROM secrets' })
      assert.match(JSON.stringify(refused.content), /no table or view/)
    })

  test('columns of one name are told apart', async () => {
    await using pair = await connected(offered())
    const { rows, columns } = await json<{ rows: unknown[]; columns: string[] }>(pair.client, 'db://library/queries/twice')
    assert.equal(columns, ['id', 'id_2', 'name'])
    assert.equal(rows[2], { id: 2, id_2: 3, name: 'Stanisław Lem' })
  })

  test('T21: tables with hostile names are listed and read, and are nothing but names', async () => {
    await using pair = await connected(offered())
    const { client } = pair
    const listed = new Map((await client.resources()).map(({ uri, name }) => [name, uri]))
    for (const hostile of HOSTILE) {
      const id = engine.dialect === 'postgres' && /[."]/.test(hostile) ? quote(hostile) : hostile
      // A URI cannot end in a segment of two dots.
      if (hostile === '..' && engine.dialect === 'sqlite') continue
      const uri = listed.get(`${id} rows`)
      assert.ok(uri, `${id} is listed`)
      const page = await json<PageText>(client, uri)
      assert.equal(
        Object.entries(page.rows[0] as object),
        [
          [hostile, 'found'],
          ['id', 1],
        ],
        id,
      )
      const cell = JSON.stringify([engine.dialect === 'sqlite' ? 'i1' : 't1'])
      const table = uri.slice(0, -'/rows'.length)
      const [value] = await client.read(
        `${table}/cell?key=${Buffer.from(cell).toString('base64url')}&column=${encodeURIComponent(hostile)}`,
      )
      assert.is((value as { text: string }).text, 'found', id)
    }
    const { rows } = await client.call<{ rows: unknown[] }>('library_select', {
      sql: `SELECT "x; drop table books" AS v FROM "x; drop table books"`,
    })
    assert.equal(rows, [{ v: 'found' }])
    assert.is((await allRows(client, 'db://library/tables/books/rows')).rows.length, 5)
  })

  test('row 15: names of the prototype are names', async () => {
    await using pair = await connected(offered())
    for (const name of ['constructor', 'toString', 'hasOwnProperty', 'valueOf'])
      for (const uri of [
        `db://library/tables/${name}`,
        `db://library/tables/${name}/rows`,
        `db://library/tables/books/cell?key=WyJpMSJd&column=${name}`,
        `db://library/queries/${name}`,
      ])
        assert.match(await refusal(pair.client, uri), /not found/i, uri)
  })

  test('a new table is found without a restart', async () => {
    await using pair = await connected(serving(library({ source: db.source({ refresh: 0 }) })))
    const { client } = pair
    await client.read('db://library/schema')
    await db.write('CREATE TABLE later (id INTEGER PRIMARY KEY)')
    assert.is((await allRows(client, 'db://library/tables/later/rows')).rows.length, 0)
    await db.write('DROP TABLE later')
  })

  test('queries that cannot work are refused when the database is offered, all at once', () => {
    const bad = {
      a: { sql: 'DELETE FROM books' },
      b: { sql: 'SELECT :x' },
      c: { sql: 'SELECT 1', params: Type.Object({ unused: Type.String() }) },
      d: { sql: 'SELECT evil()' },
    }
    assert.throws(
      () => library({ source: db.source(), queries: bad }),
      (thrown: Error) => ['query a', 'query b', 'query c', 'query d'].every(each => thrown.message.includes(each)),
    )
  })

  test('a query that does not fit the database is reported once the database answers', async () => {
    const source = db.source()
    const heard = new Promise<string>(resolve => {
      const provider = library({
        source,
        queries: { lost: { sql: 'SELECT x FROM nowhere' } },
        onError: (cause, where) => resolve(`${where}: ${String(cause)}`),
      })
      void connected(serving(provider)).then(pair => pair.client.resources())
    })
    assert.match(await heard, /named queries: .*query lost.*nowhere/, await heard)
  })

  if (engine.missing === undefined) test.run()
  else skip(`reading with ${engine.name}`, engine.missing)
}

const end = suite('engines')
end('they stop', stopEngines)
end.run()
