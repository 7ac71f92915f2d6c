/** Calls the greeter behind each framework, in the oldest and the newest revision over HTTP. */

import assert from 'node:assert/strict'
import { connect } from 'oarlock'
import * as express from './express.ts'
import * as fastify from './fastify.ts'
import * as hono from './hono.ts'
import { handler } from './lambda.ts'
import * as node from './node.ts'

// Nest wants the experimental decorators, which are type-checked in a project of their own.
const nest = (await import(new URL('./experimental/nest.ts', import.meta.url).href)) as typeof node

for (const [name, { start }] of Object.entries({ node, express, fastify, nest, hono })) {
  const { url, close } = await start()
  for (const revision of ['2025-03-26', '2026-07-28'] as const) {
    const client = await connect(url, { revision })
    assert.equal(await client.call('greet', { name }), `Hello, ${name}!`)
    await client.close()
    console.log(`${name} ${revision} ok`)
  }
  await close()
}

const meta = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28', 'io.modelcontextprotocol/clientCapabilities': {} }
const result = await handler({
  rawPath: '/mcp',
  requestContext: { domainName: 'abc123.lambda-url.example', http: { method: 'POST' } },
  headers: {
    host: 'abc123.lambda-url.example',
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': 'tools/call',
    'mcp-name': 'greet',
  },
  body: JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name: 'greet', arguments: { name: 'lambda' }, _meta: meta },
  }),
})
assert.equal(result.statusCode, 200)
assert.equal(JSON.parse(result.body).result.content[0].text, 'Hello, lambda!')
console.log('lambda 2026-07-28 ok')
