/** Identity providers as they are: what the guide says about each quirk, done to one that has it. */

// #region imports
import { authorizationCode, AuthorizationFailed, clientCredentials, oauth, type OAuth } from '@oarlock/client/auth'
import { fileTokenStore, loopbackRedirect } from '@oarlock/client/auth/node'
import { connect, type Client } from 'oarlock'
// #endregion
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { guardedSuite, person } from './guarded.ts'
import { json } from './issuer.ts'

const test = guardedSuite('quirks')

/** A person's browser: it goes where it is sent, redirects and all. */
const open = async (address: URL): Promise<void> => void (await (await fetch(address)).text())

const looks = async (client: Client): Promise<void> => {
  assert.is(await client.call('look'), 'seen')
  await client.close()
}

// #region sign-in
/** For a program on somebody's machine: a browser for the person, a file for the tokens. */
function forPeople(tokens: string): OAuth {
  return oauth({
    grant: authorizationCode({ redirect: loopbackRedirect({ name: 'Weather', open }), clientName: 'Weather' }),
    store: fileTokenStore(tokens),
  })
}

const opened = (url: string, tokens: string): Promise<Client> => connect(url, { auth: forPeople(tokens) })
// #endregion

test('the first example of the guide: a person signs in once, and the next run finds the tokens', async ({ issuer, server: { url } }) => {
  const folder = mkdtempSync(join(tmpdir(), 'oarlock-'))
  const tokens = join(folder, 'tokens.json')
  for (let run = 0; run < 2; run++) {
    await looks(await opened(url, tokens))
  }
  assert.ok(existsSync(tokens))
  assert.is(issuer.at('/authorize').length, 1)
  rmSync(folder, { recursive: true })
})

// #region beforehand
/** A page to sign in is shown before anything waits for it. */
async function signedIn(auth: OAuth, url: string): Promise<Client> {
  await auth.signIn(url)
  return connect(url, { auth })
}
// #endregion

test('signing in beforehand', async ({ server }) => {
  await looks(await signedIn(oauth({ grant: person() }), server.url))
  assert.is(server.shown.includes(undefined), false)
})

// #region program
/** For a program that nobody sits before. */
function forPrograms(clientId: string, clientSecret: string): OAuth {
  return oauth({ grant: clientCredentials({ clientId, clientSecret }) })
}
// #endregion

test('a program with a secret', async ({ issuer, server }) => {
  issuer.conduct.metadata = { token_endpoint_auth_methods_supported: ['client_secret_basic'] }
  await looks(await connect(server.url, { auth: forPrograms('nightly', 'secret') }))
  assert.is(issuer.at('/authorize').length, 0)
})

// #region registered
/** For a provider that does not register clients: who registered with it beforehand says so. */
function registeredWith(issuer: string, clientId: string, port: number): OAuth {
  return oauth({
    grant: authorizationCode({ redirect: loopbackRedirect({ port, open }), clients: [{ issuer, clientId }] }),
  })
}
// #endregion

test('C-AUTH-15: a provider that does not register clients is told the one that was registered, at the redirect that was registered', async ({
  issuer,
  server,
}) => {
  issuer.conduct.metadata = { registration_endpoint: undefined }
  const refused: unknown = await server.open(oauth({ grant: person() })).catch((cause: unknown) => cause)
  assert.ok(AuthorizationFailed.is(refused) && refused.problem === 'registration')
  assert.match(refused.message, 'does not register clients: register one with it and give its id in `clients`')
  const free = await loopbackRedirect().open()
  const port = Number(new URL(free.url).port)
  await free.close?.()
  await looks(await server.open(registeredWith(issuer.url, 'a1b2c3', port)))
  const [page] = issuer.at('/authorize')
  assert.equal([page?.params.get('client_id'), page?.params.get('redirect_uri')], ['a1b2c3', `http://127.0.0.1:${port}/callback`])
})

// #region audience
/** For a provider that looks at `audience` and not at `resource`. */
function forAudience(audience: string): OAuth {
  return oauth({ grant: authorizationCode({ redirect: loopbackRedirect({ open }), parameters: { audience } }) })
}
// #endregion

test('C-AUTH-07: a provider that ignores `resource` is told the audience its own way, and `resource` all the same', async ({
  issuer,
  server,
}) => {
  const tell = issuer.token.bind(issuer)
  const routes = {
    '/token': ({ params }: { params: URLSearchParams }, response: Parameters<typeof json>[0]) => (
      params.delete('resource'),
      tell(params, response)
    ),
  }
  issuer.conduct.routes = routes
  await looks(await server.open(forAudience('https://mcp.example.com')))
  const [page] = issuer.at('/authorize')
  assert.equal([page?.params.get('audience'), page?.params.get('resource')], ['https://mcp.example.com', server.url])
})

test('C-AUTH-07: a provider that refuses `resource` is said to have done so, with its own code', async ({ issuer, server }) => {
  issuer.conduct.routes = {
    '/token': (_seen, response) => json(response, 400, { error: 'invalid_target', error_description: 'AADSTS9010010' }),
  }
  const refused: unknown = await server.open(oauth({ grant: person() })).catch((cause: unknown) => cause)
  assert.ok(AuthorizationFailed.is(refused))
  assert.equal([refused.error, refused.problem], ['invalid_target', 'refused'])
})

test('C-AUTH-07: PKCE that is not announced is not believed in', async ({ issuer, server }) => {
  issuer.conduct.metadata = { code_challenge_methods_supported: undefined }
  const refused: unknown = await server.open(oauth({ grant: person() })).catch((cause: unknown) => cause)
  assert.ok(AuthorizationFailed.is(refused) && refused.problem === 'metadata')
  assert.is(issuer.at('/authorize').length, 0)
})

test('C-AUTH-05: an issuer that differs by a slash is another', async ({ issuer, server }) => {
  issuer.conduct.metadata = { issuer: `${issuer.url}/` }
  const refused: unknown = await server.open(oauth({ grant: person() })).catch((cause: unknown) => cause)
  assert.ok(AuthorizationFailed.is(refused), String(refused))
})

// #region offline
/** For a provider that gives a refresh token only to who asks its own way. */
const google = oauth({
  grant: authorizationCode({ redirect: loopbackRedirect({ open }), parameters: { access_type: 'offline', prompt: 'consent' } }),
})
// #endregion

test('parameters of a provider travel in the authorization request', async ({ issuer, server }) => {
  await looks(await server.open(google))
  const [page] = issuer.at('/authorize')
  assert.equal([page?.params.get('access_type'), page?.params.get('prompt')], ['offline', 'consent'])
})

test.run()
