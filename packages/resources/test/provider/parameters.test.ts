/** Parameters of URIs that do not exist are refused by every source: what was to filter must not be taken for nothing. */

import { Server, type Provider } from '@oarlock/kernel'
import { Address, rules } from '@oarlock/resources'
import { api } from '@oarlock/resources/api'
import { database, sqlite } from '@oarlock/resources/database'
import { files } from '@oarlock/resources/files'
import { LogBuffer, logs } from '@oarlock/resources/logs'
import { raw } from '@oarlock/testing'
import { Type } from 'typebox'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Ground } from '../files/stage.ts'

const test = suite('parameters of URIs')

const INVALID = -32602
const NOT_FOUND = -32002

async function answered(
  provider: Provider,
  ...uris: readonly string[]
): Promise<readonly (readonly [number | undefined, string | undefined])[]> {
  await using server = new Server({ name: 'test', version: '1.0.0', log: false })
  server.offer(provider)
  const peer = raw(server)
  await peer.initialize('2025-11-25')
  const answers = await Promise.all(uris.map(uri => peer.request('resources/read', { uri })))
  return answers.map(({ error }) => [error?.code, error?.message])
}

const refused = async (provider: Provider, uri: string, message: string): Promise<void> =>
  assert.equal(await answered(provider, uri), [[INVALID, message]])

test('logs: a misspelt filter is not answered with the whole log', async () => {
  const buffer = new LogBuffer()
  buffer.push({ level: 'info', message: 'fine' })
  const all = 'There are: level, component, since, until, text, limit, before.'
  const provider = logs({ sources: { a: buffer } })
  await refused(provider, 'logs://a?levl=error', `'levl' is no parameter of logs://a. Did you mean 'level'? ${all}`)
  await refused(provider, 'logs://a?level=error&zzz', `'zzz' is no parameter of logs://a. ${all}`)
  const sound = await answered(provider, 'logs://a?limit=1&level=info', 'logs://a?', 'logs://a')
  assert.ok(sound.every(([code]) => code === undefined))
  // Nor can it be followed.
  await using server = new Server({ name: 'test', version: '1.0.0', log: false })
  server.offer(provider)
  const peer = raw(server)
  await peer.initialize('2025-11-25')
  assert.is((await peer.request('resources/subscribe', { uri: 'logs://a?levl=error' })).error?.code, NOT_FOUND)
})

test('files, databases and APIs refuse them likewise, before anything is asked', async () => {
  await using ground = await Ground.with({ 'a.md': 'A' })
  const file = files({ roots: { path: ground.path, name: 'r' } })
  await refused(
    file,
    'file:///r/a.md?ofset=1',
    "'ofset' is no parameter of file:///r/a.md. Did you mean 'offset'? There are: offset, length.",
  )
  const queries = { byAuthor: { sql: 'SELECT :author', params: Type.Object({ author: Type.Optional(Type.String()) }) } }
  const library = database({ name: 'l', source: sqlite('/nowhere/at-all.db'), queries, onError: () => {} })
  await refused(
    library,
    'db://l/tables/t/rows?limt=3',
    "'limt' is no parameter of db://l/tables/t/rows. Did you mean 'limit'? There are: after, limit.",
  )
  await refused(library, 'db://l/schema?x=3', "'x' is no parameter of db://l/schema. There are: offset, length.")
  await refused(
    library,
    'db://l/queries/byAuthor?autor=x',
    "'autor' is no parameter of db://l/queries/byAuthor. Did you mean 'author'? There are: author.",
  )
  const shop = api({ name: 's', baseUrl: 'https://nowhere.invalid', paths: ['/search?kind=product{&q,page}'] })
  await refused(
    shop,
    'api://s/search?kind=product&pge=2',
    "'pge' is no parameter of api://s/search. Did you mean 'page'? There are: kind, q, page, offset, length.",
  )
})

test('row 17: what is hidden is not there, whatever is asked of it', async () => {
  await using ground = await Ground.with({ 'a.md': 'A' })
  const provider = files({ roots: { path: ground.path, name: 'r' }, access: rules([]) })
  const found = await answered(provider, 'file:///r/a.md?x=1', 'file:///r/none?x=1')
  assert.equal(
    found.map(([code]) => code),
    [NOT_FOUND, NOT_FOUND],
  )
})

test('a template tells its parameters, whichever way it writes them', () => {
  const named = (template: string, name: string): void => new Address(template, undefined).checkParameters(`x://h?${name}=1`)
  for (const [template, ...names] of [
    ['x://h{?a,b*}', 'a', 'b', 'offset', 'length'],
    ['x://h?k=v&q={q}{&a}', 'k', 'q', 'a', 'offset'],
    ['x://h?k=v', 'k'],
    ['x://h{?a}{#f}', 'a'],
  ] as const) {
    for (const name of names) named(template, name)
    assert.throws(() => named(template, 'other'), /'other' is no parameter of x:\/\/h\. There are: /)
  }
  // Without a query the question mark is part of a value.
  named('x://{+path}', 'offset')
  new Address('x:{+path}', false).checkParameters('x:a?b=c')
})

test.run()
