/** Tells the story of the library to every client, from SQLite and from PostgreSQL: the schema, pages, queries, a free SELECT, and news. */

import assert from 'node:assert/strict'
import { changeTrigger } from '@oarlock/resources/database'
import { startPostgres } from '../../packages/resources/test/database/postgres-server.ts'
import type { Reader } from '../check/reader.ts'
import { tell, type Story } from '../check/tell.ts'
import { SEED, seeded, writeSql } from './seed.ts'

const server = new URL('server.ts', import.meta.url)

/** `db://library/schema` */
interface Schema {
  readonly tables: readonly { readonly table: string; readonly kind: string }[]
  readonly queries: readonly { readonly query: string }[]
}

/** `db://library/tables/{table}` */
interface Table {
  readonly rows: object
  readonly primaryKey: readonly string[]
  readonly foreignKeys: readonly { readonly columns: readonly string[]; readonly table: string }[]
}

/** A page of rows, the answer of a query, the answer of the tool. */
interface Rows {
  readonly rows: readonly Record<string, unknown>[]
  readonly next?: string | null
  readonly count?: number
  readonly truncated?: string
}

const select = async (reader: Reader, sql: string): Promise<Rows> => JSON.parse(await reader.call('library_select', { sql })) as Rows

const storyOn =
  (write: (sql: string) => unknown): Story =>
  async ({ open }) => {
    await using reader = await open()

    // What there is, in pages of four: tables and a view, and not the members.
    const pages = await reader.pages()
    assert.deepEqual(
      pages.map(({ length }) => length),
      [4, 4, 2],
    )
    const { tables, queries } = await reader.json<Schema>('db://library/schema')
    assert.deepEqual(
      tables.map(({ table, kind }) => `${kind} ${table}`),
      ['table authors', 'table books', 'view catalogue', 'table loans'],
    )
    assert.deepEqual(
      queries.map(({ query }) => query),
      ['booksByAuthor', 'mostBorrowed', 'readersByTown'],
    )
    const books = await reader.json<Table>('db://library/tables/books')
    assert.deepEqual(books.primaryKey, ['id'])
    assert.deepEqual([books.foreignKeys[0]?.columns, books.foreignKeys[0]?.table], [['author_id'], 'authors'])
    assert.deepEqual(books.rows, { count: 16, exact: true })
    await assert.rejects(reader.text('db://library/tables/members'))

    // Rows, page by page: 120 loans, fifty at a time.
    const sizes: number[] = []
    for (let uri: string | null | undefined = 'db://library/tables/loans/rows'; typeof uri === 'string';) {
      const page: Rows = await reader.json<Rows>(uri)
      sizes.push(page.rows.length)
      uri = page.next
    }
    assert.deepEqual(sizes, [50, 50, 20])

    // Queries by name, with suggestions for what they ask.
    const byAuthor = 'db://library/queries/booksByAuthor{?author,since}'
    assert.ok((await reader.templates()).includes(byAuthor))
    assert.deepEqual(await reader.suggested(byAuthor, 'author', 'urs'), ['Ursula K. Le Guin'])
    assert.deepEqual(await reader.suggested('db://library/tables/{table}', 'table', 'b'), ['books'])
    const leGuin = await reader.json<Rows>('db://library/queries/booksByAuthor?author=Ursula%20K.%20Le%20Guin&since=1972')
    assert.deepEqual(leGuin.rows, [
      { title: 'The Dispossessed', year: 1974 },
      { title: 'Always Coming Home', year: 1985 },
    ])
    const towns = await reader.json<Rows>('db://library/queries/readersByTown')
    assert.deepEqual(towns.rows.map(Object.values), [
      ['Bergen', 1],
      ['Oslo', 2],
    ])
    await assert.rejects(reader.text('db://library/queries/booksByAuthor?author=x&since=soon'), /since/)

    // One SELECT of the model's own, and nothing else.
    const counted = 'SELECT author, count(*) AS books FROM catalogue GROUP BY author ORDER BY 2 DESC, 1 LIMIT 1'
    assert.deepEqual((await select(reader, counted)).rows, [{ author: 'Ursula K. Le Guin', books: 4 }])
    const { count, truncated } = await select(reader, 'SELECT title FROM books')
    assert.deepEqual([count, truncated], [10, 'rows'])
    assert.match(await reader.refusal('library_select', { sql: 'SELECT email FROM members' }), /no table or view '\w+\.members'/)
    assert.match(await reader.refusal('library_select', { sql: 'DELETE FROM books' }), /^Only SELECT/)
    assert.match(await reader.refusal('library_select', { sql: 'SELECT titel FROM books' }), /titel/)

    // A new loan is news for who follows what is read most.
    const most = 'db://library/queries/mostBorrowed?limit=1'
    const [{ title, loans } = assert.fail()] = (await reader.json<Rows>(most)).rows
    const lend = `INSERT INTO loans SELECT id, '2026-11-21', 1 FROM books WHERE title = '${String(title)}'`
    await reader.told({ resources: [most] }, [most], () => write(lend))
    assert.deepEqual((await reader.json<Rows>(most)).rows, [{ title, loans: Number(loans) + 1 }])
    await write("DELETE FROM loans WHERE day = '2026-11-21'")
  }

const path = seeded()
console.log('SQLite')
await tell(
  server,
  { LIBRARY: path },
  storyOn(sql => writeSql(path, sql)),
)

if (startPostgres.found() === undefined) console.log('PostgreSQL is not installed: SQLite alone was checked')
else {
  const { port, query, stop } = await startPostgres()
  try {
    const role = 'CREATE ROLE library_reader; GRANT SELECT ON ALL TABLES IN SCHEMA public TO library_reader'
    await query('postgres', [SEED, changeTrigger({ table: 'loans' }, 'library'), role].join(';\n'))
    console.log('PostgreSQL')
    const url = `postgres://postgres@127.0.0.1:${port}/postgres`
    await tell(
      server,
      { DATABASE_URL: url },
      storyOn(sql => query('postgres', sql)),
    )
  } finally {
    await stop()
  }
}
