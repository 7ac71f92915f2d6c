import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { api } from '@oarlock/resources/api'
import { Server } from '@oarlock/kernel'
import { ResourceProvider, rules, type SourceTemplate } from '@oarlock/resources'
import { changeTrigger, database, postgres, sqlite } from '@oarlock/resources/database'
import { files } from '@oarlock/resources/files'
import { followFile, LogBuffer, logs } from '@oarlock/resources/logs'

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
  refused(files, { roots: root, keep: { ttl: 1, shred: true } }, "'shred' is no option of keep. Did you mean 'shared'?")
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
  const params = { type: 'object', properties: { author: { type: 'string' } } }
  refused(
    database,
    { ...given, source: sqlite('a.db'), queries: { one: { sql: 'SELECT :author', params, complete: { autor: () => [] } } } },
    "query one: 'autor' is no option of complete of the query. Did you mean 'author'?",
  )
})

test('a misspelt option of sqlite(), postgres() or changeTrigger() is refused with the nearest', () => {
  const file = (options: never): unknown => sqlite('a.db', options)
  refused(file, { modul: 'better-sqlite3' }, "'modul' is no option of sqlite(). Did you mean 'module'?")
  refused(file, { connection: 1 }, "'connection' is no option of sqlite(). Did you mean 'connections'?")
  refused(postgres, { rol: 'reader' }, "'rol' is no option of postgres(). Did you mean 'role'?")
  refused(postgres, { schema: ['public'] }, "'schema' is no option of postgres(). Did you mean 'schemas'?")
  const unclear = `connectTimeout: "5 sec" is not a duration: use milliseconds or text such as '500ms', '30s', '2m'`
  refused(postgres, { connectTimeout: '5 sec' }, unclear)
  refused(changeTrigger, { shema: 'x', table: 't' }, "'shema' is no option of changeTrigger(). Did you mean 'schema'?")
})

test('a misspelt option of logs(), of a log or of redaction is refused with the nearest', () => {
  const sources = { app: './app.log' }
  refused(logs, { sources, acces: () => false }, "'acces' is no option of logs(). Did you mean 'access'?")
  refused(logs, { sources, redact: { nams: ['pin'] } }, "'nams' is no option of redact. Did you mean 'names'?")
  const patterns = [{ name: 'pin', patern: /x/ }]
  refused(logs, { sources, redact: { patterns } }, "'patern' is no option of a pattern of redact. Did you mean 'pattern'?")
  refused(logs, { sources: { app: { path: 'a', format: { name: 'own', pars: () => {} } } } }, 'the format of the log app needs parse(line)')
  refused(options => new LogBuffer(options), { maxEntris: 1 }, "'maxEntris' is no option of a LogBuffer. Did you mean 'maxEntries'?")
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

test('a misspelt option of followFile() is refused with the nearest', async () => {
  const thrown = await followFile('a.log', () => {}, { pol: '1s' } as never).then(String, String)
  assert.is(thrown, "TypeError: 'pol' is no option of followFile(). Did you mean 'poll'?")
  assert.match(
    await followFile('a.log', () => {}, { from: 'begin' as 'start' }).then(String, String),
    /from .* must be 'start' or 'end', not "begin"/,
  )
})

test('what holds beside the rules is refused when misspelt: it must not be taken for the other thing', () => {
  const beside = (options: never): unknown => rules([], options)
  refused(beside, { otherwize: 'allow' }, "'otherwize' is no option of rules(). Did you mean 'otherwise'?")
  refused(beside, { otherwise: 'alow' }, "otherwise of rules() must be 'allow' or 'deny', not \"alow\"")
})

test('misspelt annotations, and templates of a source of your own, are refused with the nearest', () => {
  const annotations = { priorty: 1 }
  refused(files, { roots: '.', annotations }, "'priorty' is no option of annotations of files. Did you mean 'priority'?")
  refused(
    files,
    { roots: { path: '.', annotations } },
    "'priorty' is no option of annotations of a root of files(). Did you mean 'priority'?",
  )
  class Own extends ResourceProvider {
    protected templates(): readonly SourceTemplate[] {
      return [{ name: 'own', uriTemplate: 'x:{a}', undr: 'x:hr' } as SourceTemplate]
    }

    protected read(): undefined {}
  }
  const server = new Server({ name: 'test', version: '1.0.0', log: false })
  refused(() => server.offer(new Own({ name: 'own' })), {}, "'undr' is no option of a template of own. Did you mean 'under'?")
})

test.run()
