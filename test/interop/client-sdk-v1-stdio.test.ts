/** Our client against the official SDK v1, as a child process, in each of the revisions it speaks. */
import { stdioConnector } from '@oarlock/stdio/client'
import { SESSION_REVISIONS } from '@oarlock/protocol'
import { fileURLToPath } from 'node:url'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { open, type Peer, tell } from './client-sdk.ts'

const test = suite('client, SDK v1, stdio')

const file = fileURLToPath(new URL('peers/sdk-v1-stdio.ts', import.meta.url))
const peer: Peer = { connector: () => Promise.resolve(stdioConnector({ command: process.execPath, args: [file], stderr: 'pipe' })) }

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
