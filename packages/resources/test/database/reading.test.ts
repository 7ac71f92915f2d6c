/** Schema, pages, values and queries of real databases, over a real server and client. */
// time limit: 240 s

import { rules } from '@oarlock/resources'
import { connected, matrix, raw } from '@oarlock/testing'
import { Type } from 'typebox'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { skip } from '../../../../test/runner/skip.ts'
import { ENGINES, stopEngines, type TestDatabase } from './engines.ts'
import { allRows, json, library, refusal, serving, type PageText } from './offered.ts'

const REVISIONS = ['2024-11-05', '2026-07-28'] as const
const HOSTILE = ['a"b', "a'b", 'x; drop table books', 'ünï ☃ 𝒙', 'select', '../up', 'a/b?c#d', '%41', 'a\\b', '..', '__proto__', 'a.b', ' ']
const quote = (name: string) => `"${name.replaceAll('"', '""')}"`

const KINDS = {
  sqlite: `CREATE TABLE kinds (id INTEGER PRIMARY KEY, a, b, c, d, e, f);
    INSERT INTO kinds VALUES (1, 9007199254740993, 0.1, NULL, x'00ff10', 'tab' || char(9) || '☃', 9e999), (-9223372036854775808, -5, -1e300, '', x'', '{"a":1}', 3.0)`,
  postgres: `CREATE TABLE kinds (id bigint PRIMARY KEY, a bigint, b double precision, c text, d bytea, e text, f double precision, g numeric, h jsonb, i timestamptz, j timestamp, k date, l int[], m text[], n boolean, o uuid, p interval, q bytea[], r text[][]);
    INSERT INTO kinds VALUES (1, 9007199254740993, 0.1, NULL, '\\x00ff10', E'tab\\t☃', 'Infinity', 12345678901234567890.10, '{"n": 12345678901234567890, "z": null}', '2026-01-02 03:04:05.123456+02', '2026-01-02 03:04:05', '2026-01-02', '{1,NULL,3}', ARRAY['a,b', 'c"d', 'e\\f', NULL, 'NULL', ''], true, '6f9619ff-8b86-d011-b42d-00c04fc964ff', '1 day 2 hours', ARRAY['\\x01'::bytea], ARRAY[['a','b'],['c','d']]),
    (-9223372036854775808, -5, -1e300, '', '', '{"a":1}', 3.0, 'NaN', '[]', 'infinity', NULL, NULL, '{}', NULL, false, NULL, NULL, NULL, '{}')`,
}
const COMMON_KINDS = [
  { id: '-9223372036854775808', a: -5, b: -1e300, c: '', d: { base64: '' }, e: '{"a":1}', f: 3 },
  { id: 1, a: '9007199254740993', b: 0.1, c: null, d: { base64: 'AP8Q' }, e: 'tab\t☃', f: 'Infinity' },
]
const POSTGRES_KINDS = [
  { g: 'NaN', h: [], i: 'infinity', j: null, k: null, l: [], m: null, n: false, o: null, p: null, q: null, r: [] },
  {
    g: '12345678901234567890.10',
    h: { n: Number('12345678901234567890'), z: null },
    i: '2026-01-02T01:04:05.123456Z',
    j: '2026-01-02T03:04:05',
    k: '2026-01-02',
    l: [1, null, 3],
    m: ['a,b', 'c"d', 'e\\f', null, 'NULL', ''],
    n: true,
    o: '6f9619ff-8b86-d011-b42d-00c04fc964ff',
    p: 'P1DT2H',
    q: [{ base64: 'AQ==' }],
    r: [
      ['a', 'b'],
      ['c', 'd'],
    ],
  },
]

const QUERIES = {
  byAuthor: {
    sql: 'SELECT b.title, b.year FROM books b WHERE b.author_id = :author AND (:since IS NULL OR b.year >= :since) ORDER BY b.year LIMIT :limit',
    params: Type.Object({
      author: Type.Integer(),
      since: Type.Optional(Type.Integer()),
      limit: Type.Integer({ default: 10, maximum: 50 }),
    }),
    title: 'Books by author',
    complete: { author: (value: string) => ['1', '2', '3'].filter(id => id.startsWith(value)) },
  },
  numbered: { sql: 'SELECT $2 || $1 AS both', params: Type.Object({ first: Type.String(), second: Type.String() }) },
  twice: { sql: 'SELECT a.id, b.id, a.name FROM authors a JOIN books b ON b.author_id = a.id ORDER BY b.id' },
  count: { sql: 'SELECT count(*) AS n FROM books' },
}

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
          .run({ sql, values: [], rows: 5, bytes: 5_000, timeoutMs: 5_000, reads: ['books', 'titles'], views: ['titles'], functions: [] })
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
