/** Our client against the official SDK v1 over HTTP with sessions, in each of their revisions. */
import { httpConnector } from '@oarlock/http/client'
import { SESSION_REVISIONS } from '@oarlock/protocol'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { open, type Peer, tell } from './client-sdk.ts'
import { sdkV1Http } from './peers/sdk-v1-http.ts'
import type { Served } from './peers/serve.ts'

const test = suite('client, SDK v1, HTTP')

let served: Served
const peer: Peer = { connector: () => Promise.resolve(httpConnector(served.url)) }

test.before(async () => {
  served = await sdkV1Http()
})
test.after(() => served.close())

tell(test, 'found out', peer, undefined, '2025-11-25')

for (const revision of SESSION_REVISIONS) {
  test(`pinned: the server is spoken to in ${revision}`, async () => {
    const client = await open(peer, revision)
    assert.is(client.revision, revision)
    assert.is(await client.call('greet', { name: 'Ada' }), 'Hello, Ada')
    assert.is(await client.call('think'), 'test-model: hi in 20 tokens')
    await client.close()
  })
}

test.run()
