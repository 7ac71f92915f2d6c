/** Our client against a FastMCP server as its child process. */
// time limit: 240 s
import { stdioConnector } from '@oarlock/stdio/client'
import type { Connector } from '@oarlock/protocol'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { skip } from '../runner/skip.ts'
import { FASTMCP, installApart } from './apart.ts'
import { open, type Peer, tell, tellPinned } from './client-sdk.ts'
import { FASTMCP_STORIES as stories, SERVER } from './fastmcp.ts'

const test = suite('client, FastMCP, stdio')

const command = { command: process.execPath, args: [SERVER, 'stdio'], stderr: 'pipe', killAfter: 100 } as const
const peer: Peer = { connector: () => Promise.resolve(stdioConnector(command)) }

tell(test, 'found out', peer, undefined, '2025-11-25', { stories })

tellPinned(test, peer)

test('pings that the server sends are answered, and disturb nobody', async () => {
  let pongs = 0
  const counted = async (): Promise<Connector> => {
    const connector = await peer.connector()
    return {
      ...connector,
      connect: async (receiver, signal) => {
        const link = await connector.connect(receiver, signal)
        const send = link.send.bind(link)
        link.send = frame => {
          if (frame.text.includes('"result":{}')) pongs++
          return send(frame)
        }
        return link
      },
    }
  }
  const client = await open({ connector: counted }, undefined)
  const warnings: unknown[] = []
  client.on('warning.reported', warning => void warnings.push(warning))
  while (pongs < 3) assert.is(await client.call('greet', { name: 'Ada' }), 'Hello, Ada')
  assert.equal(warnings, [])
  await client.close()
})

const because = installApart(FASTMCP)
if (because === undefined) test.run()
else skip('FastMCP over stdio', because)
