/** Time, rows, bytes, connections: what a statement may take. */
// time limit: 180 s

import { connected } from '@oarlock/testing'
import { PART_KEY, type Part } from '@oarlock/resources'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { skip } from '../../../../test/runner/skip.ts'
import { ENGINES, stopEngines, type TestDatabase } from './engines.ts'
import { allRows, json, library, serving, type PageText } from './offered.ts'

const ENDLESS = 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c'
const COUNTING = 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 100000) SELECT x FROM c'
const LARGE = 3_000_000
const BLOB = {
  sqlite: `CREATE TABLE large (id INTEGER PRIMARY KEY, words TEXT, bytes BLOB); INSERT INTO large VALUES (1, replace(hex(zeroblob(${LARGE / 4})), '00', 'añb'), zeroblob(${LARGE})), (2, 'small', NULL)`,
  postgres: `CREATE TABLE large (id INTEGER PRIMARY KEY, words TEXT, bytes BYTEA); INSERT INTO large VALUES (1, repeat('añb', ${LARGE / 4}), decode(repeat('00', ${LARGE}), 'hex')), (2, 'small', NULL)`,
}
const WIDE_ROW = {
  sqlite: COUNTING.replace('SELECT x FROM c', "SELECT group_concat('xxxxxxxxxx') AS w FROM c"),
  postgres: "SELECT string_agg('xxxxxxxxxxxxxxxxxxxx', '') AS w FROM generate_series(1, 3000000)",
}

const text = (result: { content?: unknown }) => JSON.stringify(result.content)

for (const engine of ENGINES) {
  const test = suite(`limits, ${engine.name}`)
  let db: TestDatabase
  test.before(async () => {
    db = await engine.open()
    await db.write(BLOB[engine.dialect])
  })
  test.after(() => db.close())

  test('T21: a statement that never ends is ended, and the server is awake meanwhile', async () => {
    await using pair = await connected(serving(library({ source: db.source(), select: { timeout: '700ms' } })))
    const { client } = pair
    await client.call('library_select', { sql: 'SELECT 1' })
    const started = performance.now()
    const endless = client.callRaw('library_select', { sql: ENDLESS })
    let longest = 0
    let last = performance.now()
    const beat = setInterval(() => {
      longest = Math.max(longest, performance.now() - last)
      last = performance.now()
    }, 5)
    // One connection is left for documents.
    assert.is((await allRows(client, 'db://library/tables/books/rows')).rows.length, 5)
    const result = await endless
    clearInterval(beat)
    assert.is(result.isError, true)
    assert.match(text(result), /too long/)
    const took = performance.now() - started
    assert.ok(took > 600 && took < 10_000, `${took} ms`)
    assert.ok(longest < 500, `the loop stood still for ${longest} ms`)
    assert.equal(await client.call('library_select', { sql: 'SELECT 2 AS two' }), { columns: ['two'], rows: [{ two: 2 }], count: 1 })
  })

  test('a caller who goes away takes the statement along', async () => {
    await using pair = await connected(serving(library({ source: db.source({ connections: 1 }), select: { timeout: '60s' } })))
    const { client } = pair
    await client.call('library_select', { sql: 'SELECT 1' })
    const leave = new AbortController()
    const endless = client.call('library_select', { sql: ENDLESS }, { signal: leave.signal }).then(
      () => assert.unreachable(),
      () => {},
    )
    const waiting = client.call<{ count: number }>('library_select', { sql: 'SELECT 1' })
    leave.abort()
    await endless
    // There is one connection: it is free again.
    assert.is((await waiting).count, 1)
  })

  test('T21: rows and bytes are capped, and it is said', async () => {
    await using pair = await connected(serving(library({ source: db.source(), select: { rows: 10, bytes: 4_000 } })))
    const { client } = pair
    const call = (sql: string) => client.call<{ count: number; truncated?: string }>('library_select', { sql })
    assert.equal([(await call(COUNTING)).count, (await call(COUNTING)).truncated], [10, 'rows'])
    const wide = await call(`SELECT b.title, '${'x'.repeat(1_000)}' AS x FROM books b, books c`)
    assert.is(wide.truncated, 'bytes')
    assert.ok(wide.count > 0 && wide.count < 5)
    const exact = await call('SELECT * FROM books LIMIT 5')
    assert.equal([exact.count, exact.truncated], [5, undefined])
    const huge = await client.callRaw('library_select', { sql: WIDE_ROW[engine.dialect] })
    assert.is(huge.isError, true)
    assert.match(text(huge), /larger than|more than can be held/)
    assert.is((await call('SELECT 1')).count, 1)
  })

  test('a value that is too large for a page is named, and read by itself in parts', async () => {
    await using pair = await connected(serving(library({ source: db.source(), maxBytes: 1_000_000 })))
    const { client } = pair
    const { rows } = await json<PageText>(client, 'db://library/tables/large/rows')
    assert.equal(rows[1], { id: 2, words: 'small', bytes: null })
    const { words, bytes } = rows[0] as Record<'words' | 'bytes', { large: string; bytes: number; uri: string }>
    assert.equal([words.large, words.bytes, bytes.large, bytes.bytes], ['text', LARGE, 'bytes', LARGE])
    let whole = ''
    let size = 0
    for (let uri: string | undefined = words.uri; uri !== undefined;) {
      const [content] = (await client.read(uri)) as unknown as [{ text: string; _meta: Record<string, Part> }]
      whole += content.text
      uri = content._meta[PART_KEY]?.next
    }
    assert.is(whole, 'añb'.repeat(LARGE / 4))
    for (let uri: string | undefined = bytes.uri; uri !== undefined;) {
      const [content] = (await client.read(uri)) as unknown as [{ blob: string; _meta: Record<string, Part> }]
      size += Buffer.from(content.blob, 'base64').length
      uri = content._meta[PART_KEY]?.next
    }
    assert.is(size, LARGE)
  })

  test('a page ends where its bytes do, and goes on in the next', async () => {
    await db.write(
      `CREATE TABLE many (id INTEGER PRIMARY KEY, words TEXT); INSERT INTO many ${COUNTING.replace('100000', '400').replace('SELECT x FROM c', `SELECT x, '${'\u0001'.repeat(500)}' FROM c`)}`,
    )
    await using pair = await connected(serving(library({ source: db.source({ refresh: 0 }), maxBytes: 64_000 })))
    const { rows, pages } = await allRows(pair.client, 'db://library/tables/many/rows?limit=1000')
    assert.equal(
      rows.map(row => row['id']),
      Array.from({ length: 400 }, (_, index) => index + 1),
    )
    assert.ok(pages > 10, `${pages} pages`)
  })

  test('counting stops at a bound', async () => {
    await db.write(`CREATE TABLE countless (id INTEGER PRIMARY KEY); INSERT INTO countless ${COUNTING.replace('100000', '100500')}`)
    await using pair = await connected(serving(library({ source: db.source({ refresh: 0 }) })))
    assert.equal((await json(pair.client, 'db://library/tables/countless'))['rows'], { atLeast: 100_000, exact: false })
    await db.write('ANALYZE')
    const { rows } = await json<{ rows: { count?: number; exact: boolean } }>(pair.client, 'db://library/tables/countless')
    assert.is(rows.exact, false)
    if (engine.dialect === 'postgres') assert.is(rows.count, 100_500)
  })

  if (engine.missing === undefined) test.run()
  else skip(`limits with ${engine.name}`, engine.missing)
}

const end = suite('engines')
end('they stop', stopEngines)
end.run()
