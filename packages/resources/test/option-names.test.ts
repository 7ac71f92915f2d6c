import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { api } from '@oarlock/resources/api'
import { database } from '@oarlock/resources/database'
import { files } from '@oarlock/resources/files'
import { logs } from '@oarlock/resources/logs'

const test = suite('names of options of sources')

const refused = (make: (options: never) => unknown, options: object, message: string): void =>
  assert.throws(
    () => make(options as never),
    (error: unknown) => error instanceof TypeError && error.message === message,
  )

test('a misspelt option of files() or of a root is refused with the nearest: what it was to protect must not lie open', () => {
  const root = { path: '.' }
  refused(files, { roots: root, acess: () => false }, "'acess' is no option of files(). Did you mean 'access'?")
  refused(files, { roots: root, guard: {} }, "'guard' is no option of files(). Did you mean 'guards'?")
  refused(files, { roots: root, wtch: false }, "'wtch' is no option of files(). Did you mean 'watch'?")
  refused(files, { roots: { ...root, onyl: '*.md' } }, "'onyl' is no option of a root of files(). Did you mean 'only'?")
  refused(files, { roots: [{ ...root, ignor: '*.key' }] }, "'ignor' is no option of a root of files(). Did you mean 'ignore'?")
  refused(files, { roots: root, keep: { ttlMs: 1, shred: true } }, "'shred' is no option of keep. Did you mean 'shared'?")
  refused(files, { roots: root, watch: true }, "watch must be 'followed', 'always' or false, not true")
})

test('a misspelt option of database(), of its tool or of a query is refused with the nearest', () => {
  const given = { name: 'test', source: {} }
  const sql = 'SELECT 1'
  refused(database, { ...given, tabels: ['a'] }, "'tabels' is no option of database(). Did you mean 'tables'?")
  refused(database, { ...given, select: { row: 3 } }, "'row' is no option of select of database(). Did you mean 'rows'?")
  refused(
    database,
    { ...given, queries: { one: { sql, tiemout: '1s' } } },
    "'tiemout' is no option of the query one of database(). Did you mean 'timeout'?",
  )
})

test('a misspelt option of logs(), of a log or of redaction is refused with the nearest', () => {
  const sources = { app: './app.log' }
  refused(logs, { sources, acces: () => false }, "'acces' is no option of logs(). Did you mean 'access'?")
  refused(logs, { sources, redact: { nams: ['pin'] } }, "'nams' is no option of redact. Did you mean 'names'?")
  refused(
    logs,
    { sources: { app: { path: 'a', rotatd: false } } },
    "'rotatd' is no option of the log app of logs(). Did you mean 'rotated'?",
  )
})

test('a misspelt option of api() or of a path is refused with the nearest', () => {
  const given = { name: 'test', baseUrl: 'https://api.example.com', paths: ['/a'] }
  refused(api, { ...given, maxAnswers: 1 }, "'maxAnswers' is no option of api(). Did you mean 'maxAnswer'?")
  refused(api, { ...given, paths: [{ path: '/a', parms: {} }] }, "'parms' is no option of a path of api(). Did you mean 'params'?")
})

test.run()
