/** The hostile server on a link, over WebSocket and stdio, where one broken message must not take the others with it. */
// time limit: 120 s
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { Client } from '@oarlock/client'
import type { Connector } from '@oarlock/protocol'
import { stdioConnector } from '@oarlock/stdio/client'
import { wsConnector } from '@oarlock/ws/client'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { accepted, textFrames, toText } from './wire.ts'

const test = suite('hostile links')

/** What is sent in place of an answer. `__ID__` is the id that was asked with, `__GOOD__` the right answer. */
const TRICKS: Readonly<Record<string, string>> = {
  'an answer under another id': '{"jsonrpc":"2.0","id":4711,"result":{"content":[]}}',
  'an answer under an id of another type': '{"jsonrpc":"2.0","id":"__ID__","result":{"content":[]}}',
  'result and error at once': '{"jsonrpc":"2.0","id":__ID__,"result":{"content":[]},"error":{"code":-1,"message":"x"}}',
  'neither result nor error': '{"jsonrpc":"2.0","id":__ID__}',
  'an unknown resultType': '{"jsonrpc":"2.0","id":__ID__,"result":{"resultType":"transmogrified","content":[]}}',
  'a result that is no object': '{"jsonrpc":"2.0","id":__ID__,"result":"good"}',
  'bad JSON': '{"jsonrpc":"2.0","id":__ID__,',
  'no JSON at all': 'good morning',
  'JSON nested without end': '['.repeat(200_000),
  'a batch, which this revision does not have': '[__GOOD__]',
  'a question, which this revision does not have': '{"jsonrpc":"2.0","id":__ID__,"method":"sampling/createMessage","params":{}}',
  'a message over the limit': `{"jsonrpc":"2.0","id":__ID__,"result":{"content":[{"type":"text","text":"${'x'.repeat(200_000)}"}]}}`,
}

const MOST = 100_000

/** A server over WebSocket that plays these tricks. */
async function liar(tricks: Readonly<Record<string, string>>): Promise<{ connector: Connector; close: () => void }> {
  const server = createServer()
  server.on('upgrade', (req, socket) => {
    socket.on('error', () => {})
    socket.write(accepted(req))
    textFrames(socket, text => {
      const { id, method, params } = JSON.parse(text) as { id: number; method: string; params: { name: string } }
      const reply = (result: object): string => JSON.stringify({ jsonrpc: '2.0', id, result: { resultType: 'complete', ...result } })
      const good = reply({ content: [{ type: 'text', text: 'good' }] })
      if (method === 'server/discover')
        socket.write(toText(reply({ supportedVersions: ['2026-07-28'], capabilities: { tools: {} }, ttlMs: 0, cacheScope: 'private' })))
      else if (method === 'tools/call')
        socket.write(toText((tricks[params.name] ?? good).replaceAll('__ID__', String(id)).replaceAll('__GOOD__', good)))
    })
  })
  server.listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  const connector = wsConnector(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`, { maxMessage: MOST, closeTimeout: 100 })
  return { connector, close: () => (server.closeAllConnections(), server.close()) }
}

/** The same over stdio. Arguments of a process have their limits, so long tricks are made there. */
function stdioLiar(tricks: Readonly<Record<string, string>>): { connector: Connector; close: () => void } {
  const program = fileURLToPath(new URL('./fixtures/liar.mjs', import.meta.url))
  const args = [program, JSON.stringify(tricks)]
  return { connector: stdioConnector({ command: process.execPath, args, stderr: 'ignore', maxMessageBytes: MOST }), close: () => {} }
}

for (const [wire, open] of [['ws', liar] as const, ['stdio', stdioLiar] as const]) {
  for (const [name, trick] of Object.entries(TRICKS)) {
    if (wire === 'stdio' && trick.length > MOST) continue
    test(`${wire}: ${name} gets nowhere`, async () => {
      const { connector, close } = await open({ trick })
      const client = await Client.open(connector, { heal: { firstWait: 1, attempts: 3 } })
      const started = performance.now()
      const failed: unknown = await client.call('trick', {}, { timeout: 300, idempotent: true }).catch((cause: unknown) => cause)
      assert.instance(failed, Error)
      assert.is(await client.call('good', {}, { idempotent: true }), 'good')
      assert.ok(performance.now() - started < 5000, `${performance.now() - started} ms`)
      await client.close()
      close()
    })
  }
}

test.run()
