/** What resources and prompts stand on, asked over HTTP in the words of attackers: files outside, SQL, code in templates. */
// not on Node 20: its SQLite is that of a package
import { DatabaseSync } from 'node:sqlite'
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { database, sqlite } from '@oarlock/resources/database'
import { files } from '@oarlock/resources/files'
import { prompts } from '@oarlock/prompts'
import { Server, Type } from 'oarlock'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ask, modern, openSession, tool, type Answer } from '../../packages/http/test/wire.ts'
import { closeAll, serve } from './served.ts'

interface Scene {
  folder: string
}

const test = suite<Scene>('sources')
test.before.each(async scene => {
  scene.folder = await realpath(await mkdtemp(join(tmpdir(), 'oarlock-')))
})
test.after.each(async ({ folder }) => {
  await closeAll()
  await rm(folder, { recursive: true, force: true })
})

/** Asks in both conversations. */
async function both(port: number, method: string, params: Record<string, unknown>): Promise<readonly Answer[]> {
  const { headers, body } = modern(method, params)
  const named =
    typeof params['uri'] === 'string' && /^[\x21-\x7e]+$/.test(params['uri']) ? { ...headers, 'mcp-name': params['uri'] } : headers
  const session = await openSession(port)
  return [await ask(port, { headers: named, body }), await ask(port, { headers: session, body: { jsonrpc: '2.0', id: 1, method, params } })]
}

test('row 14, T20: no spelling of a path leads out of a folder, and all that fail read alike', async ({ folder }) => {
  for (const [path, text] of Object.entries({
    'data/a.txt': 'inside',
    'data/sub/b.txt': 'inside',
    'data2/s.txt': 'hunter2',
    's.txt': 'hunter2',
  })) {
    await mkdir(join(folder, path, '..'), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  await symlink(join(folder, 's.txt'), join(folder, 'data/link.txt'))
  await symlink(join(folder, 'data2'), join(folder, 'data/folder'))
  const server = new Server({ name: 'files', version: '1', log: false })
  server.offer(files({ roots: join(folder, 'data'), watch: false }))
  const { port } = await serve(server)
  for (const { json } of await both(port, 'resources/read', { uri: 'file:///data/sub/b.txt' }))
    assert.is(json.result.contents[0].text, 'inside')
  const out = [
    '../s.txt',
    '../data2/s.txt',
    'sub/../../s.txt',
    '%2e%2e/s.txt',
    '..%2fs.txt',
    '..%5cs.txt',
    '..\\s.txt',
    '%2e%2e%5cs.txt',
    '/etc/passwd',
  ]
  const odd = [
    'link.txt',
    'folder/s.txt',
    'a.txt%00',
    'a.txt/',
    'a.txt::$DATA',
    'C:/s.txt',
    'C:%5Cs.txt',
    '//host/share/s.txt',
    'CON',
    'a.txt.',
    'a.txt%20',
    '%252e%252e/s.txt',
    '%c0%ae%c0%ae/s.txt',
    'nothing/../../s.txt',
  ]
  const texts = new Set<string>()
  for (const path of [...out, ...odd]) {
    for (const { json, text } of await both(port, 'resources/read', { uri: `file:///data/${path}` })) {
      assert.ok(json.error !== undefined, `${path}: ${text}`)
      assert.not.match(text, new RegExp(`hunter2|root:|${folder}|ENOENT|realpath`), path)
      texts.add(json.error.message.replaceAll(/".*"|\S+:\/\/\S*/g, ''))
    }
  }
  assert.ok(texts.size <= 2, [...texts].join('\n'))
})

test('T21: what comes from a client is a value or a name that is known, never SQL, and nothing is written', async ({ folder }) => {
  const file = join(folder, 'library.db')
  const db = new DatabaseSync(file)
  db.exec(
    "CREATE TABLE books (id INTEGER PRIMARY KEY, title TEXT); CREATE TABLE secrets (id INTEGER PRIMARY KEY, word TEXT); INSERT INTO books VALUES (1, 'Dune'); INSERT INTO secrets VALUES (1, 'hunter2')",
  )
  db.close()
  const server = new Server({ name: 'library', version: '1', log: false })
  const provider = database({
    name: 'library',
    source: sqlite(file),
    tables: ['books'],
    select: true,
    onError: () => {},
    queries: { byTitle: { sql: 'SELECT id FROM books WHERE title = :title', params: Type.Object({ title: Type.String() }) } },
  })
  const offer = server.offer(provider)
  await offer.ready
  const { port } = await serve(server)
  const select = provider.components().find(({ kind }) => kind === 'tool')?.name as string
  const sql = async (text: string): Promise<string> => (await ask(port, tool(select, { sql: text }))).text
  assert.match(await sql('SELECT title FROM books'), /Dune/)
  for (const text of [
    'DROP TABLE books',
    'SELECT 1; DROP TABLE books',
    'WITH x AS (SELECT 1) DELETE FROM books',
    'SELECT word FROM secrets',
    'SELECT title FROM books UNION SELECT word FROM secrets',
    'SELECT (SELECT word FROM secrets)',
    'PRAGMA table_info(secrets)',
    "ATTACH 'x.db' AS x",
    "SELECT load_extension('x')",
    'SELECT sql FROM sqlite_master',
    'EXPLAIN SELECT word FROM secrets',
    "SELECT title FROM books WHERE id = 1 /* */ UNION ALL SELECT word FROM 'secrets'",
  ]) {
    assert.not.match(await sql(text), /hunter2|CREATE TABLE/, text)
  }
  for (const name of ['secrets', "books'; DROP TABLE books; --", 'books%20UNION%20SELECT', '__proto__']) {
    for (const { json, text } of await both(port, 'resources/read', { uri: `db://library/${name}` })) {
      assert.ok(json.error !== undefined, name)
      assert.not.match(text, /hunter2/)
    }
  }
  const after = new DatabaseSync(file)
  assert.equal(after.prepare('SELECT count(*) AS n FROM books').get()?.['n'], 1)
  after.close()
})

test('row 23, T30: an argument of a prompt is text, whatever it looks like, and reaches no code', async ({ folder }) => {
  await writeFile(join(folder, 'review.md'), '---\narguments:\n  code: { required: true }\n---\nReview {{code}} and {{#if code}}<b>{{/if}}')
  const server = new Server({ name: 'prompts', version: '1', log: false })
  server.offer(prompts({ folder }))
  const { port } = await serve(server)
  const marks = ['oarlockWasHere', 'polluted']
  for (const code of [
    '{{constructor.constructor "globalThis.oarlockWasHere = 1"}}',
    '{{#with "s" as |string|}}{{#with "e"}}{{#with split as |conslist|}}{{this.pop}}{{/with}}{{/with}}{{/with}}',
    '{{lookup (lookup this "constructor") "prototype"}}',
    '{{> evil}}',
    '{{{__proto__}}}',
    '<script>alert(1)</script> & "quotes"',
    '{"type":"Program","body":[]}',
    '__proto__',
  ]) {
    for (const { json, text } of await both(port, 'prompts/get', { name: 'review', arguments: { code } })) {
      assert.is(json.result?.messages[0]?.content.text.trim(), `Review ${code} and <b>`, text)
    }
  }
  for (const args of ['{"__proto__":{"polluted":1},"code":"x"}', '{"constructor":"x","code":"x"}', '{"code":{"type":"Program"}}']) {
    await both(port, 'prompts/get', { name: 'review', arguments: JSON.parse(args) as object })
  }
  for (const mark of marks) assert.not(mark in globalThis || mark in Object.prototype)
})

test.run()
