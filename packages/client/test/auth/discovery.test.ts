/** Where metadata is looked for, in which order, and which scopes follow from it. */

import { readdir, readFile } from 'node:fs/promises'
import { memoryTokenStore, oauth } from '@oarlock/client/auth'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Fetching } from '../../src/auth/fetching.ts'
import { issuerMetadata } from '../../src/auth/issuer.ts'
import { protectedResource } from '../../src/auth/resource.ts'
import { scopesFor, withOffline } from '../../src/auth/scope.ts'
import { Guarded, person } from './guarded.ts'
import { Issuer } from './issuer.ts'

const test = suite('auth discovery')

/** Notes where it is sent, and answers with the documents that there are. */
function library(documents: Record<string, object>): Fetching & { readonly asked: string[] } {
  const asked: string[] = []
  return {
    asked,
    timeoutMs: 1000,
    maxBytes: 10_000,
    async fetch(url) {
      asked.push(url)
      const found = documents[url]
      return found === undefined ? new Response(null, { status: 404 }) : Response.json(found)
    },
  }
}

const WELL = 'https://mcp.example/.well-known/oauth-protected-resource'
const about = (resource: string): object => ({ resource, authorization_servers: ['https://as.example'] })

test('C-AUTH-02: resource metadata is looked for where the challenge says, then with the path, then at the root', async () => {
  const books = library({ [WELL]: about('https://mcp.example') })
  const found = await protectedResource(books, 'https://mcp.example/a/mcp?x=1', 'https://mcp.example/meta')
  assert.equal(books.asked, ['https://mcp.example/meta', `${WELL}/a/mcp`, WELL])
  assert.is(found?.resource, 'https://mcp.example', 'as published, without a slash that a parser adds')
})

test('C-AUTH-02: a server at the root has one place', async () => {
  const books = library({})
  assert.is(await protectedResource(books, 'https://mcp.example/', undefined), undefined)
  assert.equal(books.asked, [WELL])
})

for (const [issuer, places] of [
  ['https://as.example', ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration']],
  [
    'https://as.example/tenant',
    [
      '/.well-known/oauth-authorization-server/tenant',
      '/.well-known/openid-configuration/tenant',
      '/tenant/.well-known/openid-configuration',
    ],
  ],
] as const) {
  test(`C-AUTH-04: metadata of ${issuer} is looked for in the prescribed order`, async () => {
    const last = `https://as.example${places.at(-1)}`
    const books = library({ [last]: { issuer, token_endpoint: 'https://as.example/token' } })
    assert.is((await issuerMetadata(books, issuer, 'https://mcp.example')).token_endpoint, 'https://as.example/token')
    assert.equal(
      books.asked,
      places.map(place => `https://as.example${place}`),
    )
  })
}

test('C-AUTH-08, C-AUTH-09: scopes are those of the challenge, else the configured, else the published, else none', () => {
  const none = { challenged: undefined, configured: undefined, published: [], before: [] }
  assert.equal(scopesFor({ ...none, challenged: 'a b', configured: ['c'], published: ['d'] }), ['a', 'b'])
  assert.equal(scopesFor({ ...none, configured: ['c'], published: ['d'] }), ['c'])
  assert.equal(scopesFor({ ...none, published: ['d'] }), ['d'])
  assert.equal(scopesFor(none), [])
  assert.equal(
    scopesFor({ ...none, challenged: 'e', published: ['d'], before: ['a'] }),
    ['a', 'e'],
    'nothing is narrowed to what is published',
  )
})

test('C-AUTH-18: offline_access is asked for where it is listed, and never in place of the default scopes', () => {
  const metadata = { issuer: 'https://as.example', token_endpoint: 'https://as.example/token' }
  const listing = { ...metadata, scopes_supported: ['offline_access'] }
  assert.equal(withOffline(['a'], listing), ['a', 'offline_access'])
  assert.equal(withOffline(['a'], metadata), ['a'])
  assert.equal(withOffline([], listing), [])
  assert.equal(scopesFor({ challenged: 'a offline_access', configured: undefined, published: [], before: [] }), ['a'])
})

test('C-AUTH-19: a refresh token that is replaced is replaced in the store; one that is not stays', async () => {
  const issuer = await Issuer.start()
  const server = await Guarded.start(issuer)
  const [store, kept] = [memoryTokenStore(), new Set<unknown>()]
  const watched = { ...store, set: (key: string, record: Record<string, unknown>) => (kept.add(record['refresh']), store.set(key, record)) }
  const client = await server.open(oauth({ grant: person(), store: watched }))
  for (const token of issuer.tokens.values()) token.revoked = true
  await client.call('look')
  kept.delete(undefined)
  assert.is(kept.size, 2)
  assert.ok(issuer.refreshable.has(String([...kept][1])))
  await client.close()
  await server.stop()
  await issuer.stop()
})

test('C-AUTH-29: nothing of OAuth is used on stdio', async () => {
  const files = await readFile(new URL('../../../stdio/package.json', import.meta.url), 'utf8')
  assert.not.match(files, /oauth|jose/)
})

test('the libraries are loaded by whoever signs in, and by nobody else', async () => {
  const folder = new URL('../../src/', import.meta.url)
  const files = (await readdir(folder, { recursive: true })).filter(name => name.endsWith('.ts'))
  const texts = await Promise.all(files.map(name => readFile(new URL(name, folder), 'utf8')))
  assert.ok(texts.some(text => text.includes("import('oauth4webapi')")))
  assert.equal(
    texts.flatMap(text => text.match(/^import (?!type ).*'(?:jose|oauth4webapi)'/gm) ?? []),
    [],
  )
})

test.run()
