/** Signing in to a real server by a real authorization server, both on loopback. */

import type { RemoteFault } from '@oarlock/client'
import { clientCredentials, memoryTokenStore, oauth, type OAuthOptions } from '@oarlock/client/auth'
import { systemClock } from '@oarlock/protocol'
import * as assert from 'uvu/assert'
import { guardedSuite, person } from './guarded.ts'
import { Issuer } from './issuer.ts'

const test = guardedSuite('auth')

const signing = (options: Partial<OAuthOptions> = {}) => oauth({ grant: person(), ...options })

test('C-AUTH-01, C-AUTH-06, C-AUTH-07, C-AUTH-22: a person signs in when the server asks, with PKCE and the resource named', async ({
  issuer,
  server,
}) => {
  const client = await server.open(signing())
  assert.is(await client.call('look'), 'seen')
  await client.close()
  const [page] = issuer.at('/authorize')
  assert.equal(
    ['resource', 'code_challenge_method', 'response_type', 'scope'].map(name => page?.params.get(name)),
    [server.url, 'S256', 'code', 'read offline_access'],
  )
  assert.is(issuer.grants('authorization_code')[0]?.params.get('resource'), server.url)
  assert.is(issuer.at('/authorize').length, 1)
  assert.ok(server.shown.slice(1).every(header => header?.startsWith('Bearer ')))
})

test('C-AUTH-17, C-AUTH-18: registers once per issuer, as the kind of program it is', async ({ issuer, server }) => {
  const store = memoryTokenStore()
  for (const subject of ['ann', 'bob']) await (await server.open(signing({ store, subject }))).close()
  assert.is(issuer.at('/register').length, 1)
  const asked = JSON.parse(issuer.at('/register')[0]?.body ?? '{}') as Record<string, unknown>
  assert.equal([asked['application_type'], asked['grant_types']], ['native', ['authorization_code', 'refresh_token']])
  assert.is(issuer.at('/authorize').length, 2)
})

test('tokens are found again by whoever opens the same store', async ({ issuer, server }) => {
  const store = memoryTokenStore()
  for (let run = 0; run < 2; run++) await (await server.open(signing({ store }))).close()
  assert.is(issuer.at('/authorize').length, 1)
  assert.is(server.shown.filter(header => header === undefined).length, 1)
})

test('what a refresh gave is not lost when the store cannot be written: one call is told, the next goes on', async ({ issuer, server }) => {
  const store = memoryTokenStore()
  const client = await server.open(signing({ store }))
  for (const token of issuer.tokens.values()) token.revoked = true
  const full = new Error('no space left on device')
  const { set } = store
  store.set = () => Promise.reject(full)
  const told: unknown = await client.call('look').catch((cause: unknown) => cause)
  assert.is((told as Error).cause ?? told, full)
  assert.is(await client.call('look'), 'seen')
  assert.is(issuer.grants('refresh_token').length, 1)
  store.set = set
  for (const token of issuer.tokens.values()) token.revoked = true
  assert.is(await client.call('look'), 'seen')
  assert.is(issuer.grants('refresh_token').length, 2)
  const other = await server.open(signing({ store }))
  assert.is(await other.call('look'), 'seen')
  assert.is(issuer.at('/authorize').length, 1)
  for (const each of [client, other]) await each.close()
})

test('C-AUTH-25, row 11: twenty calls whose token is refused at once share exactly one refresh', async ({ issuer, server }) => {
  const client = await server.open(signing())
  for (const token of issuer.tokens.values()) token.revoked = true
  const values = await Promise.all(Array.from({ length: 20 }, () => client.call('look')))
  assert.is(values.length, 20)
  assert.is(issuer.grants('refresh_token').length, 1)
  assert.is(issuer.at('/authorize').length, 1)
  await client.close()
})

test('row 11: what another process has refreshed meanwhile is taken over, not refreshed again', async ({ issuer, server }) => {
  const store = memoryTokenStore()
  const [first, second] = [await server.open(signing({ store })), await server.open(signing({ store }))]
  for (const token of issuer.tokens.values()) token.revoked = true
  assert.equal([await first.call('look'), await second.call('look')], ['seen', 'seen'])
  assert.is(issuer.grants('refresh_token').length, 1)
  await Promise.all([first.close(), second.close()])
})

test('C-AUTH-25: a refresh that is refused leads to one new sign-in', async ({ issuer, server }) => {
  const client = await server.open(signing())
  for (const token of issuer.tokens.values()) token.revoked = true
  issuer.refreshable.clear()
  assert.is(await client.call('look'), 'seen')
  assert.equal([issuer.grants('refresh_token').length, issuer.at('/authorize').length], [1, 2])
  await client.close()
})

test('C-AUTH-25: who waits for a refresh that fails is signed in as well', async ({ issuer, server }) => {
  let ahead = 0
  let release = (): void => {}
  const held = new Promise<void>(resolve => {
    release = resolve
  })
  const client = await server.open(signing({ clock: { ...systemClock, now: () => Date.now() + ahead } }))
  for (const token of issuer.tokens.values()) token.revoked = true
  ahead = 3_590_000
  issuer.conduct.routes = {
    '/token': (seen, response) => {
      if (seen.params.get('grant_type') === 'authorization_code') return issuer.token(seen.params, response)
      void held.then(() => response.writeHead(400, { 'Content-Type': 'application/json' }).end('{"error":"invalid_grant"}'))
    },
  }
  const before = server.shown.length
  const calls = [client.call('look'), client.call('look')]
  while (server.shown.length === before) await new Promise(resolve => setImmediate(resolve))
  release()
  assert.equal(await Promise.all(calls), ['seen', 'seen'])
  assert.is(issuer.at('/authorize').length, 2)
  await client.close()
})

test('C-AUTH-10: asked for more, the person is asked for what was granted and what is missing', async ({ issuer, server }) => {
  const client = await server.open(signing())
  assert.is(await client.call('write'), 'written')
  assert.is(issuer.at('/authorize').at(-1)?.params.get('scope'), 'read write offline_access')
  await client.close()
})

test('C-AUTH-11: an operation that stays refused asks twice, and then no more', async ({ issuer, server }) => {
  issuer.conduct.routes = {
    '/token': (_seen, response) => {
      issuer.tokens.set(`poor-${issuer.tokens.size}`, { scope: 'read', resource: server.url, revoked: false })
      response
        .writeHead(200, { 'Content-Type': 'application/json' })
        .end(JSON.stringify({ access_token: `poor-${issuer.tokens.size - 1}`, token_type: 'bearer' }))
    },
  }
  const client = await server.open(signing())
  for (let call = 0; call < 3; call++)
    await client.call('write').then(
      () => assert.unreachable(),
      (error: RemoteFault) => assert.is(error.status, 403),
    )
  assert.is(issuer.at('/authorize').length, 3)
  await client.close()
})

test('C-AUTH-20, C-AUTH-23: when the server changes its authorization server, nothing of the old one is shown to the new one', async ({
  issuer,
  server,
}) => {
  const client = await server.open(signing())
  const other = await Issuer.start()
  server.issuer = other
  server.metadata = server.published(other)
  try {
    assert.is(await client.call('look'), 'seen')
    assert.is(other.at('/register').length, 1)
    const theirs = [...issuer.tokens.keys(), ...issuer.refreshable.keys(), issuer.at('/authorize')[0]?.params.get('client_id') ?? '?']
    const told = other.seen.map(({ body, headers, params }) => `${body} ${JSON.stringify(headers)} ${params.toString()}`).join('\n')
    assert.equal(
      theirs.filter(secret => told.includes(secret)),
      [],
    )
  } finally {
    await client.close()
    await other.stop()
  }
})

test('C-AUTH-20: a client that was registered elsewhere is not offered to a new issuer', async ({ issuer, server }) => {
  const grant = clientCredentials({ clientId: 'job', clientSecret: 's3cret', method: 'client_secret_post' })
  const client = await server.open(oauth({ grant }))
  assert.is(issuer.grants('client_credentials')[0]?.params.get('resource'), server.url)
  const other = await Issuer.start()
  server.issuer = other
  server.metadata = server.published(other)
  try {
    await client.call('look').then(
      () => assert.unreachable(),
      (error: Error & { problem?: string }) => assert.is(error.problem, 'registration'),
    )
    assert.is(other.grants('client_credentials').length, 0)
  } finally {
    await client.close()
    await other.stop()
  }
})

test('C-AUTH-30: a program does not ask for more scopes', async ({ issuer, server }) => {
  const client = await server.open(
    oauth({ grant: clientCredentials({ clientId: 'job', clientSecret: 's', method: 'client_secret_basic' }) }),
  )
  await client.call('write').then(
    () => assert.unreachable(),
    (error: RemoteFault) => assert.is(error.status, 403),
  )
  assert.is(issuer.grants('client_credentials').length, 1)
  await client.close()
})

test('a sign-in beforehand spares the first request its refusal; signing out forgets', async ({ issuer, server }) => {
  const auth = signing()
  await auth.signIn(server.url)
  await (await server.open(auth)).close()
  assert.ok(server.shown.every(header => header !== undefined))
  await auth.signOut(server.url)
  await auth.signIn(server.url)
  assert.is(issuer.at('/authorize').length, 2)
})

test.run()
