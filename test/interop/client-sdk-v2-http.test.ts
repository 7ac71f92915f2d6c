/** Our client against the official SDK v2 over HTTP, in both conversations. */
import { httpConnector } from '@oarlock/http/client'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { open, type Peer, tell } from './client-sdk.ts'
import { sdkV2Http } from './peers/sdk-v2-http.ts'
import type { Served } from './peers/serve.ts'

const test = suite('client, SDK v2, HTTP')

let served: Served
const peer: Peer = { connector: () => Promise.resolve(httpConnector(served.url)) }

test.before(async () => {
  served = await sdkV2Http()
})
test.after(() => served.close())

tell(test, 'found out', peer, undefined, '2026-07-28')
tell(test, 'with a session', peer, '2025-11-25', '2025-11-25')

test('C-HTTP-14: a tool with mirrored parameters is called without having been listed', async () => {
  const client = await open(peer, undefined)
  assert.is(await client.call('deploy', { region: 'köln', replicas: 3 }), 'deployed 3 to köln')
  assert.is(await client.call('deploy', { region: '' }), 'deployed 1 to ')
  await client.close()
})

test('a pinned stateless revision needs no discovery', async () => {
  const client = await open(peer, '2026-07-28')
  assert.is(client.server, undefined)
  assert.is(await client.call('greet', { name: 'Ada' }), 'Hello, Ada')
  await client.close()
})

test.run()
