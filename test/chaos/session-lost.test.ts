/** A server that forgets its sessions. */
import { Client, OutcomeUnknown } from '@oarlock/client'
import { httpConnector } from '@oarlock/http/client'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { json, result, scripted, type Script } from '../../packages/http/test/client/scripted.ts'

const test = suite('session-lost')

test('C-LEG-05: after a 404 a session is opened anew without an id; what was turned away unread is sent again, what was under way is not', async () => {
  let sessions = 0
  const valid = new Set<string>()
  const script: Script = ({ method, body, headers }, res) => {
    if (body?.method === 'initialize') {
      assert.is(headers['mcp-session-id'], undefined)
      const id = `session-${++sessions}`
      valid.add(id)
      const opened = { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: 's', version: '1' } }
      return json(res, result(body.id, opened), 200, { 'Mcp-Session-Id': id })
    }
    if (!valid.has(String(headers['mcp-session-id']))) return res.writeHead(404).end()
    if (method !== 'POST') return res.writeHead(405).end()
    if (body.id === undefined) return res.writeHead(202).end()
    if (body.params.name === 'hang') return undefined
    return json(res, result(body.id, { content: [{ type: 'text', text: `paid in ${String(headers['mcp-session-id'])}` }] }))
  }
  const server = await scripted(script)
  const client = await Client.open(httpConnector(server.url), { revision: '2025-11-25', heal: { firstWait: 2 } })
  assert.is(await client.call('pay'), 'paid in session-1')
  const hanging = client.call('hang').catch((cause: unknown) => cause)
  while (!server.asked.some(({ body }) => body?.params?.name === 'hang')) await new Promise(resolve => setImmediate(resolve))
  valid.clear()
  assert.is(await client.call('pay'), 'paid in session-2')
  assert.ok(OutcomeUnknown.is(await hanging))
  assert.is(server.asked.filter(({ body }) => body?.params?.name === 'hang').length, 1)
  await client.close()
  await server.close()
})

test.run()
