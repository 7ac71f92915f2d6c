/** Where an API provider does not let itself be led (THREATS 8, T16). */

import type { LookupAddress } from 'node:dns'
import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { memoryConnector } from '@oarlock/protocol'
import { Client } from '@oarlock/client'
import { api, type ApiOptions } from '@oarlock/resources/api'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Authority } from '../../../../test/tls/authority.ts'
import { echo, offering, upstream } from './upstream.ts'

const test = suite('api screening')

/** The text of a resource, or what is said instead. */
async function read(options: Partial<ApiOptions> & Pick<ApiOptions, 'baseUrl' | 'paths'>, uri: string): Promise<string> {
  const server = offering(options)
  const client = await Client.open(memoryConnector(server), { cache: false, heal: false })
  try {
    const [content] = await client.read(uri)
    return (content as { readonly text: string }).text
  } catch (error) {
    return (error as Error).message
  } finally {
    await client.close()
    await server.close()
  }
}

const PRIVATE = [
  '127.0.0.1',
  '10.0.0.1',
  '172.16.0.1',
  '192.168.0.1',
  '100.64.0.1',
  '0.0.0.0',
  '[::1]',
  '[fd00::1]',
  '[::ffff:10.0.0.1]',
  '2130706433',
  '0x7f.1',
]
const LINK = ['169.254.169.254', '[fe80::1]', '[::ffff:169.254.169.254]', '[fd00:ec2::254]', '100.100.100.200']

test('T16: an address of a private network as base needs to be allowed, and one of the link never is', () => {
  const base = (host: string, privateNetwork: boolean): unknown =>
    api({ name: 'x', baseUrl: `https://${host}`, paths: ['/'], privateNetwork })
  for (const host of [...PRIVATE, ...LINK]) assert.throws(() => base(host, false), /not an address that may be connected to/, host)
  for (const host of LINK) assert.throws(() => base(host, true), /not an address that may be connected to/, host)
  for (const host of PRIVATE) assert.not.throws(() => base(host, true), undefined, host)
})

test('T16: a name that leads to this machine, a private network or the link is refused at the moment of connecting', async () => {
  await using up = await upstream(echo)
  const leadsTo =
    (...addresses: readonly string[]) =>
    () =>
      Promise.resolve(addresses.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 })))
  for (const address of ['127.0.0.1', '10.0.0.1', '169.254.169.254', '::1', 'fd00::1', '::ffff:127.0.0.1']) {
    const options = { baseUrl: 'https://api.example.com', paths: ['/a'], privateNetwork: false, lookup: leadsTo(address) }
    assert.match(await read(options, 'api://up/a'), /^The upstream of up cannot be reached$/, address)
    const mixed = { ...options, lookup: leadsTo('93.184.215.14', address) }
    assert.match(await read(mixed, 'api://up/a'), /cannot be reached/, `one of several: ${address}`)
  }
  const link = { baseUrl: `http://api.example.com:${up.port}`, paths: ['/a'], lookup: leadsTo('169.254.169.254') }
  assert.match(await read(link, 'api://up/a'), /cannot be reached/)
  assert.is(up.asked.length, 0)
})

test('T16: what a name resolved to when it was checked is what is connected to, however it resolves next', async () => {
  await using up = await upstream(echo)
  let looks = 0
  const lookup = (): Promise<readonly LookupAddress[]> =>
    Promise.resolve([{ address: looks++ === 0 ? '127.0.0.1' : '169.254.169.254', family: 4 }])
  const options = { baseUrl: `http://api.example.com:${up.port}`, paths: ['/a'], lookup }
  assert.is(await read(options, 'api://up/a'), '{"url":"/a"}')
  assert.is(looks, 1)
  assert.is(up.requests[0]?.headers.host, `api.example.com:${up.port}`)
})

test('row 8: redirects are followed within the origin and the allowed paths alone, three times at most, with every value checked again', async () => {
  const to = new Map<string, string>([['/loop', '/loop']])
  await using other = await upstream(echo)
  await using up = await upstream((request, response) => {
    const location = to.get(request.url ?? '')
    if (location !== undefined) return void response.writeHead(302, { location }).end()
    echo(request, response)
  })
  const paths = ['/start', '/loop', '/users/{id}', '/step/{n}']
  const outcome = async (location: string): Promise<string> => {
    to.set('/start', location)
    return read({ baseUrl: up.url, paths, headers: { authorization: 'Bearer x' } }, 'api://up/start')
  }
  assert.is(await outcome('/users/7'), '{"url":"/users/7"}')
  assert.is(await outcome(`${up.url}/users/7#top`), '{"url":"/users/7"}')
  assert.is(await outcome(`http://someone@127.0.0.1:${up.port}/users/8`), '{"url":"/users/8"}')
  const refused = [
    '/admin /users/7?debug=1 /users/..%2fadmin /users/1/../../admin /users/%2e%2e //evil.example/users/1 /loop',
    'http://169.254.169.254/users/1 file:///etc/passwd https://127.0.0.1/users/1 \\\\evil.example/users/1 javascript:alert(1)',
    `${other.url}/users/1`,
  ].flatMap(line => line.split(' '))
  for (const location of refused) assert.match(await outcome(location), /leads to another place, which is not allowed \(302\)$/, location)
  assert.equal(other.asked, [])
  assert.not(up.asked.some(asked => asked.includes('admin')))
  for (const [from, next] of [
    [1, 2],
    [2, 3],
    [3, 4],
  ] as const)
    to.set(`/step/${from}`, `/step/${next}`)
  assert.match(await outcome('/step/1'), /leads to another place/)
  assert.is(await outcome('/step/2'), '{"url":"/step/4"}')
})

test('an upstream over TLS shows a certificate for its name, from an authority that is trusted', async () => {
  const authority = new Authority()
  const server = createServer(authority.certify('DNS:api.example.com'), echo)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const lookup = (): Promise<readonly LookupAddress[]> => Promise.resolve([{ address: '127.0.0.1', family: 4 }])
  const options = { baseUrl: `https://api.example.com:${port}`, paths: ['/a'], lookup }
  assert.is(await read({ ...options, ca: authority.cert }, 'api://up/a'), '{"url":"/a"}')
  assert.match(await read(options, 'api://up/a'), /cannot be reached/)
  const other = { ...options, baseUrl: `https://other.example.com:${port}`, ca: authority.cert }
  assert.match(await read(other, 'api://up/a'), /cannot be reached/)
  server.close()
  authority.remove()
})

test.run()
