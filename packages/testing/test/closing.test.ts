/** A server that closes ends the connections that no listener owns, and what they hold. */

import { Server } from '@oarlock/kernel'
import { connected } from '@oarlock/testing'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const test = suite('closing')

test('a client in memory hears of it: its subscription ends, and the source is watched no more', async () => {
  const server = new Server({ name: 's', version: '1', log: false })
  let stop: () => void = () => {}
  const stopped = new Promise<void>(resolve => (stop = resolve))
  server.resource('r', { uri: 'x://r', description: 'd', watch: () => stop }, () => 'r')
  const { client } = await connected(server, { revision: '2025-06-18' })
  const subscription = client.listen({ resources: ['x://r'] })
  await subscription.ready
  await server.close({ within: '1s' })
  let ended = false
  try {
    for await (const _ of subscription) assert.unreachable()
    ended = true
  } catch {
    ended = true
  }
  assert.ok(ended)
  await stopped
  await client.close()
})

test.run()
