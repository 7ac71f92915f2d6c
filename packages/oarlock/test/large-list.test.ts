/** A list that has been encoded before leaves in parts: what arrives is one message, whatever its id, its letters, and what a host has put in front of it. */
import { createServer, request, type IncomingMessage, type Server as NodeServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Server, toNode, Type } from '../src/index.ts'

const test = suite('large list')

const STATELESS = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
}

interface Answer {
  readonly headers: IncomingMessage['headers']
  readonly bytes: Buffer
}

async function serve(description: string): Promise<{ readonly port: number; readonly node: NodeServer }> {
  const server = new Server({ name: 'large', version: '1.0.0' })
  for (let index = 0; index < 150; index += 1)
    server.tool(`tool_${index}`, { description: `${description} ${index}`, input: Type.Object({ a: Type.String() }) }, () => 'done')
  const door = toNode(server)
  const node = createServer((req, res) => {
    // A host may set headers of its own, in an encoding of its own.
    if (req.headers['x-host'] !== undefined) res.setHeader('X-Host', 'caf\u00e9')
    door(req, res)
  })
  await new Promise<void>(resolve => node.listen(0, '127.0.0.1', resolve))
  return { port: (node.address() as AddressInfo).port, node }
}

function post(port: number, body: object, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ port, host: '127.0.0.1', path: '/mcp', method: 'POST', headers: { ...FIXED, ...headers } }, response => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => resolve({ headers: response.headers, bytes: Buffer.concat(chunks) }))
    })
    asked.on('error', reject)
    asked.end(JSON.stringify(body))
  })
}

const FIXED = { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' }

for (const [name, description] of [
  ['ASCII', 'Says what it was told, at some length, so that the list is long'],
  ['beyond ASCII', 'Sagt, was ihm gesagt wurde, über Öfen, 日本 und 𝄞'],
] as const)
  test(`${name}: it arrives whole in both conversations, with any id and with headers of a host`, async () => {
    const { port, node } = await serve(description)
    const right = (answer: Answer, id: unknown): void => {
      assert.is(answer.headers['content-length'], String(answer.bytes.length))
      assert.ok(answer.bytes.length > 10_000)
      const message = JSON.parse(answer.bytes.toString('utf8'))
      assert.is(message.id, id)
      assert.is(message.result.tools.length, 150)
      assert.is(message.result.tools[149].description, `${description} 149`)
    }
    const modern = { 'MCP-Protocol-Version': '2026-07-28', 'Mcp-Method': 'tools/list' }
    const small = await post(
      port,
      { jsonrpc: '2.0', id: 1, method: 'prompts/list', params: { _meta: STATELESS } },
      { ...modern, 'Mcp-Method': 'prompts/list', 'X-Host': 'yes' },
    )
    assert.ok(small.bytes.length < 1_000)
    for (const id of [1, 'é日', 'plain'])
      for (const host of [{}, { 'X-Host': 'yes' }]) {
        const answer = await post(
          port,
          { jsonrpc: '2.0', id, method: 'tools/list', params: { _meta: STATELESS } },
          { ...modern, ...(host as Record<string, string>) },
        )
        right(answer, id)
        if ('X-Host' in host) assert.is(answer.headers['x-host'], small.headers['x-host'], 'the same bytes as before a small answer')
      }
    const opened = await post(port, {
      jsonrpc: '2.0',
      id: 0,
      method: 'initialize',
      params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
    })
    const session = { 'Mcp-Session-Id': String(opened.headers['mcp-session-id']), 'MCP-Protocol-Version': '2025-11-25' }
    await post(port, { jsonrpc: '2.0', method: 'notifications/initialized' }, session)
    for (const id of [1, 'é日']) right(await post(port, { jsonrpc: '2.0', id, method: 'tools/list' }, session), id)
    node.closeAllConnections()
    await new Promise(resolve => node.close(resolve))
  })

test.run()
