/** The books of a library, from SQLite or with DATABASE_URL from PostgreSQL. Over standard input and output, or with PORT over HTTP and WebSocket. */

import { http, Server, stdio, toUpgrade, Type } from 'oarlock'
import { database, postgres, sqlite, type QueryCompleter } from '@oarlock/resources/database'
import { seeded } from './seed.ts'

// #region source
const url = process.env['DATABASE_URL']
const source =
  url === undefined
    ? sqlite(process.env['LIBRARY'] ?? seeded(), { poll: '200ms' })
    : postgres({ connectionString: url, role: 'library_reader', channel: 'library' })
// #endregion

// #region authors
const authors: QueryCompleter = async value => {
  const all = { sql: 'SELECT name FROM authors ORDER BY name', values: [], rows: 1_000, bytes: 65_536, timeout: 1_000 }
  const names = (await source.run(all)).rows.map(([name = '']) => JSON.parse(name) as string)
  return names.filter(name => name.toLowerCase().startsWith(value.toLowerCase()))
}
// #endregion

// #region library
const library = database({
  name: 'library',
  source,
  // Who borrows what is nobody's business: the table of members is not shown, and only the queries below read it.
  tables: ({ name }) => name !== 'members',
  queries: {
    booksByAuthor: {
      title: 'Books by author',
      sql: 'SELECT title, year FROM catalogue WHERE author = :author AND (:since IS NULL OR year >= :since) ORDER BY year',
      params: Type.Object({ author: Type.String(), since: Type.Optional(Type.Integer()) }),
      complete: { author: authors },
    },
    mostBorrowed: {
      title: 'What is read most',
      sql: 'SELECT title, count(*) AS loans FROM loans JOIN books ON id = book_id GROUP BY title ORDER BY loans DESC, title LIMIT :limit',
      params: Type.Object({ limit: Type.Integer({ default: 3, minimum: 1, maximum: 100 }) }),
      tables: ['loans'],
    },
    readersByTown: { sql: 'SELECT town, count(*) AS readers FROM members GROUP BY town ORDER BY town' },
  },
  select: { rows: 10, timeout: '2s' },
})
// #endregion

const server = new Server({ name: 'library', version: '1.0.0', instructions: 'Read db://library/schema first.', pageSize: 4 })
server.offer(library)

const port = process.env['PORT']
if (port === undefined) await server.listen(stdio())
else {
  const [listener] = await server.listen(http({ port: Number(port), upgrade: toUpgrade(server) }))
  console.log(`The library is at ${listener?.address}`)
  process.once('SIGTERM', () => void server.close())
}
