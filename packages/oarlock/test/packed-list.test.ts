/** Long lists leave in gzip in both kinds of conversation, and say what they say without. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { connect, http, Server } from '../src/index.ts'

const test = suite('packed list')

const COUNT = 700

async function serving(): Promise<{ url: string; close(): Promise<void> }> {
  const server = new Server({ name: 'many', version: '1.0.0' })
  for (let index = 0; index < COUNT; index += 1)
    server.tool(`tool_${index}`, { description: `Does what tool ${index} does, über alles`, input: { type: 'object' } }, () => 'done')
  const [listener] = await server.listen(http({ port: 0 }))
  return { url: listener?.address ?? '', close: () => server.close() }
}

const post = (url: string, headers: Record<string, string>, message: object): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream', ...headers },
    body: JSON.stringify({ jsonrpc: '2.0', ...message }),
  })

const STATELESS = { 'MCP-Protocol-Version': '2026-07-28', 'Mcp-Method': 'tools/list' }
const ENVELOPE = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1.0.0' },
  'io.modelcontextprotocol/clientCapabilities': {},
}

async function session(url: string): Promise<Record<string, string>> {
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1.0.0' } }
  const opened = await post(url, {}, { id: 0, method: 'initialize', params })
  await opened.text()
  const headers = { 'MCP-Protocol-Version': '2025-11-25', 'Mcp-Session-Id': opened.headers.get('mcp-session-id') ?? '' }
  await (await post(url, headers, { method: 'notifications/initialized' })).text()
  return headers
}

test('in both kinds of conversation a long list is packed, and the same', async () => {
  const { url, close } = await serving()
  try {
    const ways = [
      { headers: STATELESS, params: { _meta: ENVELOPE } },
      { headers: await session(url), params: {} },
    ]
    for (const { headers, params } of ways) {
      const ask = (accepts: string): Promise<Response> =>
        post(url, { ...headers, 'Accept-Encoding': accepts }, { id: 'ä', method: 'tools/list', params })
      const plain = await ask('identity')
      assert.is(plain.headers.get('content-encoding'), null)
      const text = await plain.text()
      assert.ok(Buffer.byteLength(text) > 65_536)
      assert.is(JSON.parse(text).result.tools.length, COUNT)
      let packed = await ask('gzip')
      for (const until = performance.now() + 10_000; packed.headers.get('content-encoding') !== 'gzip'; packed = await ask('gzip')) {
        assert.is(await packed.text(), text)
        assert.ok(performance.now() < until, `never packed: ${headers['MCP-Protocol-Version']}`)
      }
      assert.is(await packed.text(), text)
    }
  } finally {
    await close()
  }
})

test('our client reads it', async () => {
  const { url, close } = await serving()
  try {
    for (let count = 0; count < 5; count += 1) {
      const client = await connect(url)
      assert.is((await client.tools()).length, COUNT)
      await client.close()
    }
  } finally {
    await close()
  }
})

test.run()
