/** Tokens for programs: by secret, by key, by the word of a platform or of an enterprise, and bound to a key. */

import type { ServerResponse } from 'node:http'
import { AuthorizationFailed, clientCredentials, enterpriseManaged, oauth, workloadIdentity } from '@oarlock/client/auth'
import { decodeJwt, decodeProtectedHeader, exportPKCS8, generateKeyPair, jwtVerify } from 'jose'
import * as assert from 'uvu/assert'
import { guardedSuite, person } from './guarded.ts'
import { Issuer, json, type Seen } from './issuer.ts'

const test = guardedSuite('auth grants')

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

test('C-AUTH-30: a key signs the assertion, whose audience is the issuer', async ({ issuer, server }) => {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
  const key = await exportPKCS8(privateKey)
  await (await server.open(oauth({ grant: clientCredentials({ clientId: 'job', privateKey: { key, algorithm: 'ES256' } }) }))).close()
  const { params } = issuer.grants('client_credentials')[0] as Seen
  const { payload } = await jwtVerify(params.get('client_assertion') ?? '', publicKey)
  assert.equal([payload.iss, payload.sub, payload.aud], ['job', 'job', issuer.url])
  assert.is(params.get('resource'), server.url)
})

test('C-AUTH-21: the way of showing a secret is one that the authorization server lists', async ({ issuer, server }) => {
  for (const method of ['client_secret_basic', 'client_secret_post']) {
    issuer.conduct.metadata = { token_endpoint_auth_methods_supported: [method] }
    await (await server.open(oauth({ grant: clientCredentials({ clientId: 'a:b', clientSecret: 'c d' }) }))).close()
  }
  const [basic, post] = issuer.grants('client_credentials')
  assert.is(basic?.headers.authorization, `Basic ${btoa('a%3Ab:c+d')}`)
  assert.equal([post?.headers.authorization, post?.params.get('client_id'), post?.params.get('client_secret')], [undefined, 'a:b', 'c d'])
})

test("a workload shows its platform's word, and a refusal is final", async ({ issuer, server }) => {
  const audiences: string[] = []
  const grant = workloadIdentity({ client: { clientId: 'w' }, assertion: audience => `jwt-${audiences.push(audience)}` })
  await (await server.open(oauth({ grant }))).close()
  assert.equal([issuer.grants(JWT_BEARER)[0]?.params.get('assertion'), audiences], ['jwt-1', [issuer.url]])
  issuer.conduct.routes = { '/token': (_seen, response) => json(response, 400, { error: 'invalid_grant' }) }
  await server.open(oauth({ grant })).then(
    () => assert.unreachable(),
    (cause: unknown) => assert.is(AuthorizationFailed.is(cause) && cause.error, 'invalid_grant'),
  )
  assert.is(issuer.at('/token').length, 2)
})

test("C-AUTH-31: an enterprise's sign-on is exchanged for an ID-JAG to this authorization server and resource, and that for a token", async ({
  issuer,
  server,
}) => {
  const idp = await Issuer.start()
  const given = (type: string) => (_seen: Seen, response: ServerResponse) =>
    json(response, 200, { access_token: 'id-jag', token_type: 'N_A', issued_token_type: type })
  const ID_JAG = 'urn:ietf:params:oauth:token-type:id-jag'
  idp.conduct.routes = { '/token': given(ID_JAG) }
  const grant = enterpriseManaged({
    client: { clientId: 'app' },
    provider: { issuer: idp.url, tokenEndpoint: `${idp.url}/token`, client: { clientId: 'at-idp' } },
    subjectToken: () => 'id-token',
  })
  try {
    await (await server.open(oauth({ grant }))).close()
    const asked = ['audience', 'resource', 'requested_token_type', 'subject_token', 'client_id'].map(name =>
      idp.at('/token')[0]?.params.get(name),
    )
    assert.equal(asked, [issuer.url, server.url, ID_JAG, 'id-token', 'at-idp'])
    assert.is(issuer.grants(JWT_BEARER)[0]?.params.get('assertion'), 'id-jag')
    idp.conduct.routes = { '/token': given('urn:ietf:params:oauth:token-type:access_token') }
    await server.open(oauth({ grant })).then(
      () => assert.unreachable(),
      (cause: unknown) => assert.is(AuthorizationFailed.is(cause) && cause.problem, 'response'),
    )
    assert.is(issuer.at('/token').length, 1)
  } finally {
    await idp.stop()
  }
})

test('DPoP: each request brings a proof of its own for its token, and the nonce that the server asks for', async ({ issuer, server }) => {
  const proofs: string[] = []
  const auth = oauth({ grant: person(), dpop: 'always' })
  issuer.conduct.routes = {
    '/token': (seen, response) => {
      if (decodeJwt(String(seen.headers['dpop']))['nonce'] !== 'n1') {
        return json(response, 400, { error: 'use_dpop_nonce' }, { 'DPoP-Nonce': 'n1' })
      }
      json(response, 200, { access_token: 'bound', token_type: 'DPoP' })
    },
  }
  const request = {
    resource: server.url,
    method: 'POST',
    url: `${server.url}?q=1`,
    operation: 'tools/list',
    signal: AbortSignal.timeout(9000),
  }
  await auth.signIn(server.url)
  const first = await auth.headers(request)
  assert.is(first['Authorization'], 'DPoP bound')
  proofs.push(String(first['DPoP']))
  const headers = new Map([
    ['www-authenticate', 'DPoP error="use_dpop_nonce"'],
    ['dpop-nonce', 'n2'],
  ])
  const refusal = { status: 401, headers: { get: (name: string) => headers.get(name) } }
  assert.is(await auth.answered(request, first, refusal), true)
  proofs.push(String((await auth.headers(request))['DPoP']))
  const [one, two] = proofs.map(proof => decodeJwt(proof))
  assert.equal([one?.['htu'], one?.['htm'], one?.['nonce'], two?.['nonce']], [server.url, 'POST', undefined, 'n2'])
  assert.is.not(one?.jti, two?.jti)
  assert.not.ok('d' in (decodeProtectedHeader(String(proofs[0])).jwk ?? {}))
  assert.is(await auth.answered(request, first, refusal), false, 'the same nonce again is no news')
})

test('DPoP: where a bound token is demanded, another is not taken', async ({ server }) => {
  await server.open(oauth({ grant: person(), dpop: 'always' })).then(
    () => assert.unreachable(),
    (cause: unknown) => assert.is(AuthorizationFailed.is(cause) && cause.problem, 'response'),
  )
})

test('C-AUTH-27: a server without resource metadata is its own authorization server, at the places of 2025-03-26', async ({ issuer }) => {
  const origin = issuer.url
  issuer.conduct.routes = { '/.well-known/oauth-authorization-server': (_seen, response) => json(response, 404, {}) }
  const auth = oauth({ grant: person({ offline: false }) })
  await auth.signIn(`${origin}/mcp`)
  assert.equal([issuer.at('/register').length, issuer.at('/authorize').length, issuer.at('/token').length], [1, 1, 1])
  assert.is(issuer.grants('authorization_code')[0]?.params.get('resource'), `${origin}/mcp`)
})

test('C-AUTH-27: a server whose metadata cannot be read is not taken for one without', async ({ issuer }) => {
  issuer.conduct.routes = { '/.well-known/oauth-protected-resource/mcp': (_seen, response) => json(response, 503, {}) }
  await oauth({ grant: person() })
    .signIn(`${issuer.url}/mcp`)
    .then(
      () => assert.unreachable(),
      (cause: unknown) => assert.is(AuthorizationFailed.is(cause) && cause.problem, 'metadata'),
    )
  assert.is(issuer.at('/authorize').length, 0)
})

test('C-AUTH-15, C-AUTH-16: beforehand before a document, a document before registering, and else a person has to do it', async ({
  issuer,
  server,
}) => {
  const clientMetadataUrl = 'https://app.example/client.json'
  const clients = [{ clientId: 'known', issuer: issuer.url }]
  const idOf = (): string | null | undefined => issuer.at('/authorize').at(-1)?.params.get('client_id')
  const open = async (options: Parameters<typeof person>[0]): Promise<void> =>
    (await server.open(oauth({ grant: person(options) }))).close()
  issuer.conduct.metadata = { client_id_metadata_document_supported: true }
  await open({ clientMetadataUrl, clients })
  assert.is(idOf(), 'known')
  await open({ clientMetadataUrl, clients: [{ clientId: 'elsewhere', issuer: 'https://other.example' }] })
  assert.is(idOf(), clientMetadataUrl)
  assert.is(issuer.at('/register').length, 0)
  issuer.conduct.metadata = { registration_endpoint: undefined }
  await open({ clientMetadataUrl }).then(
    () => assert.unreachable(),
    (cause: unknown) => assert.is(AuthorizationFailed.is(cause) && cause.problem, 'registration'),
  )
})

test.run()
