/** Our client against FastMCP servers over HTTP: with sessions, without, with a key, and over the old transport that stands beside. */
// time limit: 240 s
import { RemoteFault } from '@oarlock/client'
import { httpConnector, type HttpConnectorOptions } from '@oarlock/http/client'
import { SESSION_REVISIONS } from '@oarlock/protocol'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { skip } from '../runner/skip.ts'
import { FASTMCP, installApart } from './apart.ts'
import { failureOf, open, type Peer, tell } from './client-sdk.ts'
import { FASTMCP_STORIES as stories, SERVER } from './fastmcp.ts'
import { type Program, startProgram } from './peers/program.ts'

const test = suite('client, FastMCP, HTTP')

let [http, old, stateless, keyed]: Program[] = []
const at = (program: () => Program | undefined, path = '/mcp', options: HttpConnectorOptions = {}): Peer => ({
  connector: () => Promise.resolve(httpConnector(`${program()?.origin}${path}`, options)),
})
const withSessions = at(() => http)
const withoutSessions = at(() => stateless)

test.before(async () => {
  ;[http, old, stateless, keyed] = await Promise.all(['http', 'http', 'stateless', 'keyed'].map(mode => startProgram([SERVER, mode])))
})
test.after(async () => {
  for (const program of [http, old, stateless, keyed]) await program?.close()
})

tell(test, 'with sessions', withSessions, undefined, '2025-11-25', { stories })
tell(
  test,
  'over the old transport',
  at(() => old, '/sse', { sse: 'only' }),
  undefined,
  '2025-11-25',
  { stories },
)

for (const revision of SESSION_REVISIONS) {
  test(`pinned: the server is spoken to in ${revision}, with sessions and without`, async () => {
    for (const peer of [withSessions, withoutSessions]) {
      const client = await open(peer, revision)
      assert.is(client.revision, revision)
      assert.is(await client.call('greet', { name: 'Ada' }), 'Hello, Ada')
      await client.close()
    }
  })
}

test('two sessions are two, and each stays itself', async () => {
  const [one, two] = [await open(withSessions, undefined), await open(withSessions, undefined)]
  const ids = await Promise.all([one, two, one, two].map(client => client.call<string>('session')))
  assert.is(new Set(ids).size, 2)
  assert.equal([ids[0], ids[1]], [ids[2], ids[3]])
  for (const client of [one, two]) await client.close()
})

test('a server without sessions is used like any other, as far as it goes', async () => {
  const client = await open(withoutSessions, undefined)
  assert.equal(await client.call('add', { a: 2, b: 3 }), { sum: 5 })
  assert.is(await client.call('steps', { count: 3 }, { onProgress: () => {} }), '3 steps')
  assert.equal(
    (await client.prompts()).map(({ name }) => name),
    ['review'],
  )
  const [today] = await client.read('note://today')
  assert.is(today && 'text' in today && today.text, 'rain')
  await client.close()
})

test('a server that wants a key is told it with every request, and refuses who has none', async () => {
  const client = await open(
    at(() => keyed, '/mcp', { headers: { 'x-api-key': 'ada-s-key' } }),
    undefined,
  )
  assert.is(await client.call('whoami'), 'ada')
  await client.close()
  const refused = await failureOf(
    open(
      at(() => keyed),
      undefined,
    ),
  )
  assert.is(RemoteFault.is(refused) ? refused.status : refused['status'], 401)
})

test('a server that was restarted in between is given a new session', async () => {
  const program = await startProgram([SERVER, 'http'])
  const client = await open(
    at(() => program),
    undefined,
  )
  assert.is(await client.call('greet', { name: 'Ada' }), 'Hello, Ada')
  const before = await client.call('session')
  const { port } = new URL(program.origin)
  await program.close()
  const again = await startProgram([SERVER, 'http'], port)
  assert.is.not(await client.call('session', {}, { idempotent: true }), before)
  await client.close()
  await again.close()
})

const because = installApart(FASTMCP)
if (because === undefined) test.run()
else skip('FastMCP over HTTP', because)
