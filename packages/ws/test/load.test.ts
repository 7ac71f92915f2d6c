/** What is loaded when: starting must stay fast for those who need no WebSocket (SPEED). */
import { createRequire } from 'node:module'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { toUpgrade, ws } from '../src/index.ts'
import { wsConnector } from '../src/client.ts'
import { BareService } from './service.ts'

const test = suite('load')

const loaded = (): boolean => Object.keys(createRequire('/').cache).some(path => /\/ws\/lib\//.test(path))

test('the library is loaded when the first listener starts, and not before', async () => {
  const service = new BareService()
  const transport = ws({ port: 0 })
  const door = toUpgrade(service)
  wsConnector('ws://localhost/mcp')
  await door.close()
  assert.not(loaded())
  const listener = await transport.listen(service)
  assert.ok(loaded())
  await listener.close()
})

test.run()
