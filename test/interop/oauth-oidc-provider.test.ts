/** Our client's authorization against oidc-provider, an authorization server that we did not write. */

import { createServer, type RequestListener, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { oauth, authorizationCode, clientCredentials, type Grant, type OAuthOptions } from '@oarlock/client/auth'
import { challenge, Fault, type Authenticate } from '@oarlock/protocol'
import { exportJWK, exportPKCS8, generateKeyPair } from 'jose'
import { connect, Server, toNode } from 'oarlock'
import { Provider, type Configuration } from 'oidc-provider'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

interface Scene {
  provider: Provider
  issuer: string
  resource: string
  servers: HttpServer[]
  mcp: Server
  grants: string[]
}

const test = suite<Scene>('OAuth with oidc-provider')

const CALLBACK = 'http://localhost:3000/callback'
const keys = await generateKeyPair('ES256', { extractable: true })

test.before(async scene => {
  const places = await Promise.all([listening(), listening()])
  scene.servers = places.map(({ server }) => server)
  const [as, rs] = places
  scene.issuer = as.origin
  scene.resource = `${rs.origin}/mcp`
  scene.grants = []
  scene.provider = new Provider(scene.issuer, configuration(scene.resource, await exportJWK(keys.publicKey)))
  const answer = scene.provider.callback()
  as.server.on('request', (request, response) => {
    void answer(request, response)
  })
  scene.provider.on('grant.success', ({ oidc }) => scene.grants.push(String(oidc.params?.['grant_type'])))
  scene.mcp = new Server({ name: 'guarded', version: '1.0.0' })
  scene.mcp.tool('look', {}, () => 'seen')
  rs.server.on('request', guarded(scene, rs.origin))
})

test.after(async ({ servers, mcp }) => {
  await mcp.close()
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
})

interface Place {
  readonly server: HttpServer
  readonly origin: string
}

async function listening(): Promise<Place> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, 'localhost', resolve))
  return { server, origin: `http://localhost:${(server.address() as AddressInfo).port}` }
}

function configuration(resource: string, jwk: object): Configuration {
  return {
    clients: [
      { client_id: 'beforehand', client_secret: 'a-secret_with.signs~+/', redirect_uris: [CALLBACK], grant_types: ['authorization_code'] },
      { ...MACHINE, client_id: 'job', client_secret: 's3cret', token_endpoint_auth_method: 'client_secret_basic' },
      {
        ...MACHINE,
        client_id: 'signer',
        token_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_signing_alg: 'ES256',
        jwks: { keys: [{ ...jwk, kid: 'k1', use: 'sig', alg: 'ES256' }] },
      },
    ],
    scopes: ['read', 'openid', 'offline_access'],
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: async () => true,
    features: {
      devInteractions: { enabled: true },
      registration: { enabled: true },
      clientCredentials: { enabled: true },
      dPoP: { enabled: true, nonceSecret: Buffer.alloc(32, 1), requireNonce: () => true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_ctx, asked) => {
          if (asked !== resource) throw new Error('no such resource')
          return { scope: 'read', audience: resource, accessTokenFormat: 'opaque' }
        },
        useGrantedResource: () => true,
      },
    },
  }
}

const MACHINE = { redirect_uris: [], response_types: [], grant_types: ['client_credentials'] } as const

function guarded(scene: Scene, origin: string): RequestListener {
  const door = toNode(scene.mcp, { authenticate: verifying(scene, origin) })
  return (request, response) => {
    if (!request.url?.startsWith('/.well-known/oauth-protected-resource')) return door(request, response)
    const metadata = { resource: scene.resource, authorization_servers: [scene.issuer], scopes_supported: ['read'] }
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(metadata))
  }
}

function verifying({ provider, resource }: Scene, origin: string): Authenticate {
  return async head => {
    const token = /^(?:Bearer|DPoP) (.+)$/.exec(head.headers?.get('authorization') ?? '')?.[1] ?? ''
    const found = (await provider.AccessToken.find(token)) ?? (await provider.ClientCredentials.find(token))
    if (found?.isValid === true && [found.aud].flat().includes(resource)) return { id: String(found.clientId) }
    const value = challenge('Bearer', { resource_metadata: `${origin}/.well-known/oauth-protected-resource/mcp` })
    return new Fault('UNAUTHENTICATED', undefined, { headers: { 'WWW-Authenticate': value } })
  }
}

/** A browser with a jar, in which a person fills in each form. */
async function visit(address: URL): Promise<string> {
  const jar = new Map<string, string>()
  let url = address.href
  let form: URLSearchParams | undefined
  for (let step = 0; step < 20; step++) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, { redirect: 'manual', headers: { cookie }, ...(form && { method: 'POST', body: form }) })
    for (const line of response.headers.getSetCookie())
      jar.set(line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1).split(';')[0] ?? '')
    const page = await response.text()
    const location = response.headers.get('location')
    if (location?.startsWith(CALLBACK) === true) return location
    if (location === null && response.status !== 200) throw new Error(page.slice(0, 500))
    form =
      location === null
        ? new URLSearchParams({ prompt: /name="prompt" value="(\w+)"/.exec(page)?.[1] ?? '', login: 'ann', password: 'x' })
        : undefined
    url = new URL(location ?? /<form[^>]* action="([^"]+)"/.exec(page)?.[1] ?? '', url).href
  }
  throw new Error('The browser goes round in circles')
}

const person = (clients: Parameters<typeof authorizationCode>[0]['clients'] = []): Grant =>
  authorizationCode({ redirect: { open: () => ({ url: CALLBACK, visit }) }, clients })

async function used(scene: Scene, grant: Grant, options: Partial<OAuthOptions> = {}): Promise<string[]> {
  scene.grants.length = 0
  const client = await connect(scene.resource, { auth: oauth({ grant, ...options }) })
  assert.is(await client.call('look'), 'seen')
  await client.close()
  return [...scene.grants]
}

test('registers, signs a person in, and uses the token', async scene => {
  assert.equal(await used(scene, person()), ['authorization_code'])
})

test('refreshes a token that expired, and keeps the new refresh token', async scene => {
  const store = new Map<string, Readonly<Record<string, unknown>>>()
  const kept = {
    get: (key: string) => store.get(key),
    set: (key: string, record: object) => void store.set(key, { ...record }),
    delete: (key: string) => void store.delete(key),
  }
  await used(scene, person(), { store: kept })
  for (let round = 0; round < 2; round++) {
    for (const [key, record] of store) if ('expiresAt' in record) store.set(key, { ...record, expiresAt: 1 })
    assert.equal(await used(scene, person(), { store: kept }), ['refresh_token'])
  }
})

test('a client that was registered beforehand, with a secret full of signs', async scene => {
  const grant = person([{ clientId: 'beforehand', clientSecret: 'a-secret_with.signs~+/', issuer: scene.issuer }])
  assert.equal(await used(scene, grant), ['authorization_code'])
})

test('a program with a secret, and one with a key', async scene => {
  assert.equal(await used(scene, clientCredentials({ clientId: 'job', clientSecret: 's3cret' })), ['client_credentials'])
  const key = await exportPKCS8(keys.privateKey)
  const signer = clientCredentials({ clientId: 'signer', privateKey: { key, algorithm: 'ES256', keyId: 'k1' } })
  assert.equal(await used(scene, signer), ['client_credentials'])
})

test('tokens are bound to a key, with the nonce that the authorization server asks for', async scene => {
  assert.equal(await used(scene, person(), { dpop: 'always' }), ['authorization_code'])
  assert.equal(await used(scene, clientCredentials({ clientId: 'job', clientSecret: 's3cret' }), { dpop: 'always' }), [
    'client_credentials',
  ])
})

test.run()
