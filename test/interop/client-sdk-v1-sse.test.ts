/** Our client against the official SDK v1 over HTTP+SSE, which it falls back to by itself, in each of their revisions. */
// time limit: 180 s
import { httpConnector } from '@oarlock/http/client'
import { SESSION_REVISIONS } from '@oarlock/protocol'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { open, type Peer, tell } from './client-sdk.ts'
import { sdkV1Sse } from './peers/sdk-v1-sse.ts'
import type { Served } from './peers/serve.ts'

const test = suite('client, SDK v1, HTTP+SSE')

let served: Served
const peer: Peer = { connector: () => Promise.resolve(httpConnector(served.url)) }
const only: Peer = { connector: () => Promise.resolve(httpConnector(served.url, { sse: 'only' })) }

test.before(async () => {
  served = await sdkV1Sse()
})
test.after(() => served.close())

tell(test, 'found out', peer, undefined, '2025-11-25')

for (const revision of SESSION_REVISIONS) {
  for (const [name, way] of [
    ['after falling back', peer],
    ['at once', only],
  ] as const) {
    test(`pinned: the server is spoken to in ${revision}, ${name}`, async () => {
      const client = await open(way, revision)
      assert.is(client.revision, revision)
      assert.is(await client.call('greet', { name: 'Ada' }), 'Hello, Ada')
      assert.is(await client.call('think'), 'test-model: hi in 20 tokens')
      await client.close()
    })
  }
}

test('without a word on revisions, the old transport is spoken to at once when told so', async () => {
  const client = await open(only, undefined)
  assert.is(client.revision, '2025-11-25')
  assert.is(await client.call('greet', { name: 'Ada' }), 'Hello, Ada')
  await client.close()
})

test.run()
