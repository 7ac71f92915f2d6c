/** The gate before real engines: ways around it that work where it does not stand, and honest statements that must mean the same behind it. */
// time limit: 180 s

import { connected, type Pair } from '@oarlock/testing'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { skip } from '../../../../../test/runner/skip.ts'
import { SAFE_FUNCTIONS, RESULT_COLUMNS } from '../../../src/database/gate/functions.ts'
import { GRAMMAR_FUNCTIONS, KEYWORDS, placeBeforeGroup } from '../../../src/database/gate/words.ts'
import { ENGINES, stopEngines, type TestDatabase } from '../engines.ts'
import { library, serving } from '../offered.ts'

/** Functions of somebody's own: `leak` reads what is hidden, as any function may that its owner wrote. */
const OWN = `
CREATE SCHEMA own;
CREATE TABLE vault AS SELECT word FROM secrets;
CREATE FUNCTION leak() RETURNS text LANGUAGE sql AS 'SELECT word FROM public.secrets LIMIT 1';
CREATE FUNCTION leak(books) RETURNS text LANGUAGE sql AS 'SELECT word FROM public.secrets LIMIT 1';
CREATE FUNCTION any_leak(anyelement) RETURNS text LANGUAGE sql AS 'SELECT word FROM public.secrets LIMIT 1';
CREATE FUNCTION text_leak(text, text) RETURNS text LANGUAGE sql AS 'SELECT word FROM public.secrets LIMIT 1';
CREATE FUNCTION bool_leak(text) RETURNS bool LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '%', (SELECT word FROM public.secrets LIMIT 1); END $$;
CREATE OPERATOR ### (LEFTARG = text, RIGHTARG = text, FUNCTION = text_leak);
CREATE OPERATOR own.+ (LEFTARG = text, RIGHTARG = text, FUNCTION = text_leak);
CREATE OPERATOR + (LEFTARG = text, RIGHTARG = text, FUNCTION = text_leak);
CREATE CAST (books AS text) WITH FUNCTION leak(books) AS IMPLICIT;
CREATE DOMAIN checked AS text CHECK (bool_leak(VALUE));
CREATE FUNCTION lower(int) RETURNS text LANGUAGE sql AS 'SELECT word FROM public.secrets LIMIT 1';
CREATE FUNCTION range(int) RETURNS text LANGUAGE sql AS 'SELECT word FROM public.secrets LIMIT 1';
CREATE FUNCTION "by"(int) RETURNS text LANGUAGE sql AS 'SELECT word FROM public.secrets LIMIT 1';
CREATE FUNCTION "like"(text) RETURNS text LANGUAGE sql AS 'SELECT word FROM public.secrets LIMIT 1';
CREATE FUNCTION cube(int) RETURNS text LANGUAGE sql AS 'SELECT word FROM public.secrets LIMIT 1';
CREATE AGGREGATE leak_all(text) (SFUNC = text_leak, STYPE = text, INITCOND = '');
`

/** Each brings the hidden word, or calls what nobody let through, when PostgreSQL gets it as it stands. */
const POSTGRES_WAYS = [
  // TABLE is a query.
  'SELECT ARRAY(TABLE vault)',
  'SELECT ARRAY(table public.vault)',
  'SELECT (TABLE vault ORDER BY 1 LIMIT 1)::text',
  'SELECT EXISTS (TABLE pg_authid)',
  "SELECT (1, 'opensesame') IN (TABLE secrets)",
  'SELECT id FROM books WHERE (id, title) <> ALL (TABLE secrets)',
  'SELECT * FROM (TABLE secrets) q',
  'SELECT * FROM books, LATERAL (TABLE secrets) q',
  'WITH q AS (TABLE secrets) SELECT * FROM q',
  "SELECT 1, 'x' UNION TABLE secrets",
  "(SELECT 1, 'x') UNION ALL (TABLE secrets)",
  '((TABLE secrets))',
  'SELECT ARRAY((TABLE vault))',
  'SELECT ARRAY(WITH q AS (SELECT 1) TABLE vault)',
  'SELECT coalesce((TABLE vault LIMIT 1), NULL) IS NULL',
  'SELECT 1 FROM books ORDER BY (SELECT word FROM (TABLE secrets) q LIMIT 1)',
  'SELECT 1 LIMIT (SELECT count(*) FROM (TABLE secrets) q)',
  // Relations in other places.
  'SELECT * FROM ROWS FROM (leak()) q',
  'SELECT * FROM secrets TABLESAMPLE SYSTEM (100)',
  'SELECT * FROM ONLY secrets',
  'SELECT * FROM secrets *',
  'SELECT * FROM books NATURAL FULL JOIN secrets',
  "SELECT x FROM XMLTABLE('/a' PASSING query_to_xml('SELECT * FROM secrets', true, true, '') COLUMNS x text PATH '.') t",
  "SELECT query_to_xml('SELECT * FROM secrets', true, true, '')",
  "SELECT table_to_xml('secrets', true, true, '')",
  // Functions that nothing calls by a parenthesis behind their name.
  'SELECT b.leak FROM books b',
  'SELECT (b).leak FROM books b',
  'SELECT (b.*).leak FROM books b',
  'SELECT books.leak FROM books',
  'SELECT b."leak" FROM books b',
  'SELECT b.any_leak FROM books b',
  'SELECT q.any_leak FROM (SELECT 1 AS x) q',
  'SELECT g.any_leak FROM generate_series(1, 2) g',
  'SELECT b.leak, 1 AS leak FROM books b',
  'SELECT b.leak FROM books b, (SELECT 1 AS leak) q',
  'SELECT (SELECT b.leak FROM (SELECT 1 AS leak) b) || b.leak FROM books b',
  'SELECT 1 FROM books b WHERE b.leak IS NOT NULL',
  'SELECT 1 FROM books b GROUP BY b.leak',
  'SELECT 1 FROM books b ORDER BY b.leak',
  'SELECT 1 FROM books b JOIN authors a ON b.leak = a.name OR true',
  'SELECT (SELECT b.leak) FROM books b',
  'WITH b AS (SELECT 1 AS leak), c AS (SELECT b.leak FROM books b) SELECT * FROM c',
  'SELECT (ROW(1, 2)).any_leak',
  "SELECT ('x'::text).any_leak",
  "SELECT (ARRAY['x'])[1].any_leak",
  "SELECT ('PG_VERSION'::text).pg_read_file",
  "SELECT f.pg_read_file FROM unnest(ARRAY['PG_VERSION']) f",
  "SELECT f.pg_read_file, 1 AS pg_read_file FROM unnest(ARRAY['PG_VERSION']) f",
  `SELECT pg_read_file.pg_read_file FROM json_array_elements_text('["PG_VERSION"]') pg_read_file`,
  "SELECT (SELECT a.pg_read_file FROM (books JOIN (SELECT 1 AS pg_read_file) a ON true) AS j LIMIT 1) FROM unnest(ARRAY['PG_VERSION']) a",
  'SELECT lower(1)',
  'SELECT range(1)',
  'SELECT by(1)',
  "SELECT like('x')",
  'SELECT cube(1)',
  "SELECT leak_all('x')",
  'SELECT count(*) FILTER (WHERE leak() IS NOT NULL)',
  'SELECT sum(1) OVER (ORDER BY leak())',
  'SELECT sum(1) OVER w FROM books WINDOW w AS (PARTITION BY leak())',
  'SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY leak())',
  'SELECT GROUPING(leak()) FROM books GROUP BY leak()',
  'SELECT CASE leak() WHEN NULL THEN 1 END',
  'SELECT (ARRAY[1])[length(leak())]',
  'SELECT 1 FROM books GROUP BY GROUPING SETS ((leak()))',
  'SELECT 1 FETCH FIRST (length(leak())) ROWS ONLY',
  "SELECT now() AT TIME ZONE (replace(leak(), 'opensesame', 'UTC'))",
  "SELECT extract(year FROM (replace(leak(), 'opensesame', '2026-01-01'))::date)",
  'SELECT json_build_object(leak(), 1)',
  'VALUES (leak())',
  // Operators are functions.
  "SELECT 'x'::text ### 'y'",
  "SELECT 'x'::text OPERATOR(public.###) 'y'",
  "SELECT 'x'::text OPERATOR(own.+) 'y'",
  "SELECT 'x'::text + 'y'::text",
  'SELECT title + title FROM books',
  "SELECT 1 FROM books ORDER BY title ### 'x'",
  // So are casts, to types of somebody's own and from whole rows.
  "SELECT 'x'::checked",
  "SELECT 'x'::public.checked",
  "SELECT CAST('x' AS checked)",
  "SELECT CAST('x' AS public . checked)",
  "SELECT checked 'x'",
  "SELECT public.checked 'x'",
  'SELECT "checked" \'x\'',
  "SELECT ARRAY['x']::checked[]",
  'SELECT * FROM json_to_recordset(\'[{"a": "x"}]\') AS t(a checked)',
  'SELECT b::text FROM books b',
  'SELECT (b)::text FROM books b',
  'SELECT CAST(b AS text) FROM books b',
  'SELECT b.*::text FROM books b',
  'SELECT (b.*)::text FROM books b',
  'SELECT length(b) FROM books b',
  'SELECT lower(b) FROM books b',
  'SELECT upper(books) FROM books',
  'SELECT DISTINCT ON (b.id) b::text FROM books b',
  'SELECT q.r::text FROM (SELECT b AS r FROM books b) q',
  'SELECT (ARRAY[b])[1]::text FROM books b',
  'SELECT string_agg(b, NULL) FROM books b',
  // Names that are looked up.
  "SELECT 'secrets'::regclass",
  "SELECT regclass 'secrets'",
  "SELECT CAST('secrets' AS regclass)",
  "SELECT 'leak()'::regprocedure",
  "SELECT 'postgres'::regrole",
  "SELECT to_regclass('secrets')",
  "SELECT pg_get_viewdef('titles'::regclass)",
  "SELECT 'secrets'::pg_catalog.regclass::oid",
  'SELECT current_user',
  'SELECT session_user',
  'SELECT b.tableoid::regclass FROM books b',
]

/** Each brings the hidden word or the schema when SQLite gets it as it stands. */
const SQLITE_WAYS = [
  'SELECT * FROM secrets',
  "SELECT (1, 'opensesame') IN secrets",
  'SELECT 1 WHERE (1, 2) NOT IN secrets',
  "SELECT (1, 'opensesame') IN main.secrets",
  "SELECT 'library' IN pragma_database_list OR 1 FROM (SELECT 1) WHERE (1, 'main', 'x') NOT IN pragma_database_list",
  'SELECT 1 IN (SELECT id FROM secrets)',
  'SELECT * FROM "secrets"',
  "SELECT * FROM 'secrets'",
  "SELECT * FROM main.'secrets'",
  'SELECT * FROM [secrets]',
  'SELECT * FROM `secrets`',
  'SELECT * FROM (secrets)',
  'SELECT * FROM (books JOIN secrets)',
  'SELECT * FROM books NATURAL JOIN secrets',
  'SELECT * FROM secrets NOT INDEXED',
  'SELECT * FROM sqlite_schema',
  'SELECT * FROM sqlite_master',
  'SELECT * FROM temp.sqlite_schema',
  'SELECT * FROM pragma_table_list',
  "SELECT * FROM pragma_table_info('secrets')",
  "SELECT 1 WHERE 'x' NOT IN pragma_user_version()",
  'SELECT 1 FROM books ORDER BY (SELECT word FROM secrets)',
  'SELECT 1 LIMIT (SELECT id FROM secrets)',
  'SELECT count(*) FILTER (WHERE 1 IN (SELECT id FROM secrets)) FROM books',
  'SELECT sum(1) OVER w FROM books WINDOW w AS (ORDER BY (SELECT word FROM secrets))',
  'SELECT CASE (SELECT word FROM secrets) WHEN 1 THEN 1 END',
  'SELECT EXISTS (SELECT 1 FROM secrets)',
  'VALUES ((SELECT word FROM secrets))',
  'WITH q AS (SELECT * FROM secrets) SELECT * FROM q',
  'SELECT sqlite_version()',
  'SELECT sqlite_compileoption_get(1)',
  'SELECT zeroblob(9)',
  'SELECT randomblob(9)',
  'SELECT printf(1)',
  "SELECT 1 LIKE 'x' ESCAPE (SELECT substr(word, 1, 1) FROM secrets)",
  'SELECT title COLLATE nocase IN (SELECT word FROM secrets) FROM books',
]

/** What people write. Each must bring the same, with the gate and without it. */
const HONEST = [
  'SELECT title FROM books ORDER BY id',
  'SELECT b.* FROM books b ORDER BY 1',
  'SELECT DISTINCT b.author_id FROM books b ORDER BY b.author_id',
  'SELECT title AS first, year AS "Year" FROM books ORDER BY 2, 1',
  'SELECT title t FROM books ORDER BY t',
  'SELECT count(*) FROM books',
  'SELECT author_id, count(*) AS n, avg(year) AS mean FROM books GROUP BY author_id HAVING count(*) > 1 ORDER BY n DESC, author_id ASC LIMIT 5 OFFSET 0',
  'SELECT a.name, b.title FROM authors a JOIN books AS b ON b.author_id = a.id AND b.year > 1900 ORDER BY a.name, b.title',
  'SELECT * FROM authors a LEFT JOIN books b ON a.id = b.author_id WHERE b.price IS NOT NULL ORDER BY b.id',
  'SELECT books.title FROM books, authors WHERE authors.id = books.author_id ORDER BY books.title',
  'SELECT q.n FROM (SELECT count(*) AS n FROM books) AS q',
  'SELECT q.count FROM (SELECT id AS count FROM books) q ORDER BY q.count',
  'WITH recent AS (SELECT id, title FROM books WHERE year > 1960) SELECT recent.title FROM recent ORDER BY recent.id',
  'WITH a(x, y) AS (SELECT id, year FROM books), b AS (SELECT a.x, a.y + 1 AS z FROM a) SELECT b.x, b.z FROM b ORDER BY b.x',
  'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT c.x + 1 FROM c WHERE c.x < 5) SELECT c.x FROM c ORDER BY c.x',
  'WITH q AS (SELECT * FROM books) SELECT q.title FROM q WHERE q.id IN (SELECT l.book_id FROM loans l) ORDER BY q.title',
  'SELECT v.column1 FROM (VALUES (1), (2)) AS v ORDER BY v.column1',
  "SELECT CASE WHEN year < 1950 THEN 'old' WHEN year IN (1961, 1965) THEN 'sixties' ELSE NULL END AS age FROM books ORDER BY id",
  "SELECT upper(title), length(title), substr(title, 1, 3), replace(title, 'The', 'A'), coalesce(price, 0) FROM books ORDER BY id",
  "SELECT title || ' (' || year || ')' AS line FROM books ORDER BY id",
  'SELECT title, row_number() OVER (PARTITION BY author_id ORDER BY year DESC) AS place FROM books ORDER BY id',
  'SELECT title, sum(year) OVER w FROM books WINDOW w AS (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) ORDER BY id',
  "SELECT count(*) FILTER (WHERE year > 1965) AS late, count(*) AS n FROM books WHERE title NOT LIKE '%x%' ESCAPE '!' AND year BETWEEN 1900 AND 2000",
  'SELECT id FROM books WHERE (author_id, year) = (1, 1974) OR NOT EXISTS (SELECT 1 FROM loans l WHERE l.book_id = books.id) ORDER BY id',
  'SELECT CAST(year AS TEXT) AS y, CAST(id AS INTEGER) FROM books ORDER BY id',
  "SELECT 'it''s' AS quoted, 1.5e1 AS number, NULL AS none, -id AS minus FROM books ORDER BY id",
  'SELECT id FROM books UNION SELECT id FROM authors EXCEPT SELECT 1 ORDER BY 1',
  'SELECT name FROM authors ORDER BY born DESC NULLS LAST, name',
  'SELECT t.author FROM titles t ORDER BY t.title',
  'SELECT a.id FROM authors a WHERE a.id = (SELECT max(b.author_id) FROM books b WHERE b.author_id = a.id)',
]

const POSTGRES_HONEST = [
  "SELECT DATE '2026-01-02' + INTERVAL '1' DAY AS next, '2026-01-02'::timestamp AT TIME ZONE 'UTC' AS utc, TIMESTAMP WITH TIME ZONE '2026-01-01 00:00+00' AS t",
  "SELECT extract(year FROM born) AS y, date_trunc('year', born::timestamp) FROM authors ORDER BY id",
  "SELECT trim(both ' ' FROM ' x '), substring('abc' FROM 2 FOR 1), overlay('abc' placing 'x' from 1 for 1), position('b' in 'abc'), left('abc', 2)",
  'SELECT DISTINCT ON (author_id) author_id, title FROM books ORDER BY author_id, year DESC NULLS LAST FETCH FIRST 3 ROWS ONLY',
  "SELECT price::numeric(10, 1), id::text AS t, '{1,2}'::int[], ARRAY[1, 2]::bigint[], (ARRAY[5, 6])[1], CAST(id AS double precision) AS d FROM books ORDER BY id",
  'SELECT g.n, g.i FROM generate_series(1, 3) WITH ORDINALITY AS g(n, i)',
  'SELECT g FROM generate_series(1, 3) g',
  'SELECT g.g FROM generate_series(1, 3) AS g',
  `SELECT e.key, e.value FROM jsonb_each('{"a": 1}') e`,
  `SELECT e.value FROM json_array_elements_text('["a"]') AS e`,
  `SELECT x.a, x.b FROM json_to_recordset('[{"a": 1, "b": 2.5}]') AS x(a int, b numeric(10, 2))`,
  'SELECT b.title, q.name FROM books b, LATERAL (SELECT a.name FROM authors a WHERE a.id = b.author_id) q ORDER BY b.id',
  "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY year) AS middle, string_agg(title, ', ' ORDER BY title) FROM books WHERE title ~* 't' AND title ILIKE ANY (ARRAY['%e%'])",
  'SELECT row_to_json(b) FROM books b ORDER BY b.id LIMIT 1',
  'SELECT json_agg(b ORDER BY b.id) FROM books b',
  'SELECT count(b), count(b.*) FROM books b',
  'SELECT author_id, year, count(*) FROM books GROUP BY ROLLUP (author_id, year) ORDER BY 1, 2, 3',
  'SELECT author_id, GROUPING(author_id) AS g FROM books GROUP BY GROUPING SETS ((author_id), ()) ORDER BY 1',
  "SELECT (DATE '2026-01-01', DATE '2026-02-01') OVERLAPS (DATE '2026-01-15', DATE '2026-03-01') AS both_",
  "SELECT '{\"a\": [1]}'::jsonb -> 'a' ->> 0 AS x, '{\"a\": 1}'::jsonb @> '{\"a\": 1}' AS y",
  'SELECT title SIMILAR TO (\'%S%\') AS s, title COLLATE "C" AS c, year IS DISTINCT FROM 1974 AS d FROM books ORDER BY id',
  'SELECT current_date IS NOT NULL AND now() IS NOT NULL AS known, greatest(1, 2), nullif(1, 1)',
]

const SQLITE_HONEST = [
  'SELECT rowid, _rowid_ FROM books ORDER BY rowid',
  'SELECT b.rowid, main.books.title FROM books, books b WHERE books.id = b.id ORDER BY b.id',
  "SELECT [title], `year`, x'00ff' AS bytes, title GLOB 'S*' AS g, year ISNULL AS i FROM books ORDER BY id",
  `SELECT e.value, e.key FROM json_each('[1,2]') e`,
  `SELECT '{"a":1}' ->> '$.a' AS x, json_extract('{"a":1}', '$.a') AS y`,
  "SELECT date('2026-01-01', '+1 day') AS d, strftime('%Y', '2026-01-01') AS y, iif(1, 'a', 'b') AS i, CAST('1.5' AS REAL) AS r, group_concat(title, '; ') AS g FROM books",
  "SELECT title FROM books WHERE title == 'Solaris' COLLATE NOCASE OR id IS 1 ORDER BY id",
]

for (const engine of ENGINES) {
  const test = suite(`gate and engine, ${engine.name}`)
  const postgres = engine.dialect === 'postgres'
  let db: TestDatabase
  let pair: Pair
  test.before(async () => {
    db = await engine.open()
    if (postgres) await db.write(OWN)
    pair = await connected(serving(library({ source: db.source(), tables: ['books', 'authors', 'loans', 'titles'], select: true })))
  })
  test.after(async () => {
    await pair.close()
    await db.close()
  })

  test('T21: ways around the gate are real ones, and none gets through', async () => {
    const wrong: string[] = []
    for (const sql of postgres ? POSTGRES_WAYS : SQLITE_WAYS) {
      // What fails is no way, unless it fails with the hidden word.
      await db.query(sql).catch((cause: Error) => cause.message === 'opensesame' || wrong.push(`${sql}: ${cause.message}`))
      const answer = await pair.client.callRaw('library_select', { sql })
      if (answer.isError !== true) wrong.push(`${sql} gets through: ${JSON.stringify(answer.content)}`)
      else if (/: opensesame"/.test(JSON.stringify(answer.content))) wrong.push(`${sql} runs what is not let through`)
    }
    assert.equal(wrong, [])
  })

  test('what people write means the same behind the gate', async () => {
    const source = db.source()
    const wrong: string[] = []
    for (const sql of [...HONEST, ...(postgres ? POSTGRES_HONEST : SQLITE_HONEST)]) {
      const { isError, content, structuredContent } = await pair.client.callRaw('library_select', { sql })
      const rows = isError === true ? content : (structuredContent as { rows: readonly object[] }).rows.map(row => Object.values(row))
      const plain = await source
        .run({ sql, values: [], rows: 100, bytes: 100_000, timeoutMs: 5_000 })
        .then(found => found.rows.map(row => row.map(cell => JSON.parse(cell) as unknown)), String)
      if (JSON.stringify(rows) !== JSON.stringify(plain)) wrong.push(`${sql}: ${JSON.stringify(rows)} instead of ${JSON.stringify(plain)}`)
    }
    assert.equal(wrong, [])
    await source.close()
  })

  if (postgres) {
    test('T21: past the gate, PostgreSQL finds nothing of somebody’s own that a statement does not name with its schema', async () => {
      const source = db.source()
      const run = (sql: string) =>
        source.run({ sql, values: [], rows: 5, bytes: 5_000, timeoutMs: 5_000, reads: [] }).then(({ rows }) => JSON.stringify(rows), String)
      for (const sql of [
        "SELECT 'x'::text ### 'y'",
        "SELECT 'x'::text + 'y'::text",
        'SELECT b.leak FROM public.books b',
        'SELECT b.any_leak FROM public.books b',
        "SELECT ('x'::text).any_leak",
        'SELECT lower(1)',
        'SELECT leak()',
        "SELECT 'x'::checked",
        'SELECT * FROM secrets',
      ])
        assert.match(await run(sql), /does not exist|not unique|not a composite type|is not a function/, sql)
      await source.close()
    })

    test('schemas of extensions can be searched, and functions of one’s own are found where they are', async () => {
      const source = db.source({ extensions: ['public'] })
      await using open = await connected(serving(library({ source, select: true, functions: ['any_leak', 'own.shout'] })))
      await db.write(
        "CREATE FUNCTION own.shout(text) RETURNS text LANGUAGE sql AS 'SELECT upper($1)'; CREATE FUNCTION own.any_leak(int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
      )
      const call = async (sql: string) => JSON.stringify((await open.client.callRaw('library_select', { sql })).content)
      assert.match(await call("SELECT 'x'::text ### 'y'"), /opensesame/)
      assert.match(await call('SELECT any_leak(1), public.any_leak(1)'), /opensesame.*opensesame/)
      assert.match(await call("SELECT shout('x') AS a, own.shout('y') AS b"), /X.*Y/)
      assert.match(await call('SELECT own.any_leak(1)'), /not let through/)
      assert.match(await call("SELECT public.shout('x')"), /not let through/)
    })

    test('the lists of the gate are what PostgreSQL has', async () => {
      const rows = (await db.query(
        `SELECT proname AS name, bool_or(array_length(array_positions(proargmodes, 'o'), 1) > 0) AS out FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace GROUP BY 1`,
      )) as readonly { name: string; out: boolean | null }[]
      const known = new Map(rows.map(({ name, out }) => [name, out === true]))
      // Types that are called, and what newer versions have.
      const missing = [...SAFE_FUNCTIONS.postgres].filter(name => !known.has(name) && !GRAMMAR_FUNCTIONS.has(name))
      assert.equal(missing, ['any_value'])
      const named = [...SAFE_FUNCTIONS.postgres].filter(name => known.get(name) === true)
      assert.equal(
        named.filter(name => !RESULT_COLUMNS.has(name)),
        [],
        'functions that name what they bring',
      )
      // A keyword that may stand before a parenthesis anywhere must be no name of a function.
      const words = (await db.query('SELECT word, catcode FROM pg_get_keywords()')) as readonly { word: string; catcode: string }[]
      const callable = new Set(words.filter(({ catcode }) => catcode === 'U' || catcode === 'T').map(({ word }) => word))
      assert.equal(
        [...KEYWORDS.postgres].filter(word => placeBeforeGroup(word) === 'anywhere' && callable.has(word)),
        [],
      )
    })
  }

  if (engine.missing === undefined) test.run()
  else skip(`gate and engine with ${engine.name}`, engine.missing)
}

const end = suite('engines')
end('they stop', stopEngines)
end.run()
