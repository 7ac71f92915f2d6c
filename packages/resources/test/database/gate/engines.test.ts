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
import { HONEST, POSTGRES_HONEST, POSTGRES_WAYS, SQLITE_HONEST, SQLITE_WAYS } from './statements.ts'

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
        .run({ sql, values: [], rows: 100, bytes: 100_000, timeout: '5s' })
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
        source.run({ sql, values: [], rows: 5, bytes: 5_000, timeout: '5s', reads: [] }).then(({ rows }) => JSON.stringify(rows), String)
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
