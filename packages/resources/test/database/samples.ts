/** What the tests of databases read: names, values and queries. */

import { Type } from 'typebox'

/** Names of tables that would be more than names if they were written into SQL or URIs. */
export const HOSTILE = [
  'a"b',
  "a'b",
  'x; drop table books',
  'ünï ☃ 𝒙',
  'select',
  '../up',
  'a/b?c#d',
  '%41',
  'a\\b',
  '..',
  '__proto__',
  'a.b',
  ' ',
]
/** A name as SQL. */
export const quote = (name: string) => `"${name.replaceAll('"', '""')}"`

/** A table with a value of each kind. */
export const KINDS = {
  sqlite: `CREATE TABLE kinds (id INTEGER PRIMARY KEY, a, b, c, d, e, f);
    INSERT INTO kinds VALUES (1, 9007199254740993, 0.1, NULL, x'00ff10', 'tab' || char(9) || '☃', 9e999), (-9223372036854775808, -5, -1e300, '', x'', '{"a":1}', 3.0)`,
  postgres: `CREATE TABLE kinds (id bigint PRIMARY KEY, a bigint, b double precision, c text, d bytea, e text, f double precision, g numeric, h jsonb, i timestamptz, j timestamp, k date, l int[], m text[], n boolean, o uuid, p interval, q bytea[], r text[][]);
    INSERT INTO kinds VALUES (1, 9007199254740993, 0.1, NULL, '\\x00ff10', E'tab\\t☃', 'Infinity', 12345678901234567890.10, '{"n": 12345678901234567890, "z": null}', '2026-01-02 03:04:05.123456+02', '2026-01-02 03:04:05', '2026-01-02', '{1,NULL,3}', ARRAY['a,b', 'c"d', 'e\\f', NULL, 'NULL', ''], true, '6f9619ff-8b86-d011-b42d-00c04fc964ff', '1 day 2 hours', ARRAY['\\x01'::bytea], ARRAY[['a','b'],['c','d']]),
    (-9223372036854775808, -5, -1e300, '', '', '{"a":1}', 3.0, 'NaN', '[]', 'infinity', NULL, NULL, '{}', NULL, false, NULL, NULL, NULL, '{}')`,
}
/** Its rows as every engine tells them. */
export const COMMON_KINDS = [
  { id: '-9223372036854775808', a: -5, b: -1e300, c: '', d: { base64: '' }, e: '{"a":1}', f: 3 },
  { id: 1, a: '9007199254740993', b: 0.1, c: null, d: { base64: 'AP8Q' }, e: 'tab\t☃', f: 'Infinity' },
]
/** What PostgreSQL has besides. */
export const POSTGRES_KINDS = [
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

/** Named queries. */
export const QUERIES = {
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
