/** What the gate lets through, as it writes it, and what it refuses. */

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { admit } from '../../../src/database/gate/gate.ts'
import { Refused, type Dialect } from '../../../src/database/gate/lexer.ts'

const test = suite('gate')

const TABLES = new Set(['books', 'authors', 'odd "name"'])
const relation = (name: string, schema = 'main') =>
  schema === 'main' && TABLES.has(name)
    ? { sql: `"main"."${name.replaceAll('"', '""')}"`, columns: ['id', 'title', 'author_id', 'year', 'name', 'replace', 'tags'] }
    : undefined
const through = (sql: string, dialect: Dialect = 'postgres') => admit(sql, { dialect, relation })

function refuses(sql: string, dialects: readonly Dialect[] = ['sqlite', 'postgres'], saying?: RegExp): void {
  for (const dialect of dialects) {
    let message = ''
    assert.throws(
      () => console.error(`${dialect} lets through: ${sql}\n      as ${through(sql, dialect)}`),
      (thrown: unknown) => thrown instanceof Refused && (message = thrown.message) !== '',
      sql,
    )
    if (saying !== undefined) assert.match(message, saying, sql)
  }
}

const BOTH = [
  'SELECT 1',
  'select 1;',
  'SELECT * FROM books;;',
  "SELECT count(*) FROM books WHERE title LIKE '%;%' -- a comment; DELETE FROM books",
  'SELECT /* a ; comment */ 1',
  "SELECT 'DELETE FROM books; -- '",
  "SELECT 'it''s' AS \"update\" FROM books",
  'SELECT "delete" FROM books',
  'VALUES (1, 2), (3, 4)',
  'SELECT b.title, (SELECT max(id) FROM authors) FROM books AS b WHERE b.id IN (SELECT id FROM authors)',
  "SELECT * FROM books b LEFT JOIN authors a ON a.id = b.author_id AND lower(a.name) = 'x' CROSS JOIN books c ORDER BY 1 LIMIT 5",
  'SELECT * FROM books JOIN authors USING (id)',
  'SELECT * FROM (books JOIN authors ON 1 = 1)',
  'SELECT * FROM (SELECT 1 AS x) AS q',
  'WITH a AS (SELECT 1 AS x), b AS (SELECT * FROM a) SELECT * FROM b, a',
  'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 5) SELECT * FROM c',
  'SELECT 1 UNION SELECT id FROM books EXCEPT SELECT 3 INTERSECT SELECT 4',
  'SELECT sum(id) OVER (PARTITION BY author_id ORDER BY year ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM books',
  'SELECT count(*) FILTER (WHERE id > 1) FROM books GROUP BY author_id HAVING count(*) > 1',
  'SELECT CASE WHEN id > 1 THEN (1) ELSE (2) END FROM books',
  'SELECT CAST(id AS numeric(10, 2)) FROM books',
  "SELECT a.replace, replace(a.name, 'x', 'y') FROM authors a",
  'SELECT * FROM main.books',
  'SELECT * FROM "odd ""name"""',
  'SELECT id IS NOT DISTINCT FROM 3 FROM books',
  'SELECT DISTINCT author_id FROM books WHERE EXISTS (SELECT 1 FROM authors)',
  'SELECT * FROM books AS b(a, c), authors',
  'SELECT 1.5e3, -2, .5, 0x1F',
]

for (const sql of BOTH) test(`lets through: ${sql}`, () => void [through(sql, 'sqlite'), through(sql, 'postgres')])

const POSTGRES = [
  "SELECT extract(year FROM now()), trim(both ' ' FROM 'x'), substring('abc' FROM 1 FOR 2), overlay('abc' placing 'x' from 1 for 1), position('a' in 'b')",
  "SELECT '2026-01-01'::date + interval '1 day', TIMESTAMP WITH TIME ZONE '2026-01-01'",
  'SELECT DISTINCT ON (author_id) * FROM books ORDER BY author_id, year DESC NULLS LAST FETCH FIRST 3 ROWS ONLY',
  "SELECT array[1, 2], (ARRAY[1, 2])[1], '{1}'::int[]",
  'SELECT * FROM generate_series(1, 3) WITH ORDINALITY AS g(n, i)',
  "SELECT x.* FROM json_to_recordset('[]') AS x(a int, b numeric(10, 2))",
  'SELECT * FROM books b, LATERAL (SELECT * FROM authors a WHERE a.id = b.author_id) q',
  "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY year) FROM books, authors WHERE title ~* 'x' AND title @@ 'y'",
  '(SELECT 1) UNION (SELECT 2) ORDER BY 1',
  'SELECT pg_catalog.lower(title) FROM books',
  'WITH a AS MATERIALIZED (SELECT 1) SELECT * FROM a',
]
for (const sql of POSTGRES) test(`lets through, PostgreSQL: ${sql}`, () => void through(sql, 'postgres'))

const SQLITE = [
  "SELECT [title], `year`, x'00ff' FROM [books]",
  "SELECT * FROM json_each('[1,2]')",
  "SELECT title ->> '$.a', title || 'x' FROM books WHERE title GLOB 'a*' AND id == 1",
  'WITH a AS (SELECT * FROM b), b AS (SELECT 1) SELECT * FROM a',
]
for (const sql of SQLITE) test(`lets through, SQLite: ${sql}`, () => void through(sql, 'sqlite'))

test('what is let through is written anew: without comments, with relations by their full name', () => {
  assert.is(
    through("select  B.Title--x\nfrom/**/Books b where Title<>'--'", 'sqlite'),
    'select `B` . `Title` from "main"."books" `b` where `Title` <> \'--\'',
  )
  assert.is(through('SELECT "a""b" FROM books;'), 'SELECT "a""b" FROM "main"."books"')
})

test('T21: nothing but one reading statement', () => {
  for (const sql of [
    'DELETE FROM books',
    'delete/**/from books',
    'INSERT INTO books VALUES (1)',
    'UPDATE books SET id = 1',
    'REPLACE INTO books VALUES (1)',
    'MERGE INTO books USING authors ON true WHEN MATCHED THEN DELETE',
    'DROP TABLE books',
    'CREATE TABLE x AS SELECT 1',
    'PRAGMA query_only = OFF',
    "ATTACH 'x' AS y",
    'VACUUM',
    'BEGIN',
    'COMMIT',
    'SET x = 1',
    'EXPLAIN SELECT 1',
    'TABLE books',
    'COPY books TO STDOUT',
    'DO $$ BEGIN END $$',
    'CALL x()',
    'LISTEN x',
    'SHOW ALL',
    '',
    ';',
    '-- only a comment',
    'SELECT 1; SELECT 2',
    'SELECT 1; DELETE FROM books',
    'SELECT 1;;DELETE FROM books;',
    'WITH x AS (DELETE FROM books RETURNING *) SELECT * FROM x',
    'WITH x AS (SELECT 1) DELETE FROM books',
    'WITH x AS (SELECT 1) INSERT INTO books SELECT * FROM x',
    'SELECT * FROM (DELETE FROM books RETURNING *) q',
    'SELECT * INTO x FROM books',
    'SELECT 1 INTO TEMP x',
    'SELECT * FROM books FOR UPDATE',
    'SELECT * FROM books FOR NO KEY UPDATE',
    'SELECT * FROM books FOR SHARE',
    'SELECT (SELECT 1 FOR UPDATE)',
    'SELECT * FROM (TABLE books) q',
    'SELECT 1 UNION TABLE books',
    '(DELETE FROM books)',
    'SELECT (1',
    'SELECT 1)',
  ])
    refuses(sql)
})

test('T21: no function that is not known to be harmless, however it is written', () => {
  for (const call of [
    'pg_sleep(1)',
    'PG_SLEEP (1)',
    '"pg_sleep"(1)',
    'pg_catalog.pg_sleep(1)',
    'pg_catalog . "pg_sleep" /* */ (1)',
    "set_config('a', 'b', false)",
    "nextval('x')",
    "pg_read_file('/etc/passwd')",
    "lo_import('/etc/passwd')",
    "lo_export(1, '/tmp/x')",
    "dblink('', '')",
    "query_to_xml('DELETE FROM books', true, true, '')",
    "load_extension('x')",
    "writefile('x', 'y')",
    "readfile('x')",
    'public.lower(title)',
    'evil()',
    'lower(evil())',
    'zeroblob(1000000000)',
    'randomblob(1)',
    "repeat('x', 1000000000)",
    'txid_current()',
    'pg_advisory_lock(1)',
    'pg_terminate_backend(1)',
  ]) {
    refuses(`SELECT ${call}`)
    refuses(`SELECT * FROM ${call}`)
    refuses(`SELECT 1 FROM books WHERE id = ${call} ORDER BY 1`)
    refuses(`SELECT 1 FROM books b JOIN authors a ON ${call} = 1`)
    refuses(`WITH x AS (SELECT ${call}) SELECT * FROM x`)
    refuses(`VALUES (${call})`)
    refuses(`SELECT CASE WHEN true THEN ${call} END`)
    refuses(`SELECT count(*) OVER (ORDER BY ${call}) FROM books`)
    refuses(`SELECT 1 LIMIT (SELECT ${call})`)
  }
})

test('T21: no relation that is not known, wherever it stands', () => {
  for (const name of [
    'secrets',
    '"secrets"',
    'SECRETS',
    'main.secrets',
    'pg_authid',
    'sqlite_master',
    'sqlite_schema',
    'other.books',
    'a.b.books',
    "'secrets'",
  ]) {
    refuses(`SELECT * FROM ${name}`)
    refuses(`SELECT * FROM books, ${name}`)
    refuses(`SELECT * FROM books JOIN ${name} ON true`)
    refuses(`SELECT * FROM (${name})`)
    refuses(`SELECT * FROM (books JOIN ${name} ON true)`)
    refuses(`SELECT (SELECT 1 FROM ${name})`)
    refuses(`SELECT 1 WHERE EXISTS (SELECT 1 FROM ${name})`)
    refuses(`SELECT 1 UNION SELECT 1 FROM ${name}`)
    refuses(`WITH x AS (SELECT * FROM ${name}) SELECT * FROM x`)
    refuses(`SELECT 1 WHERE 1 IN ${name}`)
    refuses(`SELECT DISTINCT FROM ${name}`)
    refuses(`SELECT max(1 FROM ${name})`)
    refuses(`SELECT trim(1 IN ${name})`, ['sqlite'])
    refuses(`SELECT extract(year FROM (SELECT now() FROM ${name}))`)
  }
  refuses('SELECT * FROM ONLY secrets', ['postgres'])
  refuses('SELECT * FROM books NOT INDEXED, secrets', ['sqlite'])
  refuses('SELECT * FROM books INDEXED BY i', ['sqlite'])
})

test('T21: a name that a WITH gives hides a table only where it is seen', () => {
  // PostgreSQL reads the table in the query that defines the name, unless the WITH is recursive.
  refuses('WITH secrets AS (SELECT * FROM secrets) SELECT * FROM secrets', ['postgres'])
  refuses('WITH a AS (SELECT * FROM secrets), secrets AS (SELECT 1) SELECT * FROM a', ['postgres'])
  refuses('WITH a AS (SELECT 1) (SELECT * FROM secrets) ORDER BY 1, secrets')
  refuses('SELECT * FROM (WITH secrets AS (SELECT 1) SELECT * FROM secrets) q, secrets')
  refuses('WITH secrets AS (SELECT 1) SELECT * FROM main.secrets')
  through('WITH RECURSIVE secrets AS (SELECT 1) SELECT * FROM secrets')
})

test('what the engines could read differently is refused', () => {
  for (const sql of [
    'SELECT 1 /* a /* b */ c */',
    "SELECT 'a",
    'SELECT "a',
    'SELECT 1 /* ',
    'SELECT \u00a01',
    'SELECT 1\0',
    'SELECT 1\u000b+1',
    'SELECT \ud800',
  ])
    refuses(sql)
  for (const sql of [
    "SELECT E'\\'; DELETE FROM books; --'",
    "SELECT U&'x'",
    'SELECT $$x$$',
    'SELECT $a$x$a$',
    "SELECT N'x'",
    "SELECT b'1'",
    'SELECT 12abc',
  ])
    refuses(sql, ['postgres'])
  for (const sql of ['SELECT @x', 'SELECT #x', 'SELECT ?', "SELECT * FROM 'books'", "SELECT 'lower'('X')"]) refuses(sql, ['sqlite'])
  refuses(`SELECT ${'('.repeat(100)}1${')'.repeat(100)}`)
  refuses(`SELECT '${'x'.repeat(100_001)}'`)
})

test('a letter that only looks like one of ASCII makes another name', () => {
  refuses('SELECT \u212Aower(1)')
  refuses('SELECT * FROM boo\u212As')
})

test('parameters are refused where there are none to bind', () => {
  refuses('SELECT :x', ['sqlite', 'postgres'], /instead of the parameter/)
  refuses('SELECT $1', ['sqlite', 'postgres'])
})

test('a function that was allowed may be called, and one that never may be not', () => {
  const functions = new Set(['mine', 'pg_read_file'])
  assert.is(admit('SELECT public.mine(1)', { dialect: 'postgres', relation, functions }), 'SELECT "public" . "mine" ( 1 )')
  assert.throws(() => admit("SELECT pg_read_file('x')", { dialect: 'postgres', relation, functions }), /not let through/)
})

test('reading a statement takes time in proportion to its length', () => {
  const time = (count: number): number => {
    const sql = `SELECT ${'(1), '.repeat(count)} /* ${'* '.repeat(count)} */ '${"''".repeat(count)}'`
    const started = performance.now()
    through(sql)
    return performance.now() - started
  }
  time(5_000)
  const short = Math.min(time(5_000), time(5_000), time(5_000))
  assert.ok(Math.min(time(10_000), time(10_000), time(10_000)) < short * 6 + 20)
})

test.run()
