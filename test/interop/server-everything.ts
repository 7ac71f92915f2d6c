/** What our client does with the official server-everything, over every transport it offers: one list of stories, told to each. */
import { SESSION_REVISIONS } from '@oarlock/protocol'
import type { Test } from 'uvu'
import * as assert from 'uvu/assert'
import { open, type Peer, tell } from './client-sdk.ts'
import { ANSWERS as answers } from './everything/answers.ts'
import { DOCUMENTS } from './everything/documents.ts'
import { QUESTIONS } from './everything/questions.ts'
import { said, TOOLS } from './everything/tools.ts'

/** Its program, relative to the repository. */
export const EVERYTHING = 'test/node_modules/@modelcontextprotocol/server-everything/dist/index.js'

/** Registers all stories, and what holds in every revision that the server speaks. */
export function tellEverything(test: Test, peer: Peer): void {
  tell(test, 'found out', peer, undefined, '2025-11-25', { stories: { ...TOOLS, ...DOCUMENTS, ...QUESTIONS }, answers })

  test('a client that answers nothing is not offered what asks', async () => {
    const client = await open(peer, undefined, {})
    const names = (await client.tools()).map(({ name }) => name)
    assert.is(names.filter(name => name.startsWith('trigger-') && name !== 'trigger-long-running-operation').length, 0)
    assert.not.ok(names.includes('get-roots-list'))
    await client.close()
  })

  for (const revision of SESSION_REVISIONS) {
    test(`pinned: the server is spoken to in ${revision}`, async () => {
      const client = await open(peer, revision, answers)
      assert.is(client.revision, revision)
      assert.is(await client.call('echo', { message: revision }), `Echo: ${revision}`)
      assert.match(await said(client, 'get-roots-list'), 'file:///work')
      assert.match(await said(client, 'trigger-sampling-request', { prompt: 'Say hi' }), 'hi')
      await client.close()
    })
  }
}
