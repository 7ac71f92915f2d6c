/** Bytes as they are, to a child process and to a port; and the raw peer as a client that answers what a test says. */
import { fileURLToPath } from 'node:url'
import { http } from '@oarlock/http'
import { Server } from '@oarlock/kernel'
import { openWire, raw } from '@oarlock/testing'
import { Type } from 'typebox'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { shop } from './fixtures/shop.ts'

const test = suite('wire')

const register = fileURLToPath(new URL('../../../test/runner/register.ts', import.meta.url))
const child = {
  command: process.execPath,
  args: [...process.execArgv, '--import', register, fileURLToPath(new URL('./fixtures/shop.ts', import.meta.url))],
}

test('a child gets bytes, split anywhere, and its lines come back', async () => {
  await using wire = await openWire(child)
  await wire.stderr.line('open for business')
  await wire.sendLine('this is no JSON')
  await wire.send('{"jsonrpc":"2.0","id":1,"met')
  await wire.send(new TextEncoder().encode('hod":"ping"}\n'))
  await wire.until('"id":1')
  assert.is(JSON.parse(wire.lines.at(-1) ?? '').id, 1)
  wire.end()
  await wire.ended
})

test('a port gets bytes', async () => {
  const server = shop()
  const [listener] = await server.listen(http({ port: 0 }))
  await using wire = await openWire(listener?.address ?? '')
  await wire.send('GET /mcp HTTP/1.1\r\nHost: evil.example\r\n\r\n')
  assert.match(await wire.until(/\r\n\r\n/), /^HTTP\/1\.1 403 /)
  await wire.close()
  await server.close()
})

test('what does not come is reported with what came', async () => {
  await using wire = await openWire(child)
  await wire.sendLine({ jsonrpc: '2.0', id: 'x', method: 'ping' })
  await wire.until('"x"')
  try {
    await wire.until('something else', 20)
    assert.unreachable()
  } catch (cause) {
    assert.match((cause as Error).message, /something else.*"x"/s)
  }
})

test('a raw peer answers what the server asks as the test says', async () => {
  const server = new Server({ name: 'asker', version: '1' })
  server.tool('name', { description: 'Asks' }, async (_args, ctx) => {
    const answer = await ctx.elicit('name', { message: 'Name?', schema: Type.Object({ name: Type.String() }) })
    return answer.action
  })
  const peer = raw(server)
  peer.on('elicitation/create', () => ({ action: 'decline' }))
  await peer.initialize('2025-11-25', { elicitation: {} })
  const { result } = await peer.request('tools/call', { name: 'name', arguments: {} })
  assert.equal((result as { content: unknown }).content, [{ type: 'text', text: 'decline' }])
  peer.close()
  await server.close()
})

test.run()
