/** Our client against the official server-everything over HTTP+SSE, which it falls back to by itself. */
// time limit: 180 s
import { httpConnector } from '@oarlock/http/client'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { open, type Peer } from './client-sdk.ts'
import { type Program, startProgram } from './peers/program.ts'
import { EVERYTHING, tellEverything } from './server-everything.ts'

const test = suite('client, server-everything, HTTP+SSE')

let program: Program
const peer: Peer = { connector: () => Promise.resolve(httpConnector(`${program.origin}/sse`)) }

test.before(async () => {
  program = await startProgram([EVERYTHING, 'sse'])
})
test.after(() => program.close())

tellEverything(test, peer)

test('told so, the client begins with the old transport', async () => {
  const client = await open({ connector: () => Promise.resolve(httpConnector(`${program.origin}/sse`, { sse: 'only' })) }, undefined)
  assert.is(await client.call('echo', { message: 'old' }), 'Echo: old')
  await client.close()
})

test.run()
