/** Our client against the official server-everything over Streamable HTTP. */
// time limit: 180 s
import { httpConnector } from '@oarlock/http/client'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { open, type Peer } from './client-sdk.ts'
import { type Program, startProgram } from './peers/program.ts'
import { EVERYTHING, tellEverything } from './server-everything.ts'

const test = suite('client, server-everything, HTTP')

let program: Program
const peer: Peer = { connector: () => Promise.resolve(httpConnector(`${program.origin}/mcp`)) }

test.before(async () => {
  program = await startProgram([EVERYTHING, 'streamableHttp'])
})
test.after(() => program.close())

tellEverything(test, peer)

test('an update reaches the session that subscribed, and no other', async () => {
  const uri = 'demo://resource/dynamic/text/1'
  const [watching, other] = [await open(peer, undefined), await open(peer, undefined)]
  const strays: unknown[] = []
  other.on('resource.updated', event => void strays.push(event))
  const news = watching.listen({ resources: [uri] })
  await news.ready
  await other.call('toggle-subscriber-updates')
  await watching.call('toggle-subscriber-updates')
  assert.equal((await news.next()).value, { kind: 'resource', uri })
  await other.ping()
  assert.equal(strays, [])
  news.close()
  for (const client of [watching, other]) await client.close()
})

test.run()
