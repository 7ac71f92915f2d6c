/** Tokens in a file: whom it lets read, and how it is shared (C-AUTH-28, THREATS 11). */

import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { oauth } from '@oarlock/client/auth'
import { fileTokenStore } from '@oarlock/client/auth/node'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Guarded, person } from '../guarded.ts'
import { Issuer } from '../issuer.ts'

interface Scene {
  folder: string
  path: string
}

const test = suite<Scene>('auth file store')

test.before.each(async scene => {
  scene.folder = await mkdtemp(join(tmpdir(), 'oarlock-tokens-'))
  scene.path = join(scene.folder, 'deep', 'tokens.json')
})

test.after.each(({ folder }) => rm(folder, { recursive: true }))

const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8)

test('C-AUTH-28: the file is for its owner alone, also when it was not before', async ({ path, folder }) => {
  const store = fileTokenStore(path)
  await store.set('a', { secret: 1 })
  assert.equal([await modeOf(path), await modeOf(join(folder, 'deep'))], ['600', '700'])
  await chmod(path, 0o644)
  await store.set('b', { secret: 2 })
  assert.is(await modeOf(path), '600')
  assert.equal(await readdir(join(folder, 'deep')), ['tokens.json'])
})

test('records are found by another store on the same file, and are gone when deleted', async ({ path }) => {
  const [one, other] = [fileTokenStore(path), fileTokenStore(path)]
  await one.set('__proto__', { a: 1 })
  assert.equal(await other.get('__proto__'), { a: 1 })
  assert.is(await other.get('toString'), undefined)
  await other.delete('__proto__')
  assert.is(await one.get('__proto__'), undefined)
})

test('row 11: writers do not lose each other, and locked work does not overlap', async ({ path }) => {
  const stores = Array.from({ length: 4 }, () => fileTokenStore(path))
  await Promise.all(stores.flatMap((store, at) => [1, 2, 3].map(async n => store.set(`${at}.${n}`, { n }))))
  assert.is(Object.keys(JSON.parse(await readFile(path, 'utf8')) as object).length, 12)
  let inside = 0
  let most = 0
  await Promise.all(
    stores.map(async store =>
      store.lock?.('key', async () => {
        most = Math.max(most, ++inside)
        await writeFile(`${path}.work`, 'x')
        inside -= 1
      }),
    ),
  )
  assert.is(most, 1)
})

test('row 11: two programs whose token is refused at once share one refresh', async ({ path }) => {
  const issuer = await Issuer.start()
  const server = await Guarded.start(issuer)
  const open = () => server.open(oauth({ grant: person(), store: fileTokenStore(path) }))
  const clients = [await open(), await open()]
  for (const token of issuer.tokens.values()) token.revoked = true
  assert.equal(await Promise.all(clients.map(client => client.call('look'))), ['seen', 'seen'])
  assert.is(issuer.grants('refresh_token').length, 1)
  for (const client of clients) await client.close()
  await server.stop()
  await issuer.stop()
})

test.run()
