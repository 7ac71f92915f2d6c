/** A write is impossible: more than forty ways to try one, each by every door, and the database is the same after each. */
// time limit: 300 s

import { Server } from '@oarlock/kernel'
import { database, DatabaseFailure, type DatabaseProvider } from '@oarlock/resources/database'
import { connected, type Pair } from '@oarlock/testing'
import { Type } from 'typebox'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { skip } from '../../../../test/runner/skip.ts'
import { ENGINES, stopEngines, type TestDatabase } from './engines.ts'

/** Statements that write, or want something written, on any engine. */
const WAYS = [
  'DELETE FROM books',
  "INSERT INTO authors VALUES (9, 'x', NULL)",
  "UPDATE books SET title = 'x'",
  'DROP TABLE loans',
  'ALTER TABLE books ADD COLUMN x INTEGER',
  'CREATE TABLE x (a INTEGER)',
  'CREATE TEMP TABLE x (a INTEGER)',
  'CREATE TABLE x AS SELECT * FROM books',
  'CREATE INDEX x ON books (year)',
  'CREATE VIEW x AS SELECT 1',
  'DROP INDEX books_title',
  'DROP VIEW titles',
  'VACUUM',
  'ANALYZE',
  'REINDEX TABLE books',
  'SELECT 1; DELETE FROM books',
  'SELECT 1;\nDROP TABLE loans;--',
  '/* SELECT */ DELETE FROM books',
  '-- SELECT\nDELETE FROM books',
  '(DELETE FROM books)',
  'WITH x AS (DELETE FROM books RETURNING *) SELECT * FROM x',
  'WITH x AS (UPDATE books SET year = 0 RETURNING id) SELECT * FROM x',
  "WITH x AS (INSERT INTO authors VALUES (9, 'x', NULL) RETURNING id) SELECT * FROM x",
  'WITH x AS (SELECT 1) DELETE FROM books',
  'WITH x AS (SELECT 1 AS id) UPDATE books SET year = 0 WHERE id IN (SELECT id FROM x)',
  "WITH x AS (SELECT 9) INSERT INTO authors SELECT 9, 'x', NULL FROM x",
  'SELECT * FROM (DELETE FROM books RETURNING *) AS q',
  'SELECT (DELETE FROM books RETURNING id)',
  'SELECT * FROM books; COMMIT; DELETE FROM books; SELECT 1',
  'ROLLBACK; DELETE FROM books',
  'COMMIT; BEGIN; DELETE FROM books; COMMIT',
  'SELECT 1) AS q; DELETE FROM books; SELECT * FROM (SELECT 1',
  "SELECT ''';DELETE FROM books;--'; DELETE FROM books",
  'EXPLAIN ANALYZE DELETE FROM books',
  'SELECT * INTO x FROM books',
]

const SQLITE_WAYS = [
  "REPLACE INTO authors VALUES (1, 'x', NULL)",
  "INSERT OR REPLACE INTO authors VALUES (1, 'x', NULL)",
  'PRAGMA query_only = OFF',
  'PRAGMA writable_schema = ON',
  'PRAGMA user_version = 7',
  'PRAGMA application_id = 7',
  'PRAGMA journal_mode = WAL',
  'PRAGMA journal_mode = DELETE',
  'PRAGMA wal_checkpoint(TRUNCATE)',
  'PRAGMA incremental_vacuum',
  'PRAGMA schema_version = 9',
  'SELECT * FROM pragma_user_version(7)',
  "ATTACH 'x.db' AS x",
  "SELECT * FROM books; ATTACH 'x.db' AS x; CREATE TABLE x.y (a)",
  "VACUUM INTO 'x.db'",
  'DELETE FROM sqlite_schema',
  "SELECT writefile('x.txt', 'x')",
  "SELECT load_extension('x')",
  "SELECT edit('x', 'touch x.txt')",
  "SELECT fts3_tokenizer('x', x'00')",
  'SAVEPOINT x; DELETE FROM books; RELEASE x',
  'CREATE TRIGGER t AFTER INSERT ON loans BEGIN DELETE FROM books; END',
  'CREATE VIRTUAL TABLE x USING fts5(a)',
  'DETACH main',
  'BEGIN IMMEDIATE',
  'SELECT 1 FROM [books]; DELETE FROM [books]',
]

const POSTGRES_WAYS = [
  'TRUNCATE books',
  'MERGE INTO books b USING authors a ON a.id = b.author_id WHEN MATCHED THEN DELETE',
  "COPY books FROM PROGRAM 'echo 1'",
  "COPY (SELECT 1) TO '/tmp/oarlock-copied'",
  'DO $$ BEGIN DELETE FROM books; END $$',
  'CALL forget()',
  'SELECT forget()',
  'SELECT * FROM forget()',
  'SELECT public."forget"() FROM books',
  "SELECT nextval('counter')",
  "SELECT setval('counter', 99)",
  "SELECT set_config('transaction_read_only', 'off', true); DELETE FROM books",
  "SELECT set_config('transaction_read_only', 'off', false)",
  'SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE; DELETE FROM books',
  'SET TRANSACTION READ WRITE',
  'SELECT lo_create(4711)',
  "SELECT lo_from_bytea(4711, 'x')",
  "SELECT lo_import('/etc/hostname')",
  "SELECT lo_export(1, '/tmp/oarlock-exported')",
  'SELECT pg_advisory_lock(4711)',
  'SELECT pg_switch_wal()',
  "SELECT pg_create_restore_point('x')",
  "SELECT pg_notify('oarlock', 'x')",
  "SELECT query_to_xml('DELETE FROM books', true, true, '')",
  "SELECT dblink_exec('dbname=postgres', 'CREATE TABLE x (a int)')",
  'SELECT * FROM books FOR UPDATE',
  'SELECT id FROM books FOR KEY SHARE SKIP LOCKED',
  'TABLE books',
  'CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ DELETE FROM books RETURNING 1 $$',
  'CREATE ROLE x SUPERUSER',
  'ALTER SYSTEM SET work_mem = 1024',
  'GRANT ALL ON books TO PUBLIC',
  "COMMENT ON TABLE books IS 'x'",
  'REFRESH MATERIALIZED VIEW x',
  'PREPARE x AS DELETE FROM books',
  'EXECUTE x',
  'DECLARE c CURSOR WITH HOLD FOR SELECT * FROM books',
  'LOCK TABLE books',
  'NOTIFY oarlock',
  "SELECT U&'\\0044'; DELETE FROM books",
  "SELECT E'\\'; DELETE FROM books; --'",
  'SELECT $a$; DELETE FROM books; $a$; DELETE FROM books',
]

/** What PostgreSQL has besides, for the ways above to use. */
const POSTGRES_MORE = `
CREATE SEQUENCE counter;
CREATE FUNCTION forget() RETURNS int LANGUAGE sql AS 'DELETE FROM books RETURNING 1';
CREATE ROLE reader LOGIN;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader;
GRANT SELECT, UPDATE, USAGE ON SEQUENCE counter TO reader;
`

/** Functions of the server, which no transaction holds back. */
const OF_THE_SERVER = /lo_import|lo_export|switch_wal|restore_point|dblink/

/** Values for every variable of every URI. */
const PAYLOADS = [
  "x'; DELETE FROM books; --",
  'x"; DELETE FROM books; --',
  'books"; DROP TABLE loans; --',
  "1' OR '1'='1",
  '1; DELETE FROM books',
  '1) ; DELETE FROM books; --',
  'books UNION SELECT * FROM secrets',
  "'||(DELETE FROM books)||'",
  '$1; DELETE FROM books',
  ':author; DELETE FROM books',
  '\\',
  "\\'; DELETE FROM books; --",
  '%27; DELETE FROM books; --',
  '𝒙＇; DELETE FROM books; --',
  Buffer.from(JSON.stringify(["t1'; DELETE FROM books; --"])).toString('base64url'),
  Buffer.from(JSON.stringify(['i1); DELETE FROM books; --'])).toString('base64url'),
  Buffer.from(JSON.stringify(["b'); DELETE FROM books; --", 't'])).toString('base64url'),
]

const BY_AUTHOR = {
  sql: 'SELECT b.title FROM books b JOIN authors a ON a.id = b.author_id WHERE a.name = :author OR :author IS NULL ORDER BY 1 LIMIT :most',
  params: Type.Object({ author: Type.Optional(Type.String()), most: Type.Integer({ default: 10 }) }),
}

function provided(source: TestDatabase, more: object = {}): DatabaseProvider {
  return database({ name: 'library', source: source.source(), select: true, queries: { byAuthor: BY_AUTHOR }, onError: () => {}, ...more })
}

function offering(provider: DatabaseProvider): Promise<Pair> {
  const server = new Server({ name: 'library', version: '1.0.0', log: false })
  server.offer(provider)
  return connected(server)
}

for (const engine of ENGINES) {
  const test = suite(`writes, ${engine.name}`)
  const ways = [...WAYS, ...(engine.dialect === 'sqlite' ? SQLITE_WAYS : POSTGRES_WAYS)]
  let db: TestDatabase
  let before: string

  test.before(async () => {
    db = await engine.open()
    if (engine.dialect === 'postgres') await db.write(POSTGRES_MORE)
    before = await db.digest()
  })
  test.after(() => db.close())

  const same = async (way: string): Promise<void> => assert.is(await db.digest(), before, `the database is another after: ${way}`)

  test(`T21: ${ways.length} ways to write, by the tool: each is refused, and nothing is written`, async () => {
    assert.ok(ways.length >= 40)
    await using pair = await offering(provided(db))
    for (const sql of ways) {
      const answer = await pair.client.callRaw('library_select', { sql })
      assert.is(answer.isError, true, sql)
      await same(sql)
    }
  })

  test('T21: as named queries they are refused before there is a server', async () => {
    for (const sql of ways) {
      assert.throws(() => provided(db, { queries: { way: { sql } } }), /query way: /, sql)
      await same(sql)
    }
  })

  test('T21: past the gate, the engine refuses them by itself', async () => {
    const trials = [{ source: db.source(), ways: engine.dialect === 'sqlite' ? ways : ways.filter(way => !OF_THE_SERVER.test(way)) }]
    // As one should: by a role that may only read. Without it a superuser's functions reach further than a transaction.
    if (engine.dialect === 'postgres') trials.push({ source: db.source({ user: 'reader' }), ways })
    for (const { source, ways: tried } of trials) {
      for (const sql of tried) {
        const statement = { sql, values: [], rows: 10, bytes: 10_000, timeout: 5_000 }
        await source.run(statement).catch((cause: unknown) => assert.ok(cause instanceof DatabaseFailure, sql))
        await same(sql)
      }
      const count = await source.run({ sql: 'SELECT count(*) FROM books', values: [], rows: 1, bytes: 100, timeout: '5s' })
      assert.is(count.rows[0]?.[0], '5')
    }
  })

  test('T21: no variable of a URI becomes SQL', async () => {
    await using pair = await offering(provided(db))
    const uris = (value: string): readonly string[] => {
      const text = encodeURIComponent(value)
      return [
        `db://library/tables/${text}`,
        `db://library/tables/${text}/rows`,
        `db://library/tables/books/rows?after=${text}`,
        `db://library/tables/books/rows?limit=${text}`,
        `db://library/tables/${text}/cell?key=${text}&column=${text}`,
        `db://library/tables/books/cell?key=${text}&column=title`,
        `db://library/tables/books/cell?key=WyJpMSJd&column=${text}`,
        `db://library/tables/books/cell?key=WyJpMSJd&column=title&offset=${text}&length=${text}`,
        `db://library/queries/byAuthor?author=${text}&most=5`,
        `db://library/queries/byAuthor?author=x&most=${text}`,
      ]
    }
    for (const payload of PAYLOADS)
      for (const uri of uris(payload)) {
        const answer = await pair.client.read(uri).then(([content]) => (content as { text: string }).text, String)
        assert.not.match(answer, /opensesame|syntax|SQLITE/i, uri)
        if (uri.includes('author=') && uri.endsWith('most=5')) assert.is((JSON.parse(answer) as { count: number }).count, 0, uri)
        await same(uri)
      }
  })

  test('the digest that the tests compare sees a write', async () => {
    const other = await engine.open()
    const first = await other.digest()
    assert.is(await other.digest(), first)
    await other.write('UPDATE books SET year = 1900 WHERE id = 1')
    assert.is.not(await other.digest(), first)
    await other.close()
  })

  if (engine.missing === undefined) test.run()
  else skip(`writes with ${engine.name}`, engine.missing)
}

if (ENGINES.some(({ missing }) => missing === undefined)) {
  const end = suite('engines')
  end('they stop', stopEngines)
  end.run()
}
