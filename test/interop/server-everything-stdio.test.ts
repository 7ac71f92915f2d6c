/** Our client against the official server-everything as its child process. */
// time limit: 180 s
import { stdioConnector } from '@oarlock/stdio/client'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { open, type Peer } from './client-sdk.ts'
import { EVERYTHING, tellEverything } from './server-everything.ts'

const test = suite('client, server-everything, stdio')

// It does not end when its input does.
const command = { command: process.execPath, args: [EVERYTHING], stderr: 'pipe', killAfter: 100 } as const
const peer: Peer = { connector: () => Promise.resolve(stdioConnector(command)) }

tellEverything(test, peer)

test('of the environment the server sees what it was given, and nothing that lies about', async () => {
  process.env['OARLOCK_LIES_ABOUT'] = 'secret'
  const client = await open({ connector: () => Promise.resolve(stdioConnector({ ...command, env: { GIVEN: 'yes' } })) }, undefined)
  const seen = JSON.parse(await client.call<string>('get-env')) as Record<string, string>
  assert.equal([seen['GIVEN'], seen['OARLOCK_LIES_ABOUT']], ['yes', undefined])
  await client.close()
})

test.run()
