/** Where authorization does not let itself be led (THREATS 8, T16). */

import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AuthorizationFailed, oauth } from '@oarlock/client/auth'
import { guardedFetch } from '@oarlock/client/auth/node'
import { isLoopbackHost, isPrivateHost } from '@oarlock/protocol'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { screened, screenedFrom } from '../../src/auth/address.ts'
import { getDocument } from '../../src/auth/fetching.ts'
import { Guarded, person } from './guarded.ts'
import { Issuer, json } from './issuer.ts'

const test = suite('auth addresses')

const PRIVATE = [
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '192.0.0.192',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '[::]',
  '[fc00::1]',
  '[fd00:ec2::254]',
  '[fe80::1]',
  '[ff02::1]',
  '[::ffff:10.0.0.1]',
  '[::ffff:a9fe:a9fe]',
  '[64:ff9b::a9fe:a9fe]',
  '[2002:a9fe:a9fe::1]',
  'metadata.google.internal',
  'metadata',
  'printer.local',
  'router.lan',
  '0x0a000001',
  '167772161',
  '012.0.0.1',
  '10.0.0.1.',
]

test('C-AUTH-26, T16: private, link-local and metadata addresses are known in every spelling', () => {
  assert.equal(
    PRIVATE.filter(host => !isPrivateHost(new URL(`https://${host}/`).hostname)),
    [],
  )
  assert.equal(['example.com', '8.8.8.8', '172.32.0.1', '[2606:4700::1111]', '100.128.0.1'].filter(isPrivateHost), [])
})

test('loopback is known in every spelling', () => {
  const spellings = ['localhost', 'app.localhost', 'LOCALHOST.', '127.0.0.1', '127.1', '2130706433', '[::1]', '[::ffff:127.0.0.1]']
  assert.equal(
    spellings.filter(host => !isLoopbackHost(new URL(`http://${host}/`).hostname)),
    [],
  )
  assert.equal(['localhost.example.com', 'notlocalhost', '128.0.0.1'].filter(isLoopbackHost), [])
})

test('T16, C-AUTH-24: only https is visited, and http on loopback alone', () => {
  const refused = [
    'http://example.com/',
    'ftp://example.com/',
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    'https://a:b@example.com/',
    'x',
    ...PRIVATE.map(host => `https://${host}/`),
  ]
  for (const address of refused) assert.throws(() => screened(address, 'It'), AuthorizationFailed.is, address)
  for (const address of ['https://example.com/a', 'http://localhost:1/', 'http://127.0.0.1/', 'https://[::1]/']) screened(address, 'It')
})

test('T16: a server elsewhere cannot send us to this machine', () => {
  assert.throws(() => screenedFrom('https://mcp.example.com/', 'http://localhost:8080/', 'It'), AuthorizationFailed.is)
  assert.is(screenedFrom('http://localhost:1/', 'http://localhost:8080/', 'It').port, '8080')
})

const FETCHING = { fetch: (url: string, init: RequestInit) => fetch(url, init), timeoutMs: 5000, maxBytes: 1000 }

async function serving<T>(listener: RequestListener, use: (origin: string) => Promise<T>): Promise<T> {
  const server = createServer(listener)
  await new Promise<void>(resolve => server.listen(0, 'localhost', resolve))
  try {
    return await use(`http://localhost:${(server.address() as AddressInfo).port}`)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

const problemOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'none',
    (cause: unknown) => (AuthorizationFailed.is(cause) ? cause.problem : String(cause)),
  )

for (const target of ['http://169.254.169.254/latest/meta-data', 'https://example.com/', '//evil.example/x', 'file:///etc/passwd']) {
  test(`row 8: a document that redirects to ${target} is not followed`, async () => {
    const found = await serving(
      (_request, response) => response.writeHead(302, { Location: target }).end(),
      origin => problemOf(getDocument(FETCHING, new URL(origin), 'It')),
    )
    assert.is(found, 'address')
  })
}

test('row 8: redirects within the origin are followed, three at most', async () => {
  const listener: RequestListener = (request, response) => {
    const left = Number(request.url?.slice(1))
    if (left === 0) json(response, 200, { ok: true })
    else response.writeHead(302, { Location: `/${left - 1}` }).end()
  }
  await serving(listener, async origin => {
    assert.equal(await getDocument(FETCHING, new URL('/3', origin), 'It'), { ok: true })
    assert.is(await problemOf(getDocument(FETCHING, new URL('/4', origin), 'It')), 'address')
  })
})

test('T16: a document that is too large, or takes too long, is given up', async () => {
  const endless: RequestListener = (_request, response) => {
    response.writeHead(200)
    const more = (): void => void (response.destroyed || response.write('x'.repeat(500), () => setImmediate(more)))
    more()
  }
  assert.is(await serving(endless, origin => problemOf(getDocument(FETCHING, new URL(origin), 'It'))), 'metadata')
  const stalled: RequestListener = (_request, response) => void response.writeHead(200).write('{')
  assert.is(await serving(stalled, origin => problemOf(getDocument({ ...FETCHING, timeoutMs: 50 }, new URL(origin), 'It'))), 'metadata')
})

async function spoiled(
  spoil: (issuer: Issuer, server: Guarded, trap: string) => void,
): Promise<{ problem: string; trapped: number; issuer: Issuer }> {
  const [issuer, trap] = [await Issuer.start(), await Issuer.start()]
  const server = await Guarded.start(issuer)
  spoil(issuer, server, trap.url)
  try {
    const problem = await problemOf(server.open(oauth({ grant: person() })).then(client => client.close()))
    return { problem, trapped: trap.seen.length, issuer }
  } finally {
    await server.stop()
    await Promise.all([issuer.stop(), trap.stop()])
  }
}

for (const path of ['/token', '/register']) {
  test(`row 8: a POST to ${path} follows no redirect, not even within its origin`, async () => {
    const { problem, trapped, issuer } = await spoiled((issuer, _server, trap) => {
      issuer.conduct.routes = { [path]: (_seen, response) => void response.writeHead(307, { Location: `${trap}${path}` }).end() }
    })
    assert.is.not(problem, 'none')
    assert.equal([trapped, issuer.at(path).length], [0, 1])
  })
}

test('row 8: resource metadata at another origin than the server is not read', async () => {
  const { problem, trapped } = await spoiled((_issuer, server, trap) => {
    server.located = `${trap}/.well-known/oauth-protected-resource/mcp`
  })
  assert.equal([problem, trapped], ['address', 0])
})

for (const endpoint of ['token_endpoint', 'authorization_endpoint', 'registration_endpoint']) {
  test(`T16: a ${endpoint} in a private network is not used`, async () => {
    const { problem, issuer } = await spoiled(issuer => {
      issuer.conduct.metadata = { [endpoint]: 'https://169.254.169.254/x' }
    })
    assert.equal([problem, issuer.at('/authorize').length], ['address', 0])
  })
}

test('row 8: headers for the server are not sent to the authorization server', async () => {
  const issuer = await Issuer.start()
  const server = await Guarded.start(issuer)
  await (await server.open(oauth({ grant: person() }))).close()
  await server.stop()
  await issuer.stop()
  assert.equal(
    issuer.seen.filter(({ headers }) => headers.authorization !== undefined || headers['mcp-protocol-version'] !== undefined),
    [],
  )
})

test('T16: a name that resolves to a private address is refused where it would be connected to', async () => {
  const lookup = async (): Promise<[{ address: string; family: 4 }]> => [{ address: '10.0.0.1', family: 4 }]
  assert.is(await problemOf(guardedFetch({ lookup })('https://looks-public.example/', {})), 'address')
  assert.is(await problemOf(guardedFetch()('https://169.254.169.254/', {})), 'address')
})

test('row 8: the address that was looked at is the one that is connected to, even if the name changes its mind', async () => {
  let asked = 0
  const lookup = async (): Promise<[{ address: string; family: 4 }]> => [
    { address: asked++ === 0 ? '127.0.0.1' : '169.254.169.254', family: 4 },
  ]
  const status = await serving(
    (_request, response) => json(response, 200, {}),
    async origin => (await guardedFetch({ lookup, allow: ['flips.example'] })(origin.replace('localhost', 'flips.example'), {})).status,
  )
  assert.equal([status, asked], [200, 1])
})

test.run()
